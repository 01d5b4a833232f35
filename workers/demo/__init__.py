"""A newsroom on this machine, the service reading it, and a receiver that believes no unsigned word: what ``demo`` shows."""
