"""Feeds from and to OPML, the list format that every reader writes (opml.org/spec2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from pipeline.errors import InputError
from pipeline.feeds.plain import squeeze
from pipeline.feeds.spec import FeedSpec


def read(body: bytes) -> tuple[FeedSpec, ...]:
    """The feeds that an OPML file names, each once, folders as tags. Raises InputError where it is no OPML."""
    parser = etree.XMLParser(recover=True, resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or _name(root) != "opml":
        raise InputError("this is not OPML: its first element is not <opml>")
    found = {spec.url: spec for body_ in root for spec in _outlines(body_, ()) if spec.url}
    return tuple(found.values())


def _outlines(parent: Any, folders: tuple[str, ...]) -> Iterator[FeedSpec]:
    for child in parent:
        if not isinstance(child.tag, str) or _name(child) != "outline":
            continue
        said = {str(key).lower(): squeeze(str(value)) for key, value in child.attrib.items()}
        words = said.get("title") or said.get("text") or ""
        if url := said.get("xmlurl"):
            tags = [*folders, *(part.strip("/ ") for part in said.get("category", "").split(","))]
            yield FeedSpec(url=url, name=words, tags=tuple(dict.fromkeys(tag for tag in tags if tag)))
        yield from _outlines(child, folders if url else (*folders, words) if words else folders)


def write(feeds: Sequence[FeedSpec], *, title: str = "Wirewatch") -> bytes:
    """An OPML 2.0 file of these feeds. Tags become its ``category``, so that ``read`` finds them again."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for feed in feeds:
        said = {"type": "rss", "text": feed.name or feed.url, "title": feed.name, "xmlUrl": feed.url, "category": ",".join(feed.tags)}
        etree.SubElement(body, "outline", {name: value for name, value in said.items() if value})
    return bytes(etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8"))


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower()
