"""Verdicts per indicator, criterion and commune; change from year to year, its cause, and what is at risk."""
