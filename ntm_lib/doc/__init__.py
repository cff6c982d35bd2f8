"""Documents that know no commune: blocks, tables, charts and papers, and what writes them as HTML, PDF, DOCX and XLSX."""
