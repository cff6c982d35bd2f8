"""What the first two notebooks call: clean and save, judge and save."""
