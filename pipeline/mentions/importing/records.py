"""What every import does with the names of one record: which are names, which are worth less, which are noise.

Knows no format. One-word aliases that are also words or surnames are imported as weak, because public lists are full of
them and nobody will read a million entries to find out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pipeline.mentions import rarity
from pipeline.mentions.fold import fold
from pipeline.mentions.naming import words_of
from pipeline.mentions.watchlist import Entity
from pipeline.model import Kind

LONGEST: Final = 90
"""Characters of the longest thing that is still a name; what is longer is a description."""
MOST: Final = 60
"""Aliases kept of one entity."""
_IDENT: Final = re.compile(r"[^A-Za-z0-9_.:-]+")


def entity(ident: str, name: str, aliases: Iterable[str], kind: Kind, *, about: str = "", tags: tuple[str, ...] = ()) -> Entity | None:
    """An entity from one record, or None where it has no name that could be looked for."""
    best = _cleaned(name)
    if not ident.strip() or best is None:
        return None
    seen = {fold(best)}
    full: list[str] = []
    weak: list[str] = []
    for written in aliases:
        alias = _cleaned(written)
        if alias is None or fold(alias) in seen or len(full) + len(weak) >= MOST:
            continue
        seen.add(fold(alias))
        (weak if _is_weak(alias) else full).append(alias)
    return Entity(
        id=_IDENT.sub("-", ident.strip()),
        name=best,
        kind=kind,
        aliases=tuple(full),
        weak_aliases=tuple(weak),
        about=about.strip(),
        tags=tags,
    )


def _cleaned(written: str) -> str | None:
    """A name without odd spaces, or None: empty, too long, a number, a single letter."""
    name = " ".join(written.split()).strip(" ,;\"'")
    letters = sum(map(str.isalpha, name))
    return name if letters >= 2 and len(name) <= LONGEST and letters * 2 > len(name.replace(" ", "")) else None


def _is_weak(alias: str) -> bool:
    words = words_of(alias)
    return len(words) == 1 and alias.isascii() and not rarity.is_rare(words[0])
