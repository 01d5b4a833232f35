"""What each page shows and each call of the API returns: plain data, made from the ledger and the configuration."""
