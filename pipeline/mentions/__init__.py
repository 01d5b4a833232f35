"""Who an article is about: names found, and the evidence for and against each."""
