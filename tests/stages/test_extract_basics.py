"""The shape of every answer: a story, a status, and no exception whatever the bytes."""

# ruff: noqa: E501

from pipeline.articles.extract import extract
from pipeline.model import PageStatus

PARAGRAPHS = [
    "The harbour council of Lindmouth voted on Monday to sell the old lighthouse to a trust of former keepers, ending a quarrel of nine years.",
    "Marta Ellery, who chairs the trust, said that the lamp would be lit again before the herring come back, and that nobody would pay to see it.",
    "The council had asked for two hundred thousand; it accepted forty, and a promise that the tower stays open on Sundays for as long as it stands.",
]
PAGE = f"""<!doctype html><html lang="en"><head><title>Lighthouse sold - Lindmouth Post</title>
<link rel="canonical" href="https://post.example/lighthouse">
<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Lighthouse sold to its keepers","datePublished":"2026-03-02T09:00:00+01:00",
"author":[{{"@type":"Person","name":"Ida Brandt"}},{{"@type":"Person","name":"Tom Okoro"}}]}}</script></head>
<body><article><h1>Lighthouse sold to its keepers</h1>{"".join(f"<p>{p}</p>" for p in PARAGRAPHS)}</article></body></html>"""


def test_a_plain_page_gives_its_story_and_what_it_says_of_itself() -> None:
    story = extract(PAGE.encode(), url="https://post.example/lighthouse?utm_source=feed")
    assert story.status is PageStatus.OK
    assert story.text.split("\n") == PARAGRAPHS
    assert story.title == "Lighthouse sold to its keepers"
    assert story.author == "Ida Brandt; Tom Okoro"
    assert story.published == "2026-03-02T09:00:00+01:00"
    assert story.canonical_url == "https://post.example/lighthouse"
    assert story.language == "en"


def test_a_photograph_is_not_a_page() -> None:
    story = extract(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 2000, url="https://post.example/a.jpg")
    assert (story.status, story.text) == (PageStatus.NOT_HTML, "")


def test_a_date_in_the_words_is_believed_up_to_the_day_the_page_was_fetched() -> None:
    page = PAGE.replace('"datePublished":"2026-03-02T09:00:00+01:00",', "").replace("<h1>", "<p class='date'>7 May 2031</p><h1>")
    assert extract(page, url="https://post.example/lighthouse").published == "2031-05-07"
    assert extract(page, url="https://post.example/lighthouse", seen="2026-03-04").published != "2031-05-07"


def test_fifty_thousand_options_cost_nothing() -> None:
    choices = "<select>" + "<option>Lindmouth</option>" * 50_000 + "</select>"
    story = extract(PAGE.replace("<article>", f"{choices}<article>"), url="https://post.example/lighthouse")
    assert [line for line in PARAGRAPHS if line not in story.text.split("\n")] == []
    assert "LindmouthLindmouth" not in story.text
