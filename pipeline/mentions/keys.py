"""The 64-bit keys that names are filed under: all spellings of a small list, two forms of each word of a large one.

Texts are keyed by their words without a case ending; a name that itself seems to end in one is filed with and without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.mentions.likeness import respellings
from pipeline.mentions.lookup import SINGLE, Keys, Sizes, hashes, sizes
from pipeline.mentions.spell import roman, skeletons, sounds, unended, with_ov

Numbers = NDArray[np.int32]
Table = tuple[Keys, Numbers, Sizes | None]
"""Keys, the name that each stands for, and the letters that it has."""

_CHUNK: Final = 100_000
"""Words keyed at once: the text of a million at once would only cost memory."""


def every_spelling(words: Sequence[str], singles: tuple[Numbers, ...], pairs: tuple[Numbers, ...]) -> Table:
    """Keys for every respelling of each word, with and without its ending."""
    rows: set[tuple[int, int]] = set()
    alone, together = ([column.tolist() for column in columns] for columns in (singles, pairs))
    by_sound = _spelt({number: words[number] for number in alone[1]}, sounds)
    by_skeleton = _spelt({number: words[number] for column in together[1:] for number in column}, skeletons)
    for name, word in zip(*alone, strict=True):
        rows |= {(key ^ SINGLE, name) for key in by_sound[word]}
    for name, a, b in zip(*together, strict=True):
        rows |= {(_wrap(x + y), name) for x in by_skeleton[a] for y in by_skeleton[b]}
    return np.array([key for key, _ in rows], np.int64), np.array([name for _, name in rows], np.int32), None


def _spelt(words: Mapping[int, str], key: Callable[[str], str]) -> dict[int, set[int]]:
    """For each word the hashes of its forms. Many words share a form, and most forms have no ending: each is keyed once."""
    if not words:
        return {}
    forms = {number: respellings(roman(word)) for number, word in words.items()}
    distinct = list(dict.fromkeys(form for several in forms.values() for form in several))
    body = "\n".join(distinct)
    variants = list(zip(distinct, unended(body).split("\n"), with_ov(body).split("\n"), strict=True))
    lines = list(dict.fromkeys(line for several in variants for line in several))
    hashed = dict(zip(lines, map(hash, key("\n".join(lines)).split("\n")), strict=True))
    keys = {form: {hashed[line] for line in several} for form, several in zip(distinct, variants, strict=True)}
    return {number: set[int]().union(*(keys[form] for form in several)) for number, several in forms.items()}


def _wrap(total: int) -> int:
    """Sums of hashes overflow as numpy's do."""
    return (total + (1 << 63)) % (1 << 64) - (1 << 63)


def _by_sound(romans: str) -> Keys:
    """The sound key of each line."""
    lines = sounds(romans).split("\n")
    return hashes(lines, len(lines))


def two_forms(words: Sequence[str], singles: tuple[Numbers, ...], pairs: tuple[Numbers, ...]) -> Table:
    """Sound keys with and without an ending, everything in arrays."""
    full = np.empty(len(words), np.int64)
    bare, size = np.empty(len(words), np.int64), np.empty(len(words), np.int16)
    for start in range(0, len(words), _CHUNK):
        romans = roman("\n".join(words[start : start + _CHUNK]))
        full[start : start + _CHUNK] = part = _by_sound(romans)
        stems = unended(romans)
        size[start : start + _CHUNK] = sizes(stems)
        both = zip(romans.split("\n"), stems.split("\n"), strict=True)
        ended = {at: stem for at, (word, stem) in enumerate(both) if stem != word}
        if ended:
            part[list(ended)] = _by_sound("\n".join(ended.values()))
        bare[start : start + _CHUNK] = part
    name, word = singles
    ends = full[word] != bare[word]
    keys, names = [full[word] ^ np.int64(SINGLE), bare[word[ends]] ^ np.int64(SINGLE)], [name, name[ends]]
    letters = [size[word], size[word[ends]]]
    name, left, right = pairs
    ends_left, ends_right = full[left] != bare[left], full[right] != bare[right]
    for a, b, kept in (
        (full, full, np.ones(len(name), np.bool_)),
        (bare, full, ends_left),
        (full, bare, ends_right),
        (bare, bare, ends_left & ends_right),
    ):
        keys.append(a[left[kept]] + b[right[kept]])
        names.append(name[kept])
        letters.append(size[left[kept]] + size[right[kept]])
    return np.concatenate(keys), np.concatenate(names), np.concatenate(letters)
