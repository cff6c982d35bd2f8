"""The office's own files (Word, PDF, web page, workbook, plain text) as paragraphs and tables, and approval of what was read of them.

Knows neither rules nor communes.
"""
