"""Where do a feed and its entries point? Addresses made absolute, and the choice among several.

The choice follows feedparser (checked against its own suite).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from pipeline.feeds.plain import squeeze
from pipeline.feeds.tags import XML, attribute, text_in, text_of


def entry_link(item: Any, part: dict[str, list[Any]], base: str) -> str:
    """The last alternate link wins, as in feedparser; CDF keeps it in an attribute."""
    found = resolved(base, attribute(item, "href") or "")
    for element in part.get("link", ()):
        href = element.get("href") or element.get("url") or element.get("uri")
        if href is None:
            written = text_in(element).replace("&amp;", "&")
        elif element.get("rel", "alternate") in {"alternate", ""} and _is_page(element.get("type")):
            written = href
        else:
            continue
        at = resolved(base, own) if (own := element.get(f"{XML}base")) else base
        found = resolved(at, written.strip()) or found
    return found


def any_link(part: dict[str, list[Any]], base: str) -> str:
    """For entries that name no page: another alternate, a related one, the address behind a tracker."""
    links = [(e.get("rel", "alternate"), e.get("href") or "") for e in part.get("link", ())]
    for wanted in ("alternate", "related", "via"):
        for rel, href in links:
            if rel == wanted and href:
                return resolved(base, href)
    return resolved(base, text_of(part, ("feedburner:origlink",)))


def feed_links(head: dict[str, list[Any]], base: str) -> tuple[str, str | None, str | None]:
    """A feed's page, its own address, and its hub."""
    page, self_url, hub = "", None, None
    for element in head.get("link", ()):
        href, rel = element.get("href"), element.get("rel", "alternate")
        if href is None:
            page = page or resolved(base, text_in(element))
        elif rel == "self":
            self_url = self_url or resolved(base, href)
        elif rel == "hub":
            hub = hub or resolved(base, href)
        elif rel == "alternate" and _is_page(element.get("type")):
            page = page or resolved(base, href)
    return page, self_url, hub


def _is_page(media_type: str | None) -> bool:
    return (media_type or "text/html").split(";", 1)[0].strip().lower() in {"text/html", "application/xhtml+xml", "html", "xhtml"}


def is_absolute(address: str) -> bool:
    """Whether an address is one of http or https."""
    return address[:8].lower().startswith(("http://", "https://"))


def resolved(base: str, address: str) -> str:
    """``address`` as an absolute one where a base is known. A broken address comes back as it was written."""
    address = squeeze(address) if address else ""
    if not address or not base or is_absolute(address):
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def base_of(element: Any, base: str) -> str:
    """xml:base of the element and of everything above it, outermost first (XML Base, section 4)."""
    written = [value for e in (element, *element.iterancestors()) if (value := e.get(f"{XML}base"))]
    for value in reversed(written):
        base = resolved(base, value)
    return base if _has_scheme(base) else ""


def _has_scheme(address: str) -> bool:
    try:
        return bool(urlsplit(address).scheme)
    except ValueError:
        return False
