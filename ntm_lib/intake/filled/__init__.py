"""The workbook of ``template``, filled in, back into rows."""
