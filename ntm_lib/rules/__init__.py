"""Rule sets as data: load them, layer nation, ministry and province, resolve the threshold that applies."""
