"""Sentences, tables and figures; the HTML, PDF and XLSX writers."""
