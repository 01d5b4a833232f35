"""What a feed says: its entries, how often it speaks, and which entry is which."""
