"""One pass over a page: its main text at a fraction of the price, and honest silence where that cannot be enough."""

from pipeline.articles.metadata import FeedHints
from pipeline.articles.skim import skim

SAID = [
    f"The ferry company told the council on day {n} that the pier needs new piles before the winter, and that nobody paid."
    for n in range(9)
]
PAGE = (
    '<!doctype html><html lang="en-GB"><head><title>Pier &amp; piles</title><link rel="canonical" href="https://post.example/pier"></head>'
    f"<body><nav><a href=/>Home</a></nav><article><h1>Pier</h1>{''.join(f'<p>{line}</p>' for line in SAID)}</article></body></html>"
)


def test_it_keeps_every_line_of_the_story_and_what_the_head_says() -> None:
    found = skim(PAGE.encode())
    assert found is not None
    assert set(SAID) <= set(found.text.split("\n"))
    assert (found.title, found.language, found.canonical_url) == ("Pier & piles", "en", "https://post.example/pier")


def test_what_the_feed_says_of_title_date_and_author_counts() -> None:
    found = skim(PAGE, feed=FeedHints(title="Piles", published="2026-03-02", author="Ida Brandt"))
    assert found is not None
    assert (found.title, found.published, found.author) == ("Piles", "2026-03-02", "Ida Brandt")


def test_what_may_be_no_article_is_left_to_extraction() -> None:
    assert skim(b"%PDF-1.7 ...") is None
    assert skim("<html><body><p>Subscribe to read on.</p></body></html>") is None
    assert skim(PAGE.replace("<h1>", "<div>" * 9_000 + "<h1>")) is None
