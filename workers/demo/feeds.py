"""How does a paper's feed say what is new? RSS 2.0, Atom and RSS 1.0, in the paper's encoding, one of them damaged.

Pure: items in, bytes out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from xml.sax.saxutils import escape

from workers.demo.edition import Format, Paper

TYPES: Final = {
    Format.RSS: "application/rss+xml",
    Format.ATOM: "application/atom+xml",
    Format.RDF: "application/rdf+xml",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One article as its feed announces it."""

    url: str
    title: str
    summary: str
    published: float
    """Unix seconds."""
    updated: float
    """Unix seconds; later than ``published`` once it was edited."""


def render(paper: Paper, items: Sequence[Item], *, home: str) -> bytes:
    """The feed's bytes, the newest item first as given."""
    text = _FORMATS[paper.format](paper, items, home)
    if paper.broken:
        text = damaged(text)
    return f'<?xml version="1.0" encoding="{paper.encoding}"?>\n{text}'.encode(paper.encoding, "xmlcharrefreplace")


def damaged(text: str) -> str:
    """The feed of a template that forgot how to close: the end of the first item is missing, so that it seems to hold all others."""
    return text.replace("</item>\n", "", 1)


def moment(instant: float) -> str:
    """ISO 8601 with its offset."""
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="seconds")


def _rss(paper: Paper, items: Sequence[Item], home: str) -> str:
    entries = "\n".join(
        f"<item>\n<title>{escape(item.title)}</title>\n<link>{escape(item.url)}</link>\n<guid>{escape(item.url)}</guid>\n"
        f"<pubDate>{_mail_date(item.updated)}</pubDate>\n<description>{escape(item.summary)}</description>\n</item>"
        for item in items
    )
    return (
        f'<rss version="2.0"><channel>\n<title>{escape(paper.name)}</title>\n<link>{home}/</link>\n'
        f"<description>{escape(paper.name)}</description>\n<language>{paper.language}</language>\n{entries}\n</channel></rss>\n"
    )


def _atom(paper: Paper, items: Sequence[Item], home: str) -> str:
    newest = max((item.updated for item in items), default=0.0)
    entries = "\n".join(
        f'<entry>\n<id>{escape(item.url)}</id>\n<title>{escape(item.title)}</title>\n<link rel="alternate" href="{escape(item.url)}"/>\n'
        f"<published>{moment(item.published)}</published>\n<updated>{moment(item.updated)}</updated>\n"
        f'<summary type="text">{escape(item.summary)}</summary>\n</entry>'
        for item in items
    )
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{paper.language}">\n<id>{home}/</id>\n<title>{escape(paper.name)}</title>\n'
        f'<link rel="self" href="{home}/feed.xml"/>\n<updated>{moment(newest)}</updated>\n{entries}\n</feed>\n'
    )


def _rdf(paper: Paper, items: Sequence[Item], home: str) -> str:
    order = "".join(f'<rdf:li rdf:resource="{escape(item.url)}"/>' for item in items)
    entries = "\n".join(
        f'<item rdf:about="{escape(item.url)}">\n<title>{escape(item.title)}</title>\n<link>{escape(item.url)}</link>\n'
        f"<dc:date>{moment(item.updated)}</dc:date>\n<description>{escape(item.summary)}</description>\n</item>"
        for item in items
    )
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{home}/feed.xml">\n<title>{escape(paper.name)}</title>\n<link>{home}/</link>\n'
        f"<description>{escape(paper.name)}</description>\n<items><rdf:Seq>{order}</rdf:Seq></items>\n</channel>\n{entries}\n</rdf:RDF>\n"
    )


_FORMATS: Final[dict[Format, Callable[[Paper, Sequence[Item], str], str]]] = {Format.RSS: _rss, Format.ATOM: _atom, Format.RDF: _rdf}


def _mail_date(instant: float) -> str:
    return format_datetime(datetime.fromtimestamp(instant, UTC))
