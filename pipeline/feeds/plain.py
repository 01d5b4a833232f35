"""From the markup that titles carry by mistake or by right to the words that they say."""

from __future__ import annotations

import contextlib
import html
import re
from typing import Final

_SPACE: Final = re.compile(r"\s+")
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*|/)?>|<!--.*?(?:-->|\Z)", re.DOTALL)
_SCRIPT: Final = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
_ENTITY: Final = re.compile(r"&#?\w+;")
_C1: Final = re.compile("[\x80-\x9f]")
_CP1252: Final = {n: c for n in range(0x80, 0xA0) if (c := bytes([n]).decode("cp1252", "ignore"))}

# Tags that stand in titles as markup. A title that names any other tag is talking about it (feedparser's rule).
_INLINE: Final = frozenset(
    re.findall(
        r"\w+",
        "a abbr acronym b bdi bdo big blink br center cite code del dfn div em font h1 h2 h3 h4 h5 h6 i img ins kbd li mark nobr ol p pre "
        "q s samp small span strike strong sub sup time tt u ul var wbr",
    )
)


def squeeze(text: str) -> str:
    """All white space, the unbreakable kind included, as single spaces."""
    return _SPACE.sub(" ", text).strip()


def mend(text: str) -> str:
    """Undo the two commonest accidents with encodings: UTF-8 read as Latin-1, and Windows-1252 passed off as Latin-1."""
    if text.isascii():
        return text
    with contextlib.suppress(UnicodeEncodeError, UnicodeDecodeError):
        text = text.encode("latin-1").decode("utf-8")
    return text.translate(_CP1252) if _C1.search(text) else text


def headline(text: str, *, markup: bool | None = None) -> str:
    """A title as a person reads it.

    ``markup`` says whether the feed calls it HTML; None lets the text decide, because RSS never says.
    """
    text = mend(text)
    if markup is None:
        markup = ("<" in text or "&" in text) and _looks_like_markup(text)
    if markup:
        text = html.unescape(_TAG.sub(_space_for, _SCRIPT.sub("", text)))
    return squeeze(text)


def _looks_like_markup(text: str) -> bool:
    tags = _TAG.findall(text)
    if not tags and not _ENTITY.search(text):
        return False
    return all(not name or name.lower() in _INLINE for _, name in tags)


def _space_for(tag: re.Match[str]) -> str:
    return " " if (tag[2] or "").lower() in {"br", "p", "div", "li"} else ""


def words(text: str) -> str:
    """HTML to the words in it, cheaply: for lengths, lanes and comparisons, not for reading."""
    if "<" in text:
        text = _TAG.sub(" ", _SCRIPT.sub(" ", text))
    return squeeze(html.unescape(text))
