"""What an alert says and when it is due: policy, payload, signature."""
