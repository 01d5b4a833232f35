"""What do the demo's papers print under this seed, and what is true about it?

The articles stand in ``articles.yaml`` with their truth: who must alert, or why nobody may. This module chooses the
wording and the moment of each; it refuses to know how a page looks and who reads it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import yaml

ARTICLES: Final = Path(__file__).with_name("articles.yaml")
_CHOICE: Final = re.compile(r"\{([^{}]+)\}")
SPREAD: Final = 3.0
"""Seconds over which articles appear, beside their own ``after``: no newsroom prints everything at one moment."""
COPY_LAG: Final = 2.0
"""Seconds that the paper with the agency's copy is behind the first one."""


class Trick(StrEnum):
    """What is odd about a page."""

    AGENCY = "agency"
    RELATED = "related"
    NEWSLETTER = "newsletter"
    NEVER = "never"


class Layout(StrEnum):
    """How a paper's pages are built."""

    BROADSHEET = "broadsheet"
    BLOCKS = "blocks"
    TABLOID = "tabloid"


class Format(StrEnum):
    """How a paper's feed is written."""

    RSS = "rss"
    ATOM = "atom"
    RDF = "rdf"


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """One site with one feed."""

    id: str
    name: str
    language: str
    """ISO 639-1."""
    layout: Layout
    format: Format
    encoding: str = "utf-8"
    """Of its feed and its pages."""
    broken: bool = False
    """Leaves closing tags out of its feed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """What an article says later on."""

    after: float
    """Seconds after the article appeared."""
    expect: tuple[str, ...]
    """Ids of entities that must alert then."""
    paragraphs: tuple[str, ...]
    """Added below the others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One article as its paper prints it, with the truth about it."""

    id: str
    paper: Paper
    title: str
    standfirst: str
    paragraphs: tuple[str, ...]
    story: str
    """Articles with the same word here are one report; each entity may alert once for all of them."""
    expect: tuple[str, ...] = ()
    """Ids of entities that must alert."""
    quiet: str = ""
    """Why nobody may alert."""
    trick: Trick | None = None
    after: float = 0.0
    """Seconds from the opening of the papers until it stands in the feed."""
    backlog: bool = False
    """Stands in the feed before anybody reads it."""
    edit: Edit | None = None

    @property
    def owed(self) -> tuple[str, ...]:
        """Every entity that must alert, sooner or later."""
        return self.expect + (self.edit.expect if self.edit else ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """Everything that is printed under one seed."""

    seed: int
    papers: tuple[Paper, ...]
    articles: tuple[Article, ...]

    def of(self, paper: Paper) -> tuple[Article, ...]:
        """The articles of one paper."""
        return tuple(article for article in self.articles if article.paper == paper)

    @property
    def languages(self) -> tuple[str, ...]:
        """Each language once."""
        return tuple(dict.fromkeys(paper.language for paper in self.papers))


def load(seed: int, source: Path = ARTICLES) -> Edition:
    """The edition of a seed; the same seed gives the same words and moments on every machine."""
    said = yaml.safe_load(source.read_text("utf-8"))
    papers = {ident: _paper(ident, keys) for ident, keys in said["papers"].items()}
    articles: dict[str, Article] = {}
    for keys in said["articles"]:
        rng = random.Random(f"{seed}/{keys['id']}")
        original = articles.get(keys.get("copy_of", ""))
        articles[keys["id"]] = _copy(original, papers, keys, rng) if original else _article(papers, keys, rng)
    return Edition(seed=seed, papers=tuple(papers.values()), articles=tuple(articles.values()))


def _paper(ident: str, keys: Mapping[str, Any]) -> Paper:
    return Paper(**{**keys, "id": ident, "layout": Layout(keys["layout"]), "format": Format(keys["format"])})


def _article(papers: Mapping[str, Paper], keys: Mapping[str, Any], rng: random.Random) -> Article:
    backlog = keys.get("backlog", False)
    return Article(
        id=keys["id"],
        paper=papers[keys["paper"]],
        title=_said(keys["title"], rng),
        standfirst=_said(keys.get("standfirst", ""), rng),
        paragraphs=_paragraphs(keys["text"], rng),
        story=keys.get("same_story", keys["id"]),
        expect=tuple(keys.get("expect", ())),
        quiet=keys.get("quiet", ""),
        trick=Trick(keys["trick"]) if "trick" in keys else None,
        after=0.0 if backlog else keys.get("after", 0) + rng.uniform(0, SPREAD),
        backlog=backlog,
        edit=_edit(keys["edited"], rng) if "edited" in keys else None,
    )


def _edit(keys: Mapping[str, Any], rng: random.Random) -> Edit:
    return Edit(after=float(keys["after"]), expect=tuple(keys["expect"]), paragraphs=_paragraphs(keys["add"], rng))


def _copy(original: Article, papers: Mapping[str, Paper], keys: Mapping[str, Any], rng: random.Random) -> Article:
    """The agency's words under another headline, without the last paragraph."""
    return Article(
        id=keys["id"],
        paper=papers[keys["paper"]],
        title=_said(keys["title"], rng),
        standfirst=original.standfirst,
        paragraphs=original.paragraphs[:-1],
        story=original.story,
        quiet=keys["quiet"],
        trick=original.trick,
        after=original.after + COPY_LAG,
    )


def _paragraphs(written: str, rng: random.Random) -> tuple[str, ...]:
    return tuple(_said(line, rng) for line in written.strip().splitlines())


def _said(written: str, rng: random.Random) -> str:
    """The text with one of each ``{a|b|c}``."""
    return _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), written)
