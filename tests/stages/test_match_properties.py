"""What must hold for every text and every list, whatever they are."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.mentions.match import compile_watchlist
from pipeline.mentions.watchlist import AlertSettings, Entity, Watchlist
from pipeline.model import Document, Field, Kind, Tier

ENTITIES = (
    Entity(
        id="wagner",
        name="Wagner Group",
        kind=Kind.ORGANIZATION,
        aliases=("Wagner", "ЧВК Вагнер"),
        context=("mercenary",),
        related=("prigozhin",),
    ),
    Entity(id="prigozhin", name="Yevgeny Prigozhin", kind=Kind.PERSON, aliases=("Prigozhin", "Евгений Пригожин")),
    Entity(id="apple", name="Apple Inc.", kind=Kind.ORGANIZATION, aliases=("Apple",)),
    Entity(id="novak", name="Daniel Novák", kind=Kind.PERSON, aliases=("Novák",)),
    Entity(id="paris", name="Paris", kind=Kind.PLACE),
    Entity(id="hale", name="Karen Hale", kind=Kind.PERSON, context=("harbour",)),
    Entity(id="huawei", name="Huawei", kind=Kind.ORGANIZATION, aliases=("华为",)),
)
MATCHER = compile_watchlist([Watchlist(watchlist="all", entities=ENTITIES)])
LOW = compile_watchlist([Watchlist(watchlist="low", entities=ENTITIES, alert=AlertSettings(at=Tier.POSSIBLE))])
PIECES = [
    "Hale", "Mr Hale", "harbour",
    "Wagner", "Group", "WAGNER GROUP", "Yevgeny", "Prigozhin", "Пригожина", "Евгения", "ЧВК «Вагнер»", "Apple",
    "apple", "Apple Inc.", "Daniel", "Novák", "Nova\u0301k", "Nov\u00adák", "Paris", "in Paris", "Hilton", "Karen",
    "mercenary", "华为", "发布", "said", "the", "in", "mayor", "Mr", ". ", ", ", "\n", "\n\n\t", "\u200b", "\u00a0", "’s",
    "“", "”", "(", "-", "\U0001f600", "\U0001d54e", "e\u0301", "\ud800", "J.", "K.", "é", "1984",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=40).flatmap(lambda parts: st.sampled_from([" ".join(parts), "".join(parts)]))
anything = st.one_of(texts, st.text(max_size=200))


@settings(max_examples=150, deadline=None)
@given(text=anything, title=anything, summary=anything, removed=anything)
def test_offsets_are_true_in_every_field(text, title, summary, removed):
    document = Document(id="1", text=text, title=title, summary=summary, removed=removed)
    for verdict in MATCHER.match(document):
        assert verdict.score == max(mention.score for mention in verdict.mentions)
        for mention in verdict.mentions:
            assert document.part(mention.field)[mention.start : mention.end] == mention.surface
            assert mention.surface.strip()
            assert 0 <= mention.score <= 1


@settings(max_examples=150, deadline=None)
@given(text=anything, title=anything)
def test_whatever_alerts_is_marked_by_the_quick_scan(text, title):
    verdicts = MATCHER.match(Document(id="1", text=text, title=title))
    if any(verdict.tier is not None and verdict.tier.rank >= Tier.PROBABLE.rank for verdict in verdicts):
        assert MATCHER.scan(title, text)
    if any(verdict.tier is not None for verdict in LOW.match(Document(id="1", text=text, title=title))):
        assert LOW.scan(title, text)


def test_the_quick_scan_passes_by_a_surname_that_nothing_tells():
    assert not MATCHER.scan("The bridge guild heard Novák.")
    assert MATCHER.scan("Daniel", "Mr Novák spoke.")
    assert LOW.scan("Mr Novák spoke.")


@settings(max_examples=60, deadline=None)
@given(text=texts, seed=st.integers(0, 9999))
def test_the_order_of_entities_and_aliases_never_matters(text, seed):
    shuffled = list(ENTITIES)
    random.Random(seed).shuffle(shuffled)
    turned = tuple(
        Entity(id=e.id, name=e.name, kind=e.kind, aliases=e.aliases[::-1], context=e.context, related=e.related) for e in shuffled
    )
    other = compile_watchlist([Watchlist(watchlist="all", entities=turned)])
    document = Document(id="1", text=text)
    assert other.match(document) == MATCHER.match(document)
    assert other.revision == MATCHER.revision


@settings(max_examples=60, deadline=None)
@given(text=texts)
def test_an_unrelated_entity_never_changes_anothers_alerts(text):
    more = compile_watchlist(
        [
            Watchlist(watchlist="all", entities=ENTITIES),
            Watchlist(watchlist="more", entities=(Entity(id="quist", name="Helga Quistgaard", kind=Kind.PERSON, aliases=("Quistgaard",)),)),
        ]
    )
    document = Document(id="1", text=f"{text} Helga Quistgaard and Apple")
    before = Document(id="1", text=document.text)
    assert [one for one in more.match(document) if one.entity != "quist"] == list(MATCHER.match(before))


@pytest.mark.parametrize("alias", ["a", "A", "я", "1", "-", "  ", "\u200b", "\ud800", "A" * 5000, "of the", "'"])
def test_odd_names_compile_and_match(alias):
    matcher = compile_watchlist([Watchlist(watchlist="x", entities=(Entity(id="x", name="Orderly Name", aliases=(alias,)),))])
    assert isinstance(matcher.match(Document(id="1", text=f"A line with {alias} and a я in it. \ud800 1")), tuple)


def test_a_list_without_names_and_a_document_without_text():
    empty = compile_watchlist([])
    assert empty.match(Document(id="1", text="Wagner Group")) == ()
    assert not empty.scan("Wagner Group")
    assert MATCHER.match(Document(id="1")) == ()


def test_ten_megabytes_in_one_line_get_an_answer():
    text = "The council met and Wagner Group men watched. " * 230_000
    verdicts = MATCHER.match(Document(id="1", text=text))
    assert verdicts[0].entity == "wagner"
    assert len(verdicts[0].mentions) <= 200
    assert MATCHER.scan("x" * 10_000_000) is False


def test_every_field_is_read():
    for field, key in (
        (Field.TITLE, "title"),
        (Field.TEXT, "text"),
        (Field.SUMMARY, "summary"),
        (Field.CAPTION, "captions"),
        (Field.REMOVED, "removed"),
    ):
        verdicts = MATCHER.match(Document(id="1", **{key: "Here is the Wagner Group."}))
        assert [mention.field for verdict in verdicts for mention in verdict.mentions] == [field]


def test_a_large_list_finds_what_a_small_one_finds():
    crowd = tuple(
        Entity(id=f"p{n}", name=f"Zanthi{n:05d} Quorbel{n:05d}".translate(str.maketrans("0123456789", "bcdfghjklm"))) for n in range(31_000)
    )
    large = compile_watchlist([Watchlist(watchlist="all", entities=ENTITIES), Watchlist(watchlist="crowd", entities=crowd)])
    text = "Евгений Пригожин and the Wagner Group. Later Prigozhin left, and Daniel Novák with him. Novák slept."
    document = Document(id="1", text=text)
    assert large.match(document) == MATCHER.match(document)
