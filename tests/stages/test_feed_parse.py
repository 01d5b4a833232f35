"""Every dialect is read, damage is noticed, and nothing that is called a feed can break the reader."""

from __future__ import annotations

import gzip
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.feeds import quoted
from pipeline.feeds.authority import read as read_by_authority
from pipeline.feeds.identity import keys_of
from pipeline.feeds.parse import count_openings, fuller, parse

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
 xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>The Harbour Post</title><link>https://post.example/</link><language>en</language><ttl>15</ttl>
<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
<skipHours><hour>2</hour><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>
<atom:link rel="self" href="https://post.example/rss"/><atom:link rel="hub" href="https://hub.example/"/>
<item><title>Ferry &amp;amp; harbour <b>reopen</b></title><link>/2026/ferry</link><guid isPermaLink="false">p-1</guid>
<pubDate>Mon, 02 Nov 2026 08:00:00 +0200</pubDate><dc:creator>Ada Ferry</dc:creator><dc:creator>Bo Pier</dc:creator>
<description>&lt;p&gt;The ferry sails again.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>The ferry sails again, and the harbour is full.</p>]]></content:encoded></item>
<item><title>No guid</title><link>https://post.example/2</link></item>
<item><guid>https://post.example/3</guid><title>Guid is the link</title></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/blog/"><title type="html">A &amp;lt;b&amp;gt;</title>
<link href="./"/><entry xml:base="2026/"><id>tag:base.example,2026:1</id><title type="xhtml">
<div xmlns="http://www.w3.org/1999/xhtml">Bridge <em>closed</em></div></title><link rel="edit" href="edit"/>
<link rel="alternate" href="bridge.html"/><updated>2026-11-02T08:00:00+02:00</updated><published>2026-11-01</published>
<author><name>Cy Span</name></author><summary>Words</summary><content type="html">&lt;p&gt;Closed.&lt;/p&gt;</content></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://rdf.example/"><title>R</title><link>https://rdf.example/</link>
<items><rdf:Seq><rdf:li rdf:resource="https://rdf.example/1"/></rdf:Seq></items></channel>
<item rdf:about="https://rdf.example/1"><title>One</title><link>https://rdf.example/1</link><dc:date>2026-11-02T08:00:00Z</dc:date></item></rdf:RDF>"""

RSS11 = """<Channel xmlns="http://purl.org/net/rss1.1#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about="https://e.example/">
<title>1.1</title><link>https://e.example/</link><items rdf:parseType="Collection"><item rdf:about="https://e.example/a"><title>One</title>
<link>https://e.example/a</link><description>d</description></item></items></Channel>"""

CDF = """<CHANNEL HREF="https://cdf.example/"><TITLE>C</TITLE><ITEM HREF="/one" LASTMOD="2026-11-02T08:00Z"><TITLE>One</TITLE>
<ABSTRACT>Words</ABSTRACT></ITEM></CHANNEL>"""

SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://m.example/1</loc><news:news><news:publication><news:name>M</news:name></news:publication>
<news:publication_date>2026-11-02T08:00:00+02:00</news:publication_date><news:title>Mayor resigns</news:title></news:news></url></urlset>"""

INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://m.example/old.xml</loc>
<lastmod>2026-10-01</lastmod></sitemap><sitemap><loc>https://m.example/new.xml.gz</loc><lastmod>2026-11-02</lastmod></sitemap></sitemapindex>"""

JSON = """{"version":"https://jsonfeed.org/version/1.1","title":"J","home_page_url":"https://j.example/","hubs":[{"type":"WebSub","url":"https://h.example"}],
"items":[{"id":7,"url":"/seven","title":"Seven\\n lives","content_text":"one\\ntwo & three","date_published":"2026-11-02T08:00:00-03:00",
"authors":[{"name":"Di Cat"},{"name":"Ed Dog"}]},{"id":"https://j.example/8","content_html":"<p>8</p>"},"rubbish"]}"""


def read(text, **options):
    return parse(text.encode(), **options)


