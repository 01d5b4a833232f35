"""Public lists of names, turned into entities of a watchlist one record at a time."""
