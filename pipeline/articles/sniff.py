"""What are these bytes, and how do they spell text?

Answers with the decoded text of an HTML page, or with the reason why there is none. It refuses to know what the page
says: nothing here parses more than a few tags.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

MAGIC: Final[tuple[bytes, ...]] = (
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"%PDF",
    b"PK\x03\x04",
    b"RIFF",
    b"\x1f\x8b",
    b"BM",
    b"OggS",
    b"ID3",
    b"\x00\x00\x00\x18ftyp",
    b"\x00\x00\x00\x1cftyp",
    b"\x00\x00\x00\x20ftyp",
    b"wOFF",
    b"wOF2",
    b"7z\xbc\xaf",
    b"Rar!",
    b"{\\rtf",
    b"MZ",
    b"\x7fELF",
)
"""First bytes of what is never a page. A page that really starts with ``BM`` or ``MZ`` has a tag soon after; see ``_is_binary``."""

# What browsers do with these labels (WHATWG Encoding Standard, section 4.2): the label is smaller than what people write under it.
_WIDER: Final[dict[str, str]] = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "windows-31j": "cp932",
    "big5": "big5hkscs",
    "tis-620": "cp874",
    "x-mac-cyrillic": "mac_cyrillic",
}
_META: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.\-]{2,40})""", re.IGNORECASE)
_XML: Final = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-zA-Z0-9_:.\-]{2,40})""", re.IGNORECASE)
_TAG: Final = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|div|p|article|section|main|table|span|h1|a|script|br|ul)\b", re.IGNORECASE
)
_FEED: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF|urlset|sitemapindex|svg|opml)\b", re.IGNORECASE | re.DOTALL
)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD: Final = 4096
_DAMAGE: Final = 0.02
"""Share of non-ASCII characters that may be unreadable before another encoding is tried."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sniffed:
    """What the bytes turned out to be."""

    html: str | None
    """The decoded page without control characters, or None when this is not HTML."""
    mojibake: bool = False
    """True when it was UTF-8 read as another encoding throughout, and mended."""
    cut: bool = False
    """True when the page was longer than the bound and only its first part is here."""


def sniff(body: bytes | str, declared_charset: str | None = None, *, max_bytes: int = 3_000_000) -> Sniffed:
    """Decode ``body`` if it is an HTML page. ``declared_charset`` is what the HTTP header said; it is tried, not believed.

    At most ``max_bytes`` bytes (or characters of a str) are looked at.
    """
    cut = len(body) > max_bytes
    head = body[:max_bytes]
    if isinstance(head, bytes):
        if _is_binary(head):
            return Sniffed(html=None, cut=cut)
        text = decode(head, declared_charset)
    else:
        text = head
    if not _is_html(text):
        return Sniffed(html=None, cut=cut)
    raw = _utf8(text)
    repaired = mended(text) if raw is None or _MISREAD.search(raw) else text
    heavy = repaired is not text and len(text) - len(repaired) > _THROUGHOUT * sum(map(len, _LETTERS.findall(text)))
    clean = without_controls(repaired) if raw is None or repaired is not text or _controlled(text, raw) else repaired
    return Sniffed(html=_slim(clean), mojibake=heavy, cut=cut)


