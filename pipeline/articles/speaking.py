"""Does this line speak to the reader of a site, or does it tell a story?

Scores one line by what it speaks of (``lexicon``), how (to whom, in which form) and its shape, with weights that were learned
from lines written for the purpose (``bench.extraction.train``). Where the tables of ``phrases`` know a line word by word, this knows
the parts that such lines are made of. It sees no markup and no neighbours.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from typing import Any, Final
from unicodedata import normalize

from pipeline.articles import residue
from pipeline.articles.lexicon import ABOUT, LEXICON, UNSPACED
from pipeline.articles.speaking_weights import BIAS, WEIGHTS

MOST_WORDS: Final = 26
"""Words beyond which no line is judged here: whoever speaks to readers is brief."""
THRESHOLD: Final = 0.0
_WORD: Final = re.compile(r"[^\W_]+|©")
_QUOTE: Final = re.compile(r"[\"“”„«»‘‚‹›「」『』]")
_MAIL: Final = re.compile(r"@\w|\.example|https?:|www\.")
_MONEY: Final = re.compile(r"[€£$¥₽₴]|\d\s*(?:kr|zł|lei|euro|eur|ft|tl)\b", re.IGNORECASE)
_BAR: Final = re.compile(r"\s[|–—·•/]\s|\|")
_RESULT: Final = re.compile(r"\w\W{0,3}\b\d{1,3}\s?[-–—―:x]\s?\d{1,3}\b(?! ?(?:h|uhr|min))", re.IGNORECASE)
"""The score of a match."""
_UNSPACED_LETTER: Final = re.compile(r"[\u0600-\u06ff\u3040-\u9fff]")
"""Without one, a line is in no language whose entries are found inside words: the Japanese ``pr`` is no part of "pros"."""
_CLAUSES: Final = re.compile(r"[.!?…:|。！？：]\s*")


def features(line: str, language: str | None = None) -> list[dict[str, float]]:
    """What a line shows, once for each language whose words stand in it (or for ``language`` alone)."""
    if _QUOTE.match(line):
        return []
    lowered = line.lower().replace("i̇", "i")
    words = _WORD.findall(lowered)
    found = _found(" " + " ".join(words) + " ")
    if all(concepts.keys() <= ABOUT for concepts in found.values()):  # most lines of a story: before what costs more
        return []
    if _RESULT.search(line) or _speech().search(lowered):
        return []
    shape = _shape(line)
    starts = {clause for part in _CLAUSES.split(lowered) if (clause := " ".join(_WORD.findall(part)[:3]))}
    told = []
    for spoken, concepts in found.items():
        if language in (None, spoken) and concepts.keys() - ABOUT and (spoken not in UNSPACED or _UNSPACED_LETTER.search(line)):
            told.append(_joined(concepts, starts, len(words) if spoken not in {"ja", "zh"} else len(line) // 2, shape))
    return told


@lru_cache(maxsize=4096)
def score(line: str) -> float:
    """Above ``THRESHOLD``: the line speaks to the reader; at or below: it may be a story."""
    return max((BIAS + sum(WEIGHTS.get(name, 0.0) * value for name, value in one.items()) for one in features(line)), default=-9.0)


def _shape(line: str) -> dict[str, float]:
    end = line.rstrip()[-1:]
    return {
        "quote": float(_QUOTE.search(line) is not None),
        "mail": float(_MAIL.search(line) is not None),
        "money": float(_MONEY.search(line) is not None),
        "bars": float(_BAR.search(line) is not None),
        "ends with stop": float(end in ".。"),
        "ends bare": float(end not in '.。!?！？"”»」…:'),
        "exclaims": float("!" in line or "！" in line),
        "asks": float("?" in line or "？" in line),
        "numbers": min(2.0, float(len(re.findall(r"\d+", line)))),
        "names": min(3.0, float(len(re.findall(r"(?<=[a-zà-ÿа-яё,] )[A-ZÀ-ÞА-ЯЁІЇ]\w+", line)))),
    }


def _joined(concepts: dict[str, set[str]], starts: set[str], words: int, shape: dict[str, float]) -> dict[str, float]:
    of = sorted(concepts.keys() - ABOUT)
    strong = sum(entry.startswith("!") for name in of for entry in concepts[name])
    call_first = any(
        start == call or start.startswith(call) for call in (e.strip("!*") for e in concepts.get("call", ())) for start in starts
    )
    length = "short" if words <= 5 else "brief" if words <= 12 else "long" if words <= 20 else "longer"
    told = {**shape, length: 1.0, "strong": min(2.0, float(strong)), "call first": float(call_first)}
    for name in ("call", "you", "we", "now", "this"):
        told[name] = min(2.0, float(len(concepts.get(name, ()))))
    for name in ("they", "was"):
        told[name] = min(2.0, float(len(concepts.get(name, ()))))
        told[f"{name} without strong"] = told[name] * (not strong)
    for name in of:
        told[name] = min(2.0, float(len(concepts[name]))) if name == "furniture" else 1.0
    told["topics"] = min(3.0, float(len(of) if of != ["furniture"] else len(concepts["furniture"])))
    told["hits for length"] = min(1.0, sum(map(len, concepts.values())) / max(4, words))
    told["topic hits for length"] = min(1.0, sum(len(concepts[name]) for name in of) / max(4, words))
    told["call first to you"] = told["call first"] * bool(told["you"])
    told["call of topic"] = told["call first"] * min(2.0, told["topics"])
    told["we to you"] = float(bool(told["we"]) and bool(told["you"]))
    told["we of topic"] = float(bool(told["we"])) * told["topics"]
    told["you of topic"] = float(bool(told["you"])) * told["topics"]
    told["this of topic"] = float(bool(told["this"])) * told["topics"]
    told["short of topic"] = float(words <= 5) * told["topic hits for length"]
    told["told"] = float(bool(told["was"]) and not told["you"] and not told["we"])
    return {name: value for name, value in told.items() if value}


def _found(text: str) -> dict[str, dict[str, set[str]]]:
    automaton, meanings, whole = _automaton()
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for number, _, _ in automaton.find_matches_as_indexes(text, overlapping=True):
        for language, concept, entry in meanings[whole[number]]:
            found[language][concept].add(entry)
    return found


@cache
def _speech() -> re.Pattern[str]:
    return re.compile(residue.SPEECH)


def _in_capitals(word: str) -> str:
    """How a word reads after it stood in capitals: Greek without accents, Turkish with the other i."""
    plain = "".join(letter for letter in normalize("NFD", word) if letter != _ACUTE) if _GREEK.search(word) else word
    return normalize("NFC", plain).replace("ı", "i")


_ACUTE: Final = "\u0301"
_GREEK: Final = re.compile(r"[\u0370-\u03ff]")


@cache
def _automaton() -> tuple[Any, dict[str, list[tuple[str, str, str]]], list[str]]:
    from ahocorasick_rs import AhoCorasick, Implementation

    meanings: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for language, concepts in LEXICON.items():
        for concept, cell in concepts.items():
            for entry in cell.split("|"):
                bare = entry.strip("!* ").replace("*", "")
                if not bare:
                    continue
                for form in {bare, _in_capitals(bare)}:
                    spelt = form if language in UNSPACED else f" {form}" if entry.endswith("*") else f" {form} "
                    meanings[spelt].append((language, concept, entry))
    patterns = list(meanings)
    return AhoCorasick(patterns, implementation=Implementation.ContiguousNFA), meanings, patterns
