"""The ledger: every entry, page, article, alert and delivery is a row here before anything is promised."""
