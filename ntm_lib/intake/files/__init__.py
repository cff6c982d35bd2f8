"""Files of each kind, as grids of cells with their addresses."""
