"""Scenarios, works, money, and what it takes."""
