"""What counts as the same name: scripts, romanisations, endings, typography. And what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mentions.fold import clean, fold
from pipeline.mentions.likeness import Likeness, distance, likeness
from pipeline.mentions.match import compile_watchlist
from pipeline.mentions.reading import Reading
from pipeline.mentions.spell import roman, skeletons, sounds
from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.model import Document, Field, Kind

PRIGOZHIN = Entity(id="prigozhin", name="Yevgeny Prigozhin", kind=Kind.PERSON)


def surfaces(text: str, *entities: Entity, **fields: str) -> list[tuple[str, str]]:
    matcher = compile_watchlist([Watchlist(watchlist="test", entities=entities)])
    document = Document(id="1", text=text, **fields)
    return [(mention.entity, mention.surface) for verdict in matcher.match(document) for mention in verdict.mentions]


@pytest.mark.parametrize(
    "written",
    ["Пригожина", "Пригожиным", "Prigoschin", "Prigojine", "Prigożyn", "Prigożyna", "Prigožin", "Prigožina", "Prigozhin’s", "PRIGOZHIN"],
)
def test_a_surname_is_found_in_every_spelling_of_the_news(written):
    text = f"Вчера {written} снова видели." if written[0] > "\u0400" else f"Gestern wurde {written} gesehen."
    assert ("prigozhin", written.removesuffix("’s")) in surfaces(text, PRIGOZHIN)


@pytest.mark.parametrize(
    "written",
    [
        "Евгений Пригожин",
        "Евгения Пригожина",
        "Євген Пригожин",
        "Evgueni Prigojine",
        "Jewgeni Prigoschin",
        "Evgenii Prigozhin",
        "Jewgienij Prigożyn",
        "Пригожин Евгений",
        "Евгений Викторович Пригожин",
        "Yevgeny V. Prigozhin",
        "Yevgeny\u00a0Prigozhin",
        "Yev\u00adgeny Prig\u200bozhin",
        "Yevgeny\n\t\tPrigozhin",
        "YEVGENY PRIGOZHIN",
    ],
)
def test_a_full_name_is_one_mention_in_every_spelling(written):
    found = surfaces(f"Reporters asked: {written} answered.", PRIGOZHIN)
    assert found == [("prigozhin", written)]


@pytest.mark.parametrize(
    "text",
    ["Yevgeny left. Prigozhin Street is closed", "the prigozhin of old", "Yevgeny, as Oleg Prigozhinsky said"],
)
def test_a_name_is_not_put_together_across_a_sentence_or_a_case(text):
    assert not any(" " in surface for _, surface in surfaces(text, PRIGOZHIN))


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Apple", "an apple a day", False),
        ("Apple", "APPLE UNVEILS PHONE", True),
        ("Wagner", "Wagnerian brass", False),
        ("DSB", "dsb", False),
        ("Shell", "Er arbeitet bei der Shell-Raffinerie.", True),
        ("Orange", "l’Orange bleue", True),
        ("华为", "昨天华为发布了新手机。", True),
        ("ジャニーズ", "元ジャニーズ所属", True),
        ("กสิกรไทย", "ธนาคารกสิกรไทยประกาศ", True),
        ("فاغنر", "قوات فاغنر في مالي", True),
        ("C++", "The C++ committee met", True),
        ("AT&T", "AT&T said", True),
        ("bitcoin", "Bitcoin fell", True),
        ("Μητσοτάκης", "Ο Κυριάκος Μητσοτάκης είπε", True),
    ],
)
def test_case_and_boundaries_by_script(name, text, found):
    assert bool(surfaces(text, Entity(id="it", name=name, kind=Kind.ORGANIZATION))) is found


def test_a_company_form_may_change_or_fall_away():
    target = Entity(id="target", name="Target Corporation", kind=Kind.ORGANIZATION)
    assert ("target", "Target Corp") in surfaces("Shares of Target Corp. rose.", target)
    assert ("exxon", "Exxon Mobil") in surfaces("Exxon Mobil said so.", Entity(id="exxon", name="ExxonMobil", kind=Kind.ORGANIZATION))


def test_one_title_reads_in_other_languages():
    francis = Entity(id="pope", name="Pope Francis", kind=Kind.PERSON)
    assert surfaces("Il viaggio di papa Francis a Malta.", francis)


def test_middle_initials_tell_father_from_son():
    son = Entity(id="son", name="George W. Bush", kind=Kind.PERSON)
    assert all(" " not in surface for _, surface in surfaces("George H. W. Bush flew to Texas.", son))


def test_in_its_own_script_a_similar_name_is_another_name():
    assert likeness("Michelle", "Michael") is not Likeness.SAME
    assert not surfaces("Michelle Jackson sang.", Entity(id="mj", name="Michael Jackson", kind=Kind.PERSON))[1:]
    assert distance("Дейвид", "David") < distance("Дейвид", "Donald")


def test_keys_of_many_words_are_the_keys_of_each():
    words = ["Пригожин", "Müller", "Schtscherbakow", "d", "", "Ångström", "Μητσοτάκης", "x"]
    for key in (skeletons, sounds):
        assert key(roman("\n".join(words))).split("\n") == [key(roman(word)) for word in words]


def test_fold_keeps_letters_of_their_own_only_where_it_says_so():
    assert fold("Šefčovič") == "sefcovic"
    assert fold("Łódź") == "lodz"


@pytest.mark.parametrize("text", ["plain words", "Мар'яна й В’ячеслав", "snake_case words", "हिन्दी समाचार", "naïve café", "a\u0301b"])
def test_the_cheap_word_pattern_finds_the_same_words(text):
    from pipeline.mentions.fold import WORD

    reading = Reading(Field.TEXT, text)
    assert reading.words == WORD.findall(clean(text).text)
    assert [reading.text[start:end] for start, end in reading.places] == reading.words


@given(st.text("ab Ж中_\n\u00ad\u200b\u0301\u0308e\ufb01\uff21\ud800", max_size=20))
def test_each_letter_of_a_cleaned_text_leads_back_to_what_it_is_written_with(text):
    cleaned, before = clean(text), 0
    for at in range(len(cleaned.text)):
        start, end = cleaned.span(at, at + 1)
        assert before <= start < end <= len(text)
        assert cleaned.text[at] in clean(text[start:end]).text
        before = start
