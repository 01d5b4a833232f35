"""What an article says: the story, kept apart from everything else on its page."""
