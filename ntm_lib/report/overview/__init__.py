"""Many communes on one page."""
