"""Which entries does this feed hold?

One call for every format. XML of any kind goes through ``document`` and ``elements``, JSON through ``jsonfeed``. A count of the
tags that begin an entry guards the answer: a reader that found fewer has lost some, and says so instead of returning less.
This module does not fetch, and does not know which entries are new.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from pipeline.errors import InputError
from pipeline.feeds import document, elements, jsonfeed, quoted
from pipeline.feeds.parsed import ParsedFeed
from pipeline.feeds.tags import local

_OPENING: Final = re.compile(rb"<(?:\w+:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_HTML: Final = re.compile(rb"\s*+(?><!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def parse(body: bytes, *, url: str = "", content_type: str | None = None) -> ParsedFeed:
    """The feed in ``body``.

    ``url`` is where it came from, to resolve relative links; ``content_type`` is the server's header. ``needs_authority`` of
    the answer is True when the document was damaged: feedparser should read it too, and the fuller answer wins.
    Raises InputError, one line for a person, when nothing can be read.
    """
    text = body.strip()
    if not text:
        raise InputError("this is not a feed: it is empty")
    if text[:3] == b"\xef\xbb\xbf":
        text = text[3:].lstrip()
    if text[:1] in b"{[":
        return jsonfeed.read(document.decode(body, content_type), url)
    tree = document.read(text if text[:1] == b"<" else body, content_type)
    feed = elements.read(tree.root, url, based=b":base" in body or b"\0" in body)
    if feed.kind == "unknown" and not feed.entries:
        if _HTML.match(text):
            raise InputError("this is an HTML page, not a feed; `wirewatch feeds discover URL` looks for its feeds")
        raise InputError(f"this is not a feed: its root is <{local(tree.root)}>")
    return replace(feed, damage=tree.damage or _missing(body, feed))


def _missing(body: bytes, feed: ParsedFeed) -> str | None:
    if feed.kind.startswith("sitemap"):
        return None
    if len(_OPENING.findall(body)) <= len(feed.entries):
        return None
    begun = count_openings(body)
    return f"{begun} entries begin, {len(feed.entries)} were read" if begun > len(feed.entries) else None


def count_openings(body: bytes) -> int:
    """How many entries begin in ``body``, outside CDATA and comments. The guard against readers that lose some."""
    return sum(len(_OPENING.findall(part)) for part in quoted.split(body)[::2])


def fuller(ours: ParsedFeed, authority: ParsedFeed | None) -> ParsedFeed:
    """The answer with more entries; the authority's where both have as many, because it knows more kinds of damage."""
    if authority is None or len(authority.entries) < len(ours.entries):
        return ours
    return replace(authority, hints=ours.hints, hub=ours.hub, self_url=ours.self_url)
