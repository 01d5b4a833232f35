"""Hard filters in the words of analysts: what passes, what does not, and why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.mentions.match import compile_watchlist
from pipeline.mentions.rules import ruling
from pipeline.mentions.watchlist import Entity, Rule, Watchlist
from pipeline.model import Document, Kind, Role, Tier

LIST = Watchlist(
    watchlist="w",
    entities=(
        Entity(id="ada", name="Ada Kellerman", kind=Kind.PERSON),
        Entity(id="boreal", name="Boreal Smelting", kind=Kind.ORGANIZATION),
    ),
)
TEXT = (
    "Prosecutors in Tallinn searched the flat of Ada Kellerman on Monday.\n"
    "They looked for papers on the aluminium trade.\n"
    "In a separate matter, Boreal Smelting paid a fine for dust in the harbour."
)
DOCUMENT = Document(
    id="d", title="A search in Tallinn", text=TEXT, language="en", url="https://news.example.org/a", source="fe_1", tags=("baltic",)
)


def says(rule: Rule, entity: str = "ada", document: Document = DOCUMENT) -> str:
    verdicts = compile_watchlist((LIST,)).match(document)
    verdict = next(one for one in verdicts if one.entity == entity)
    answer = ruling(replace(LIST, rules=(rule,)), verdict, verdicts, document)
    assert answer.passes == (answer.says == "")
    return answer.says


@pytest.mark.parametrize(
    "rule",
    [
        Rule(),
        Rule(all=("prosecutors", "flat")),
        Rule(all=("prosecutor",)),  # inflected
        Rule(any=("yacht", "aluminium")),
        Rule(none=("football",)),
        Rule(all=("flat",), within=5),
        Rule(all=("prosecutors",), within="paragraph"),
        Rule(none=("fine",), within="paragraph"),
        Rule(all=("entity:boreal",)),
        Rule(tier=Tier.CONFIRMED),
        Rule(languages=("en", "de")),
        Rule(sources=("example.org",)),
        Rule(sources=("fe_1",)),
        Rule(tags=("baltic", "nordic")),
        Rule(entities=("boreal",), all=("yacht",)),  # of somebody else
    ],
)
def test_passes(rule: Rule) -> None:
    assert says(rule) == ""


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (Rule(all=("prosecutors", "yacht")), "asks for 'yacht'"),
        (Rule(any=("yacht", "villa")), "one of 'yacht', 'villa'"),
        (Rule(none=("aluminium",)), "excludes 'aluminium'"),
        (Rule(all=("aluminium",), within=5), "within 5 words"),
        (Rule(all=("aluminium",), within="paragraph"), "in the paragraph"),
        (Rule(all=("entity:nobody",)), "asks for 'entity:nobody'"),
        (Rule(none=("entity:boreal",)), "excludes 'entity:boreal'"),
        (Rule(languages=("fr",)), "this is en"),
        (Rule(sources=("other.example",)), "sources other.example"),
        (Rule(tags=("alpine",)), "tagged alpine"),
    ],
)
def test_keeps_quiet_and_says_why(rule: Rule, why: str) -> None:
    assert why in says(rule)


def test_a_role_is_asked_for() -> None:
    assert says(Rule(role=Role.ABOUT), document=replace(DOCUMENT, title="Ada Kellerman's flat searched")) == ""


def test_an_unknown_language_passes() -> None:
    assert says(Rule(languages=("fr",)), document=replace(DOCUMENT, language=None)) == ""


def test_words_of_removed_lines_count_for_nothing() -> None:
    document = replace(DOCUMENT, removed="Subscribe to our yacht newsletter")
    assert "asks for 'yacht'" in says(Rule(all=("yacht",)), document=document)
