"""Which reports tell the same story? Copies whatever the paper cut, and different reports of one event."""
