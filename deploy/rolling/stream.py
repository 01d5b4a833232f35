"""What the papers of the rolling kill print: made-up stories of made-up people, the same in every process that asks."""

from __future__ import annotations

import random

PAPERS = 12
NAMING, COPIED, COPIES = 10, 50, 3
"""Every tenth article names somebody; every fiftieth stands in three papers."""
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "el", "or")]
LITTLE = ["the", "of", "and", "to", "in", "that", "was", "for", "on", "with", "as", "by", "at", "from"]


def word(rng: random.Random, most: int) -> str:
    """A made-up word."""
    return "".join(rng.choices(SYLLABLES, k=rng.randint(2, most)))


def people(count: int) -> list[str]:
    """Made-up names, the same in every process that asks."""
    rng = random.Random(1)
    names: dict[str, None] = {}
    while len(names) < count:
        names[f"{word(rng, 3).capitalize()} {word(rng, 4).capitalize()}"] = None
    return list(names)


def story(number: int, named: str) -> str:
    """The text of an article, the same whichever paper prints it; ``named`` is in it where it is one that names somebody."""
    rng = random.Random(f"story {number}")
    text = [" ".join(rng.choice(LITTLE) if rng.random() < 0.4 else word(rng, 4) for _ in range(60)).capitalize() + "." for _ in range(5)]
    if number % NAMING == 0:
        text.insert(rng.randrange(5), f"{named} said on Tuesday that the harbour would be open again in a week.")
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in text)


def printed_by(number: int) -> list[int]:
    """The papers that print an article."""
    return [(number + step) % PAPERS for step in range(COPIES if number % COPIED == 0 else 1)]
