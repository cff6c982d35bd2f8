"""Forms that offices fill in, by their layouts."""
