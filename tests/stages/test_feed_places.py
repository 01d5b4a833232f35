"""Addresses, OPML, discovery and full text: where entries and feeds come from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.feeds import opml
from pipeline.feeds.discover import from_habit, from_page, from_robots
from pipeline.feeds.fulltext import as_page, is_whole
from pipeline.feeds.spec import FeedSpec
from pipeline.model import Entry
from pipeline.urls import canonical, host, is_web, origin

ONE_PAGE = [
    "https://example.org/2026/ferry",
    "http://www.example.org/2026/ferry/",
    "HTTPS://EXAMPLE.ORG:443/2026/ferry?utm_source=rss&utm_medium=feed",
    "https://example.org//2026/./ferry#top",
    "https://m.example.org/2026/ferry/amp/",
    "https://amp.example.org/2026/ferry?fbclid=abc&gclid=def",
    "https://example.org/2026/ferry/index.html",
    "https://example-org.cdn.ampproject.org/c/s/example.org/2026/ferry",
    "https://www.google.com/amp/s/example.org/2026/ferry",
    "//example.org/2026/ferry",
    "https://example.org/2026/f%65rry?ref=rss",
]
OTHER_PAGES = [
    "https://example.org/2026/ferry?page=2",
    "https://example.org/2026/ferry?ref=42",
    "https://example.org/2026/Ferry",
    "https://news.example.org/2026/ferry",
    "https://example.org:8443/2026/ferry",
    "https://example.org/2026/ferry#!part",
]


@pytest.mark.parametrize("url", ONE_PAGE)
def test_spellings_of_one_page(url):
    assert canonical(url) == canonical(ONE_PAGE[0])


@pytest.mark.parametrize("url", OTHER_PAGES)
def test_other_pages(url):
    assert canonical(url) != canonical(ONE_PAGE[0])


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda text: f"https://example.org/{text}"))
def test_canonical_is_stable_and_never_fails(url):
    once = canonical(url)
    assert canonical(once) == once
    host(url), origin(url), is_web(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Example.org:443/a", "https://example.org"),
        ("http://example.org:8080/a", "http://example.org:8080"),
        ("http://[::1]:80/a", "http://[::1]"),
        ("http://[bad/", ""),
    ],
)
def test_origins(url, expected):
    assert origin(url) == expected


# -- OPML -------------------------------------------------------------------------------------------------------------

OPML = b"""<?xml version="1.0"?><opml version="1.0"><head><title>x</title></head><body>
<outline text="Europe"><outline text="North"><outline type="rss" text="Post" xmlUrl="https://post.example/rss"/></outline>
<outline TEXT="No type" xmlurl="https://two.example/feed" category="/wires,agency"/></outline>
<outline text="Harbour again" xmlUrl="https://post.example/rss"/><outline text="a &nbsp; folder"/></body></opml>"""


def test_opml_in():
    first, second = opml.read(OPML)
    assert (first.url, second.url) == ("https://post.example/rss", "https://two.example/feed")
    assert second.tags == ("Europe", "wires", "agency")
    assert second.name == "No type"


def test_opml_out_and_in_again():
    feeds = (FeedSpec(url="https://a.example/?a=1&b=2", name="A <&> B", tags=("x", "y")), FeedSpec(url="https://b.example/"))
    again = opml.read(opml.write(feeds))
    assert [(feed.url, feed.tags) for feed in again] == [(feed.url, feed.tags) for feed in feeds]
    assert again[0].name == "A <&> B"


@pytest.mark.parametrize("body", [b"", b"<html/>", b"nothing", b"\x00"])
def test_what_is_no_opml_is_said(body):
    with pytest.raises(InputError):
        opml.read(body)


# -- discovery --------------------------------------------------------------------------------------------------------

PAGE = """<html><head><base href="https://www.paper.example/">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
<link rel="alternate" type="application/rss+xml" title="All news" href="feeds/all.rss"><link rel=stylesheet type="text/css" href="a.css">
<link rel="alternate" hreflang="de" type="text/html" href="/de"></head>
<body>
<a href="https://feeds.paper.example/world.xml">x</a><a href="/feed/politics">Politics</a>
<a href="https://elsewhere.example/feed">no</a></body></html>"""


def test_declared_feeds_come_first_and_comments_last():
    found = from_page(PAGE, "https://www.paper.example/section")
    assert [candidate.url for candidate in found] == [
        "https://www.paper.example/feeds/all.rss",
        "https://www.paper.example/comments/feed",
        "https://feeds.paper.example/world.xml",
        "https://www.paper.example/feed/politics",
    ]


def test_usual_places():
    assert from_habit("https://paper.example/world")[0].url == "https://paper.example/world/feed"
    assert "https://paper.example/rss.xml" in {candidate.url for candidate in from_habit("https://paper.example/a/b.html?x=1")}
    assert [candidate.url for candidate in from_robots(["https://p.example/news-sitemap.xml", "https://p.example/archive.xml"])] == [
        "https://p.example/news-sitemap.xml"
    ]


# -- full text --------------------------------------------------------------------------------------------------------

LONG = "<p>" + "The council of the harbour town voted on the ferry. " * 40 + "</p>"


@pytest.mark.parametrize(
    ("content", "whole"),
    [
        (LONG, True),
        ("<p>Short.</p>", False),
        (LONG.replace("</p>", "…</p>"), False),
        (LONG + "<p><a href='x'>Continue reading</a></p>", False),
        (LONG + "<p>[...]</p>", False),
        (LONG + "<p>Weiterlesen auf paper.example</p>", False),
        ("<p>" + "<img src=x>" * 400 + "</p>", False),
    ],
)
def test_whole_articles_are_known(content, whole):
    assert is_whole(Entry(id="1", url="", content=content), chars=1500) is whole


def test_a_page_of_what_the_feed_says():
    page = as_page(Entry(id="1", url="", title="Tom & <Jerry>", summary="a &amp; b", content="")).decode()
    assert "<title>Tom &amp; &lt;Jerry&gt;</title>" in page
    assert "<p>a &amp; b</p>" in page
    assert LONG in as_page(Entry(id="1", url="", content=LONG)).decode()
