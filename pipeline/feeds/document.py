"""What do the bytes of an XML feed say, as a tree?

Bytes become text by byte order mark, XML declaration, what the server said, UTF-8, Windows-1252, in that order; sound
documents go straight to libxml2. Others are mended in the ways that can lose nothing (junk before the root, HTML's named
characters, bare ampersands, forbidden control characters, several roots) and read again. What is still broken is read by
libxml2's recovery, and the answer says so, because recovery drops what it does not understand.

External entities, DTDs and the network are never touched; libxml2's own limits stop entity bombs.
"""

from __future__ import annotations

import codecs
import html.entities
import re
from typing import Any, Final, NamedTuple

from lxml import etree

from pipeline.errors import InputError
from pipeline.feeds import quoted

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Without a mark, where the first two characters are "<?" or "<r" and the like (XML 1.0, appendix F).
_BARE: Final = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_EBCDIC: Final = b"\x4c\x6f\xa7\x94"
"""``<?xm`` as mainframes write it; which of their alphabets it is stands in the declaration."""
_DECLARED: Final = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"^\s*<\?\s*xml\b[^>]*>", re.IGNORECASE)
_ROOT: Final = re.compile(r"<(?:\?xml|!DOCTYPE|(?:[\w.-]+:)?(?:rss|feed|rdf|channel|urlset|sitemapindex)\b)", re.IGNORECASE)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ENTITY: Final = re.compile(r"&(\w+);")
_BARE_AMPERSAND: Final = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|\w{1,32};)")
_KEEP: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
# Names that are a part of a larger encoding, which is what publishers mean by them (WHATWG Encoding Standard).
_LARGER: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}


class Tree(NamedTuple):
    """A document's root, and what had to be guessed to get it (None when nothing was)."""

    root: Any
    damage: str | None


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a body. Never raises: what no encoding explains becomes U+FFFD."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    for start, name in _BARE:
        if body.startswith(start):
            return body.decode(name, "replace")
    head = body[:1024].decode("cp037").encode("ascii", "replace") if body.startswith(_EBCDIC) else body[:1024]
    declared = _DECLARED.search(head)
    served = _CHARSET.search(content_type or "")
    named = (declared[1].decode("ascii") if declared else None, served[1] if served else None, "utf-8", "cp1252")
    for name in filter(None, named):
        try:
            return body.decode(_LARGER.get(name.lower(), name))
        except (LookupError, UnicodeError):
            continue
    return body.decode("utf-8", "replace")


def read(body: bytes, content_type: str | None = None) -> Tree:
    """The tree of ``body``. Raises InputError when it holds no element of any feed format."""
    root = _sound(body, content_type)
    if root is not None:
        return Tree(root, None)
    text = mended(decode(body, content_type))
    if not text:
        raise InputError("this is not a feed: no element of RSS, Atom, RDF, CDF or a sitemap is in it")
    encoded = text.encode("utf-8", "replace")
    try:
        return Tree(etree.fromstring(encoded, _parser(recover=False)), None)
    except etree.XMLSyntaxError as error:
        reason = str(error).split(", line", 1)[0]
    recovered = etree.fromstring(encoded, _parser(recover=True))
    return Tree(etree.Element("nothing") if recovered is None else recovered, reason)


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover,
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )


def _sound(body: bytes, content_type: str | None) -> Any:
    """The root, where libxml2 accepts the bytes as they are and knows their encoding for certain."""
    served = _CHARSET.search(content_type or "")
    if served and served[1].lower() not in {"utf-8", "utf8"} and not _DECLARED.search(body[:1024]):
        return None
    strict = etree.XMLParser(resolve_entities="internal", no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(body, strict)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def mended(text: str) -> str:
    """The text from its root on, with everything mended that can be mended without losing a word."""
    start = _ROOT.search(text)
    if start is None:
        return ""
    text = _ILLEGAL.sub("", text[start.start() :])
    text = _DECLARATION.sub("", text, count=1)
    parts = quoted.split(text)
    parts[::2] = [_BARE_AMPERSAND.sub("&amp;", _ENTITY.sub(_character, part)) for part in parts[::2]]
    return "".join(parts).strip()


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    if name in _KEEP:
        return entity[0]
    return html.entities.html5.get(name + ";") or f"&amp;{name};"
