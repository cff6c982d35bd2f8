"""Five writers of one tree: HTML, Typst, Word, Excel, plain text."""
