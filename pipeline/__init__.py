"""What happens to a news item, from the feed that names it to the alert that leaves."""
