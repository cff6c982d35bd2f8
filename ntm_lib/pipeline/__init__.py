"""Which notebook runs when, fingerprints, publishing, manifest. Knows nothing of the domain."""
