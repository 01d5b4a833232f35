"""What stands around an article on its page, in the paper's own language?

Navigation, consent, adverts, captions, related headlines, newsletters, comments, copyright: nothing here is the story.
This module chooses the words; ``pages`` decides where they stand.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from workers.demo.edition import Article, Trick

FURNITURE: Final = Path(__file__).with_name("furniture.yaml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Furniture:
    """The words around one article."""

    nav: tuple[str, ...]
    cookie: str
    consent: tuple[str, ...]
    advert: str
    """The label above an advert."""
    adverts: tuple[str, ...]
    newsletter: str
    related: str
    """What stands above the related headlines."""
    headlines: tuple[str, ...]
    """Of other articles, as related links."""
    most: str
    """What stands above the most read."""
    read: tuple[str, ...]
    """The most read headlines."""
    by: str
    author: str
    caption: str
    photo: str
    """The credit of the photograph."""
    comments: str
    join: str
    share: tuple[str, ...]
    topics: str
    copyright: str
    footer: tuple[str, ...]
    dateline: str = ""
    """Before the first paragraph, where an agency wrote it."""
    credit: str = ""
    """Below the last paragraph, where an agency wrote it."""


@cache
def _words() -> Mapping[str, Mapping[str, Any]]:
    said: Mapping[str, Mapping[str, Any]] = yaml.safe_load(FURNITURE.read_text("utf-8"))
    return said


def around(article: Article, seed: int) -> Furniture:
    """The furniture of one article under a seed."""
    words = _words()[article.paper.language]
    rng = random.Random(f"{seed}/{article.id}/furniture")
    headlines = tuple(rng.sample(words["headlines"], 3))
    is_copy = article.id != article.story
    return Furniture(
        nav=tuple(words["nav"]),
        cookie=words["cookie"],
        consent=tuple(words["consent"]),
        advert=words["advert"],
        adverts=tuple(rng.sample(words["adverts"], 2)),
        newsletter=words["newsletter_trap" if article.trick is Trick.NEWSLETTER else "newsletter"],
        related=words["related"],
        headlines=(words["related_trap"], *headlines[:2]) if article.trick is Trick.RELATED else headlines,
        most=words["most"],
        read=tuple(words["headlines"]),
        by=words["by"],
        author=rng.choice(words["authors"]),
        caption=words["caption"],
        photo=words["photo"],
        comments=words["comments"].format(count=rng.randint(5, 240)),
        join=words["join"],
        share=tuple(words["share"]),
        topics=words["topics"],
        copyright=words["copyright"].format(paper=article.paper.name),
        footer=tuple(words["footer"]),
        dateline=words["datelines"][is_copy] if article.trick is Trick.AGENCY else "",
        credit=words["credits"][is_copy] if article.trick is Trick.AGENCY else "",
    )
