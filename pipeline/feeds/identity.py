"""Is this entry one that was seen before?

An entry gets a handful of keys; two entries that share one are the same. A key is therefore made of as many facts as it takes
to be sure alone: a guid that means something, an address that belongs to one entry, an address or a number together
with the title. What is useless alone (a guid that every item carries, one link for all items, a title that
returns daily) never becomes a key by itself. Keys that begin ``url:`` hold across feeds, all others within their feed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

from pipeline.feeds.plain import headline
from pipeline.lately import remembered
from pipeline.model import Entry
from pipeline.urls import canonical, host, is_web

_NOTHING: Final = frozenset({"", "0", "-", "none", "null", "nil", "undefined", "false", "guid", "id", "n/a", "na", "unknown", "default"})
_FRONT: Final = frozenset(
    {"feed", "feeds", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "index.rdf", "rss.php", "atom", "rss2", "feed.php"}
)
# Not filled in (``{{guid}}``), nothing but zeros, or one word that names a kind rather than an item.
_EMPTY: Final = re.compile(r"[{<%$].*[}>%$]|[0-]+|[^\W\d_]{1,12}")
_SLUG: Final = re.compile(r"[^/_-]+(?:[_-][^/_-]+){2,}")
_NUMBER: Final = re.compile(r"(?<!\d)\d{4,}(?!\d)")
_DATE_PATH: Final = re.compile(r"/(?:19|20)\d\d[/-]?(?:0[1-9]|1[0-2])[/-]?(?:(?:0[1-9]|[12]\d|3[01])(?!\d))?")
_LABEL: Final = re.compile(r"^(?:[a-z_-]+|.*=.*)$", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W_]+")
_FORMAT: Final = {ord(c): None for c in "\u00ad\u200b\u200c\u200d\u2060\ufeff"}


def keys(entry: Entry, *, shared_urls: frozenset[str] = frozenset(), shared_guids: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """All keys of ``entry``, the strongest first; never empty.

    ``shared_urls`` and ``shared_guids`` are what several entries of one document carry (see ``shared``): they say nothing.
    """
    guid = _guid(entry.id)
    address, fragment = _address(entry.url)
    title = fold(entry.title)
    part = fragment or (_is_address(guid, address) and "#" in guid)
    own = bool(guid) and not _is_address(guid, address) and not _names_article(address)
    found: list[str] = []
    if guid and entry.id not in shared_guids and not (fragment and guid == address):
        found.append(f"guid:{guid}")
    if address and title:
        found.append(f"url:{address} {_short(title)}")
    if address and not own and not part and address not in shared_urls and _is_page(address):
        found.append(f"url:{address}")
    if title and address:
        found += [f"number:{number} {title}" for number in _numbers(address)]
    if title and guid and is_web(guid):
        found.append(f"path:{_beyond_host(guid)} {title}")
    if title and not address and not guid:
        found.append(f"title:{title} {_day(entry)}")
    return tuple(dict.fromkeys(found)) or (f"text:{_short(entry.title + entry.summary + entry.content)} {_day(entry)}",)


def keys_of(entries: Sequence[Entry]) -> list[tuple[str, ...]]:
    """The keys of every entry of one document, which are known better together than one by one."""
    urls, guids = shared(entries)
    return [keys(entry, shared_urls=urls, shared_guids=guids) for entry in entries]


def shared(entries: Iterable[Entry]) -> tuple[frozenset[str], frozenset[str]]:
    """Canonical addresses and guids that stand at entries of one document with different titles."""
    seen = {(e.id, _address(e.url)[0], fold(e.title)) for e in entries}
    urls = Counter(url for url, _ in {(url, title) for _, url, title in seen if url})
    guids = Counter(guid for guid, _ in {(guid, title) for guid, _, title in seen if guid})
    return frozenset(u for u, n in urls.items() if n > 1), frozenset(g for g, n in guids.items() if n > 1)


@remembered
def fold(title: str) -> str:
    """A title's words without case, accents of form, punctuation and markup. Numbers and signs within words stay."""
    text = unicodedata.normalize("NFKC", headline(title)).translate(_FORMAT).casefold()
    return " ".join(_WORD.findall(text))


def content_hash(entry: Entry) -> str:
    """What changes when an entry is edited: its words and, behind a point, its date. Ten bytes each, in hex."""
    words = _short("\x1f".join((fold(entry.title), entry.summary, entry.content)))
    return f"{words}.{_short(entry.updated or entry.published or '')}"


def is_redated(before: str, after: str) -> bool:
    """Whether only the date differs between two content hashes."""
    return before != after and before.partition(".")[0] == after.partition(".")[0]


@remembered
def _guid(written: str) -> str:
    """The guid without what varies by accident, ``""`` where it says nothing."""
    guid = written.strip()
    if guid.lower() in _NOTHING or _EMPTY.fullmatch(guid):
        return ""
    if not is_web(guid):
        return guid
    parts = urlsplit(guid)
    segments = [segment for segment in parts.path.split("/") if segment]
    if not parts.query and (not segments or segments[-1].lower() in _FRONT):
        return ""
    fragment = parts.fragment
    return canonical(guid) + (f"#{fragment}" if fragment and not _LABEL.match(fragment) else "")


@remembered
def _address(url: str) -> tuple[str, str]:
    """The canonical address and the fragment that may name a part of the page; labels such as ``#share`` are dropped."""
    address = canonical(url)
    if not is_web(address):
        return address, ""
    fragment = urlsplit(url.strip()).fragment
    return address, "" if _LABEL.match(fragment) else fragment


def _is_address(guid: str, address: str) -> bool:
    return is_web(guid) and guid.partition("#")[0] == address


def _is_page(address: str) -> bool:
    """Whether an address can belong to one entry alone: front pages and feeds cannot."""
    if not is_web(address):
        return False
    parts = urlsplit(address)
    return bool(parts.query) or parts.path.strip("/").lower() not in {"", *_FRONT}


def _names_article(address: str) -> bool:
    """Whether an address is made for one article: it carries a slug of three words, or a number that is no date."""
    return bool(_numbers(address)) or bool(_SLUG.search(_beyond_host(address)))


def _numbers(address: str) -> list[str]:
    """Article numbers in an address, with the host; years and dates are none."""
    parts = urlsplit(address)
    path = _DATE_PATH.sub("/", parts.path)
    return [f"{host(address)}:{number}" for number in _NUMBER.findall(path)]


def _beyond_host(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _day(entry: Entry) -> str:
    return (entry.published or entry.updated or "")[:10]


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]
