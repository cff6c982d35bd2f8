"""What differs between two states of one commune's report."""
