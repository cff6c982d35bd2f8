"""The words for each fact, in each language."""
