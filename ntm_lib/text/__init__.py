"""Vietnamese writing: numbers, dates, units, names, encodings."""
