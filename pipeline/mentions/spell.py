"""Are these two spellings of one name? Scripts, romanisations and spelling habits, reduced to keys that can be looked up.

Two keys. ``skeletons`` keep consonants by sound class alone; they find pairs of words that may be a given name and a surname,
in any script and case. ``sounds`` also keep which vowels are bright (e i y) and dark (a o u); they find single words. Both are
computed for many words at once, because one pass of a regular expression over a million lines costs what a thousand calls do.

The classes follow the romanisations in use for news: ISO 9 and BGN/PCGN (English), Duden (German), the French press,
Polish and Czech. Sources: the tables of those standards; the merges were chosen so that one name of the same bearer
falls together in all of them (Prigozhin, Prigoschin, Prigojine, Prigożyn, Prigožin).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CYRILLIC: Final = dict(
    zip(
        "абвгґдеёєжзиіїйклмнопрстуфхцчшщъыьэюяѓђѕјљњќћџўѝ",
        "a b v g g d e e ye zh z i i yi j k l m n o p r s t u f kh ts ch sh shch a y _ e yu ya g dj dz j lj nj k ch dzh w i".split(),
        strict=True,
    )
)
_GREEK: Final = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f kh ps o".split(), strict=True))
_GEORGIAN: Final = dict(
    zip(
        "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
        "a b g d e v z t i k l m n o p zh r s t u p k gh k sh ch ts dz ts ch kh j h".split(),
        strict=True,
    )
)
_ARMENIAN: Final = dict(
    zip(
        "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
        "a b g d e z e e t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o f".split(),
        strict=True,
    )
)
# Consonants only: the vowels of Arabic and Hebrew are mostly unwritten, so skeletons are all that these scripts share with others.
_ARABIC: Final = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءآأإؤئپچژگکی",
        "a b t th j h kh d d r z s sh s d t z _ gh f k k l m n h u y a a _ a a i u y p ch zh g k y".split(),
        strict=True,
    )
)
_HEBREW: Final = dict(zip("אבגדהוזחטיכךלמםנןסעפףצץקרשת", "a v g d h u z kh t i k k l m m n n s a p f ts ts k r sh t".split(), strict=True))
_LATIN: Final = {
    "š": "sh", "ś": "sh", "ş": "sh", "ș": "sh", "ŝ": "sh", "ž": "zh", "ż": "zh", "ź": "zh", "č": "ch", "ć": "ch", "ĉ": "ch", "ç": "s",
    "ř": "rzh", "ţ": "ts", "ț": "ts", "đ": "dj", "ł": "l", "ñ": "nj", "ň": "nj", "ń": "n", "ď": "d", "ť": "t", "ß": "ss", "æ": "ae",
    "œ": "oe", "ø": "o", "å": "o", "þ": "th", "ð": "d", "ı": "i", "ğ": "g", "ě": "e", "ę": "en", "ą": "on", "ħ": "h",
}  # fmt: skip
_ROMAN: Final = str.maketrans(_CYRILLIC | _GREEK | _GEORGIAN | _ARMENIAN | _ARABIC | _HEBREW | _LATIN)
_MARKS: Final = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u064b-\u065f\u0670'’ʼ_]")
_GREEK_LETTER: Final = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_GREEK_ACCENTS: Final = str.maketrans("άέήίόύώϊϋΐΰ", "αεηιουωιυιυ")
_GREEK_PAIRS: Final = re.compile("ντ|μπ|γκ|ου|αυ|ευ|τζ|τσ|αι|ει|οι")
_GREEK_SOUNDS: Final = {
    "ντ": "nd",
    "μπ": "b",
    "γκ": "g",
    "ου": "u",
    "αυ": "av",
    "ευ": "ev",
    "τζ": "j",
    "τσ": "ts",
    "αι": "e",
    "ει": "i",
    "οι": "i",
}


def roman(words: str) -> str:
    """Lower-case Latin letters for words of any alphabet, line by line; what has no letter here stays as it is."""
    if words.isascii():
        return words.lower()
    plain = unicodedata.normalize("NFC", words.casefold())
    if _GREEK_LETTER.search(plain):
        plain = _GREEK_PAIRS.sub(lambda pair: _GREEK_SOUNDS[pair[0]], plain.translate(_GREEK_ACCENTS))
    # Scripts are turned before marks fall off: й, ё and ż are letters of their own.
    return _MARKS.sub("", unicodedata.normalize("NFKD", plain.translate(_ROMAN)))


# Endings of names in cases, in Latin letters as ``roman`` gives them. Only consonants matter to a skeleton.
# Slavic: -a -u -om -em -ym -im -oy -ey -ogo -emu -ami -ach; German -s -es; Hungarian -nak -nek -val -vel -ban -ben -tol -rol
# -hoz; Finnish -ssa -lle -lta; Baltic -as -is -us -am -iem; Turkish -nin -dan -den. The -ov- of Merkelová and Putinowi is also
# how Russian surnames end (Белов, Белова), so it stays, and names are filed with an -ov of their own (``with_ov``).
_ENDING: Final = re.compile(
    r"(?<=[^\n]{2})(?:"
    r"[aeiouy]?(?:nak|nek|ban|ben|val|vel|tol|rol|hoz|hez|nal|ssa|lle|lta|nin|dan|den)"
    r"|[aeiouy]+(?:mi|ma|mu|go|ho|kh|ch|m)|[aeiouy]*s"
    r")$",
    re.MULTILINE,
)
_OWNED: Final = re.compile(r"(?<=[^\n]{2})[oe][vw](?:ymi|ykh|ych|ogo|omu|aho|ej|ie|om|ym|em|im|ou|oj|a|u|y|i|e|o|)$", re.MULTILINE)


def with_ov(romans: str) -> str:
    """Each line as Czech women and Polish datives carry it: Merkelov(á), Putinow(i)."""
    return _LINE_END.sub("ov", romans)


_LINE_END: Final = re.compile(r"(?<=[^\n])[aeiouy]?$", re.MULTILINE)


def without_ov(romans: str) -> str:
    """Each line without an -ov- ending."""
    return _OWNED.sub("", romans)


_SOUNDS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern, re.MULTILINE), to)
    for pattern, to in (
        (r"dzh|zh|dj", "j"),
        (r"schtsch|shch|szcz|tsch|tch|sch|sh|sz|ch|cz|tz|ts", "S"),
        (r"ph|[fvw]", "V"),
        (r"x", "KS"),
        (r"c(?=[eiyj])|[sz]", "S"),
        (r"kh", ""),
        (r"ck|[kqc]", "K"),
        (r"h", ""),
    )
)
_VOWELS: Final = "aeiouyj"
_DARK: Final = re.compile(rf"[{_VOWELS}]*[aou](?![{_VOWELS}])")
_DOUBLED: Final = re.compile(r"([^\n])\1+")
_TAIL: Final = re.compile(rf"(?<=[^\n]{{2}})[{_VOWELS}]+$", re.MULTILINE)


def unended(romans: str) -> str:
    """Each line without the longest case ending that it may carry; names lose true endings too, so index both forms."""
    return _ENDING.sub("", romans)


def _classes(romans: str) -> str:
    for pattern, to in _SOUNDS:
        romans = pattern.sub(to, romans)
    return romans


def skeletons(romans: str) -> str:
    """Consonant classes of each line of Latin letters; a line without consonants keeps its letters."""
    bare = _VOWEL.sub("", _classes(romans))
    return _DOUBLED.sub(r"\1", bare)


_VOWEL: Final = re.compile(f"[{_VOWELS}]")


def sounds(romans: str) -> str:
    """Consonant classes of each line with a bright or dark mark for each run of vowels, without a vowel ending."""
    classes = _TAIL.sub("", _classes(romans))
    marked = _RUN.sub("1", _DARK.sub("0", classes))
    return _DOUBLED.sub(r"\1", marked)


_RUN: Final = re.compile(f"[{_VOWELS}]+")