def test_rss():
    feed = read(RSS)
    first, second, third = feed.entries
    assert (feed.kind, feed.title, feed.link, feed.language) == ("rss", "The Harbour Post", "https://post.example/", "en")
    assert (feed.self_url, feed.hub) == ("https://post.example/rss", "https://hub.example/")
    assert (feed.hints.interval, feed.hints.skip_hours, feed.hints.skip_days) == (1800.0, (2, 3), (6,))
    assert (first.id, first.url) == ("p-1", "https://post.example/2026/ferry")
    assert first.title == "Ferry & harbour reopen"
    assert first.published == "2026-11-02T08:00:00+02:00"
    assert first.author == "Ada Ferry; Bo Pier"
    assert first.summary == "<p>The ferry sails again.</p>"
    assert "harbour is full" in first.content
    assert second.id == "https://post.example/2"
    assert third.url == "https://post.example/3"
    assert not feed.needs_authority


def test_atom_resolves_against_every_base():
    feed = read(ATOM)
    (one,) = feed.entries
    assert feed.title == "A <b>"
    assert feed.link == "https://base.example/blog/"
    assert one.url == "https://base.example/blog/2026/bridge.html"
    assert one.title == "Bridge closed"
    assert (one.published, one.updated) == ("2026-11-01", "2026-11-02T08:00:00+02:00")
    assert one.content == "<p>Closed.</p>"


@pytest.mark.parametrize(
    ("text", "kind", "url", "date"),
    [
        (RDF, "rdf", "https://rdf.example/1", "2026-11-02T08:00:00+00:00"),
        (RSS11, "cdf", "https://e.example/a", None),
        (CDF, "cdf", "https://cdf.example/one", "2026-11-02T08:00:00+00:00"),
        (SITEMAP, "sitemap", "https://m.example/1", "2026-11-02T08:00:00+02:00"),
    ],
)
def test_other_dialects(text, kind, url, date):
    feed = read(text)
    (one,) = feed.entries
    assert (feed.kind, one.url, one.published or one.updated) == (kind, url, date)
    assert one.title


def test_an_index_names_its_newest_map_first():
    assert read(INDEX).maps == ("https://m.example/new.xml.gz", "https://m.example/old.xml")


def test_json():
    feed = read(JSON)
    seven, eight = feed.entries
    assert (seven.id, seven.url, seven.title) == ("7", "https://j.example/seven", "Seven lives")
    assert seven.content == "<p>one</p><p>two &amp; three</p>"
    assert seven.author == "Di Cat; Ed Dog"
    assert seven.published == "2026-11-02T08:00:00-03:00"
    assert eight.url == "https://j.example/8"
    assert feed.hub == "https://h.example"


def test_relative_links_resolve_against_where_the_feed_came_from():
    feed = read("<rss><channel><item><link>a/b</link></item></channel></rss>", url="https://x.example/feeds/rss")
    assert feed.entries[0].url == "https://x.example/feeds/a/b"


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (
            '<?xml version="1.0" encoding="windows-1251"?><rss><channel><item><title>Река</title></item></channel></rss>'.encode("cp1251"),
            "Река",
        ),
        ("<rss><channel><item><title>Müller</title></item></channel></rss>".encode("latin-1"), "Müller"),
        ("<rss><channel><item><title>Река</title></item></channel></rss>".encode("utf-16"), "Река"),
        ('<?xml version="1.0" encoding="utf-16"?><rss><channel><item><title>Река</title></item></channel></rss>'.encode(), "Река"),
        ('<?xml version="1.0" encoding="gb2312"?><rss><channel><item><title>新闻</title></item></channel></rss>'.encode("gb18030"), "新闻"),
        (b"<rss><channel><item><title>A &nbsp;&eacute; B</title></item></channel></rss>", "A é B"),
        (b"<rss><channel><item><title>Tom & Jerry</title></item></channel></rss>", "Tom & Jerry"),
        (b"<rss><channel><item><title>bell\x07s</title></item></channel></rss>", "bells"),
        (b"\n\n  \xef\xbb\xbf<?xml version='1.0'?><rss><channel><item><title>T</title></item></channel></rss>", "T"),
        (b"Warning: mysql\n<rss><channel><item><title>T</title></item></channel></rss>", "T"),
        (b"<rss><channel><item><title>x < y</title></item></channel></rss>", None),
    ],
)
def test_encodings_and_small_damage(body, title):
    feed = parse(body)
    assert len(feed.entries) == 1
    if title is not None:
        assert feed.entries[0].title == title


def test_the_servers_charset_counts_where_the_document_names_none():
    body = "<rss><channel><item><title>Река</title></item></channel></rss>".encode("koi8-r")
    assert parse(body, content_type="text/xml; charset=koi8-r").entries[0].title == "Река"


