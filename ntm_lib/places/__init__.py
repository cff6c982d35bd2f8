"""Communes as the state lists them: registry, names, mergers."""