def decode(body: bytes, declared_charset: str | None = None) -> str:
    """Bytes to text, never failing: byte order mark, then UTF-8 if it fits, then what was declared, then a guess.

    UTF-8 comes before the declaration because text in another encoding is next to never valid UTF-8 by chance, while
    headers and meta tags are often wrong.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    if b"\x1b$" not in body[:_HEAD] and b"\x00" not in body[:_HEAD]:
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    elif body[1:200:2].count(b"\x00") > len(body[1:200:2]) // 2:
        return body.decode("utf-16-le", "replace")
    elif body[0:200:2].count(b"\x00") > len(body[0:200:2]) // 2:
        return body.decode("utf-16-be", "replace")
    return _decode_declared(body, declared_charset)


def _decode_declared(body: bytes, declared_charset: str | None) -> str:
    names = [declared_charset or ""]
    names += [found[1].decode("ascii", "replace") for found in (_META.search(body[:_HEAD]), _XML.match(body.lstrip()[:_HEAD])) if found]
    for name in dict.fromkeys(n.strip().strip("\"'").lower() for n in names if n):
        text = _try(body, _WIDER.get(name, name))
        if text is not None:
            return text
    mended = body.decode("utf-8", "replace")
    if _damage(mended) < _DAMAGE:
        return mended
    guess = from_bytes(body[:20_000] if len(body) > 20_000 else body).best()  # enough letters to tell by
    return body.decode(guess.encoding, "replace") if guess is not None else mended


def _try(body: bytes, name: str) -> str | None:
    try:
        text = body.decode(name, "replace")
    except (LookupError, UnicodeError):
        return None
    return text if _damage(text) < _DAMAGE else None


def _damage(text: str) -> float:
    bad = text.count("�")
    return bad / max(1, sum(map(len, re.findall(r"[^\x00-\x7f]+", text)))) if bad else 0.0


def _is_binary(body: bytes) -> bool:
    head = body[:_HEAD]
    if any(head.startswith(mark) for mark, _ in _BOMS):
        return False
    if head.startswith(MAGIC):
        return not re.search(rb"<(?:html|!doctype|body|head)", head[:1024], re.IGNORECASE)
    control = len(head.translate(None, bytes(range(0x20, 0x100)) + b"\t\n\r\f\x1b\x00"))
    return control > len(head) // 20 or b"\x00\x00\x00\x00" in head


def _is_html(text: str) -> bool:
    if _FEED.match(text[:_HEAD]):
        return False
    if text.count("�", 0, _HEAD) > _HEAD // 8 and not _TAG.search(text[:_HEAD]):
        return False
    return _TAG.search(text) is not None


_FAT: Final = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)\s[^<>]{20000,}>")
_BLOCK: Final = 10_000
"""Half of a fat tag: one that holds no ``<`` lies within every fat tag, so looking there tells in microseconds that there is none."""
_HEAVY: Final = 1_000_000
_ENDLESS: Final = 20_000
_BREAK: Final = re.compile(r"[\s<>\"']")
_ATTRIBUTES: Final = 1_000


def _slim(html: str) -> str:
    """Without what only costs: pictures written as letters, and attributes by the thousand, which the parser compares with each other."""
    if len(html) > _HEAVY:
        html = _shortened(html)
    if any(_FAT.match(html, start) for start in _long_runs(html)):
        return _FAT.sub(lambda tag: f"<{tag[1]}>" if tag[0].count("=") > _ATTRIBUTES else tag[0], html)
    return html


def _shortened(html: str) -> str:
    """With the first hundred characters of each run that goes on for ``_ENDLESS`` of them without a break."""
    pieces: list[str] = []
    done = 0
    for at in range(0, len(html), _BLOCK):
        if at < done or _BREAK.search(html, at, at + _BLOCK):
            continue
        start = max((found.end() for found in _BREAK.finditer(html, max(done, at - _BLOCK), at)), default=max(done, at - _BLOCK))
        after = _BREAK.search(html, at)
        end = after.start() if after else len(html)
        if end - start >= _ENDLESS:
            pieces.append(html[done : start + 100])
            done = end
    return "".join((*pieces, html[done:]))


def _long_runs(html: str) -> set[int]:
    """Where what may be a fat tag begins: at each ``<`` that none follows for a block and more."""
    bare = (at for at in range(_BLOCK, len(html), _BLOCK) if html.find("<", at, at + _BLOCK) < 0)
    return {start for at in bare if (start := html.rfind("<", at - _BLOCK, at)) >= 0}  # else the block before was bare as well


# The 32 characters of windows-1252 that are not what latin-1 has in their place: both spellings of the same bytes occur.
_CP1252: Final = {ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_TAILS: Final = "\x80-\xbf" + "".join(map(chr, _CP1252))
_TWICE: Final = re.compile(f"(?:[\xc3-\xdf][{_TAILS}]|[\xe0-\xef][{_TAILS}]{{2}}|[\xf0-\xf4][{_TAILS}]{{3}}|\xc2[{_TAILS}])+")
_ENOUGH_TWICE: Final = 8
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_THROUGHOUT: Final = 0.2
"""Share of a page's letters, counted in characters too many, from which its text was mojibake and not some letters in it."""


def mended(text: str) -> str:
    """Undo UTF-8 that somebody read as windows-1252 (``fÃ¼r``), where a page holds enough of it to be sure."""
    if "Ã" not in text and "â€" not in text and "Ð" not in text and "Ø" not in text:
        return text
    if len(_TWICE.findall(text)) < _ENOUGH_TWICE:
        return text
    return _TWICE.sub(_once, text)


def _once(found: re.Match[str]) -> str:
    try:
        return bytes(_CP1252.get(ord(c), ord(c)) for c in found[0]).decode("utf-8")
    except (UnicodeDecodeError, ValueError):
        return found[0]


_MISREAD: Final = re.compile(rb"\xc3[\x83\x90\x98]|\xc3\xa2\xe2\x82\xac")
"""In UTF-8 what ``mended`` asks for first; a fourth of the time over bytes."""
_CONTROL_BYTES: Final = bytes((*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F))


def _utf8(text: str) -> bytes | None:
    """The text as bytes, over which C is fast; None where it holds half a character."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


def _controlled(text: str, raw: bytes) -> bool:
    """Whether ``without_controls`` would take anything away from ``text``, which is ``raw`` in UTF-8."""
    return len(raw.translate(None, _CONTROL_BYTES)) != len(raw) or "\ufffe" in text or "\uffff" in text


_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def without_controls(text: str) -> str:
    """The text without characters that XML cannot carry and no reader can see."""
    return _CONTROL.sub("", text) if _CONTROL.search(text) else text
