"""The workbook that a commune fills in."""
