"""Raw files into observations, each with the address of its cell; findings and rejects beside them."""
