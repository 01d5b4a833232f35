"""What do the elements of a feed mean, in any of the XML dialects?

RSS 0.9x, 1.0, 1.1 and 2.0, Atom 0.3 and 1.0, CDF; sitemaps are read in their own module. The choice among several candidates for one
field follows feedparser (checked against its own suite), except that titles come as plain text and that an entry without
a link falls back to any address that it names.
"""

from __future__ import annotations

from typing import Any, Final

from pipeline.feeds import sitemap
from pipeline.feeds.dates import to_iso
from pipeline.feeds.fields import PUBLISHED, SUMMARIES, UPDATED, authors, content, date, markup_of, title
from pipeline.feeds.links import any_link, base_of, entry_link, feed_links, is_absolute, resolved
from pipeline.feeds.parsed import ParsedFeed, PublisherHints
from pipeline.feeds.tags import XML, attribute, children, local, name_of, text_in, text_of
from pipeline.model import Entry

_KINDS: Final = {"rss": "rss", "feed": "atom", "rdf": "rdf", "channel": "cdf", "urlset": "sitemap", "sitemapindex": "sitemap_index"}
_ENTRIES: Final = ("{*}item", "{*}entry", "{*}ITEM", "{*}Item")
_CHANNELS: Final = ("{*}channel", "{*}CHANNEL", "{*}Channel")
_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_LONGER: Final = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}
_DAYS: Final = {d: n for n, d in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))}


def read(root: Any, url: str, *, based: bool = True) -> ParsedFeed:
    """The feed that ``root`` is the root of. An unknown dialect gives ``kind="unknown"`` and whatever entries it holds.

    ``based`` False promises that no xml:base stands in the document, which saves looking for it at every element.
    """
    kind = _KINDS.get(local(root), "unknown")
    if kind.startswith("sitemap"):
        return sitemap.read(root, kind, url)
    home = str(root.tag)[: str(root.tag).find("}") + 1]
    items = [e for e in root.iter(*_ENTRIES) if ":" not in name_of(e.tag) or (home and e.tag.startswith(home))]
    channel = next(root.iter(*_CHANNELS), root)
    head = children(channel)
    base = base_of(channel, url)
    link, self_url, hub = feed_links(head, base)
    link = link or resolved(base, attribute(channel, "href") or "")
    base = base or (link if is_absolute(link) else self_url or "")
    bases = [base_of(item, url) or base for item in items] if based else [base] * len(items)
    return ParsedFeed(
        kind=kind,
        entries=tuple(_entry(item, at) for item, at in zip(items, bases, strict=True)),
        title=title(head),
        link=link,
        language=text_of(head, ("language", "dc:language")) or root.get(f"{XML}lang") or None,
        self_url=self_url,
        hub=hub,
        hints=_hints(head),
    )


def _entry(item: Any, base: str) -> Entry:
    part = children(item)
    link, permalink = entry_link(item, part, base), ""
    ident = item.get(_ABOUT) or ""
    for element in (*part.get("guid", ()), *part.get("id", ())):
        written = text_in(element)
        if not written:
            continue
        is_link = (element.get("isPermaLink") or element.get("ispermalink") or "true").lower() == "true"
        is_link = is_link and local(element) == "guid"
        ident = resolved(base, written) if is_link else written
        permalink = ident if is_link or local(element) == "id" else permalink
    url = link or (ident if is_absolute(ident) else "") or any_link(part, base) or permalink
    summary = markup_of(part, SUMMARIES)
    return Entry(
        id=ident or url,
        url=url,
        title=title(part),
        summary=summary,
        content=content(part, summary),
        author=authors(part),
        published=date(part, PUBLISHED),
        updated=date(part, UPDATED) or (to_iso(stamp) if (stamp := attribute(item, "lastmod")) else None),
    )


def _hints(head: dict[str, list[Any]]) -> PublisherHints:
    ttl = _number(text_of(head, ("ttl",)))
    period = _LONGER.get(text_of(head, ("sy:updateperiod",)).lower())
    times = _number(text_of(head, ("sy:updatefrequency",))) or 1
    wanted = [ttl * 60 if ttl else None, period / times if period and times > 0 else None]
    hours = {int(n) % 24 for e in head.get("skiphours", ()) for h in e if (n := _number(text_in(h))) is not None}
    days = {_DAYS[d] for e in head.get("skipdays", ()) for day in e if (d := text_in(day).lower()) in _DAYS}
    return PublisherHints(
        interval=max((w for w in wanted if w), default=None), skip_hours=tuple(sorted(hours)), skip_days=tuple(sorted(days))
    )


def _number(written: str) -> float | None:
    try:
        number = float(written)
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None  # noqa: PLR2004 - a ttl of 2,000 years is a typing error