def test_a_missing_closing_tag_is_noticed_and_nothing_is_lost():
    broken = RSS.replace("</item>", "", 1)
    ours = parse(broken.encode())
    assert ours.needs_authority
    best = fuller(ours, read_by_authority(broken.encode()))
    assert [entry.id for entry in best.entries] == ["p-1", "https://post.example/2", "https://post.example/3"]
    assert best.entries[0].published == "2026-11-02T08:00:00+02:00"


def test_the_authority_may_be_away():
    ours = parse(RSS.replace("</item>", "", 1).encode())
    assert fuller(ours, None) is ours


def test_openings_are_counted_outside_of_what_is_quoted():
    assert count_openings(b"<item><![CDATA[<item>]]></item><!-- <item> --><x:entry/><items><itemx>") == 2


@given(st.text(alphabet="<!-[CDAT]> xé"))
def test_quotations_are_what_a_pattern_finds_of_them(text):
    pattern = r"(<!\[CDATA\[.*?\]\]>|<!--.*?-->)"
    assert quoted.split(text) == re.split(pattern, text, flags=re.DOTALL)
    assert quoted.split(text.encode()) == re.split(pattern.encode(), text.encode(), flags=re.DOTALL)


def one(tag: str, said: bytes) -> bytes:
    return b"<rss><channel><item><id>1</id><%b>%b</%b></item></channel></rss>" % (tag.encode(), said, tag.encode())


HOSTILE = {
    "comments that never end": b"<rss><channel>" + b"<!-- <item>" * 200_000,
    "cdata that never ends": b"<rss><channel>" + b"<![CDATA[ <item>" * 200_000,
    "both": b"<rss><channel>" + b"<!--<![CDATA[<item>" * 200_000,
    "many comments before something else": b"<!-- a -->" * 50_000 + b"<nothing/>",
    "tags in tags": b"<rss><channel>" + b"<a " * 200_000,
    "a title of comments": one("title", b"&lt;br&gt;" + b"&lt;!--" * 200_000),
    "a date of blanks": one("pubDate", b"1 Jan 2026 10:00" + b" " * 500_000 + b"x"),
    "an author of blanks": one("author", b"a" + b" " * 500_000 + b"x"),
    "an author of addresses": one("author", b"a@" * 200_000),
    "ampersands": one("title", b"&a" * 300_000),
    "scripts": one("title", b"&lt;script&gt;&lt;/script " * 50_000),
    "a guid of steps": one("guid", b"http://a.example/" + b"a-1/" * 100_000),
    "a link of queries": one("link", b"http://a.example/?" + b"utm_a=1&amp;" * 100_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_pattern_takes_the_square_of_a_hostile_document(name):
    """Each of them took minutes or for ever with one innocent pattern; the test is that it ends."""
    assert count_openings(HOSTILE[name]) >= 0
    try:
        keys_of(parse(HOSTILE[name]).entries)
    except InputError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  \n",
        b"<!doctype html><html><head><title>x</title></head><body>hello</body></html>",
        b"{}",
        b"[1,2]",
        b'{"items": 3}',
        b"{broken",
        b"just words",
        b"\x00\x01\x02",
        gzip.compress(RSS.encode()),
        b"<a><b/></a>",
    ],
)
def test_what_is_no_feed_is_said_in_one_line(body):
    with pytest.raises(InputError) as error:
        parse(body)
    assert "\n" not in str(error.value)


def test_entities_are_not_followed():
    bomb = b"""<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">
<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY file SYSTEM "file:///etc/passwd">]>
<rss><channel><item><title>&g;</title><description>&file;</description></item></channel></rss>"""
    feed = parse(bomb)
    assert all("root:" not in entry.summary for entry in feed.entries)
    assert sum(len(entry.title) for entry in feed.entries) < 100_000


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200), st.integers(0, len(RSS)), st.integers(0, 40))
@example(b"", 0, 0)
def test_damage_of_any_kind_never_breaks_it(rubbish, at, cut):
    body = RSS.encode()
    try:
        parse(body[:at] + rubbish + body[at + cut :])
    except InputError as error:
        assert "\n" not in str(error)


@settings(deadline=None, max_examples=60)
@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner, max_size=4), max_leaves=9)
)
def test_json_of_any_shape_never_breaks_it(value):
    import json

    names = ("id", "url", "title", "authors", "author", "content_html", "content_text", "date_published", "summary")
    parse(json.dumps({"items": [dict.fromkeys(names, value), value], "title": value, "hubs": value, "home_page_url": value}).encode())
