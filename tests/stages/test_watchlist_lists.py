"""Public lists in, watchlists out; warnings about names; suggestions from texts."""

from __future__ import annotations

import json

import pytest

from pipeline.errors import InputError
from pipeline.mentions.importing import followthemoney, lines, opensanctions, wikidata
from pipeline.mentions.match import compile_watchlist
from pipeline.mentions.misfire import misfires
from pipeline.mentions.suggest import Collector, likelihood
from pipeline.mentions.watchlist import Entity, Namesake, Watchlist, revision
from pipeline.model import Document, Kind
from pipeline.settings.load import load_watchlist_file

CSV = """id,schema,name,aliases,birth_date,countries
NK-1,Person,Arkady Belov,"Аркадий Белов;Белов;Arkadi  Below;A",1961,ru
NK-2,Company,Nordhafen Trading GmbH,NHT;Nordhafen,,de
NK-3,Address,Some Street 5,,,de
,Person,Nobody,,,
NK-4,Vessel,Sea Gull,,,pa
"""


def test_opensanctions_targets():
    found = list(opensanctions.targets(CSV.splitlines(keepends=True)))
    assert [(one.id, one.kind) for one in found] == [("NK-1", Kind.PERSON), ("NK-2", Kind.ORGANIZATION), ("NK-4", Kind.PRODUCT)]
    assert found[0].aliases == ("Аркадий Белов", "Белов", "Arkadi Below")
    assert "Below" not in found[0].weak_aliases


def test_a_csv_that_is_something_else_is_refused():
    with pytest.raises(InputError, match=r"no targets\.simple\.csv"):
        list(opensanctions.targets(["a,b\n", "1,2\n"]))


def test_follow_the_money_lines():
    record = {
        "id": "x:1",
        "schema": "Company",
        "caption": "Blue Gate",
        "properties": {"name": ["Blue Gate", "Блу Гейт"], "weakAlias": ["BG"]},
    }
    other = {"id": "x:2", "schema": "Ownership", "properties": {}}
    found = list(followthemoney.entities([json.dumps(record).encode(), b"\n", json.dumps(other).encode()]))
    assert [(one.name, one.aliases) for one in found] == [("Blue Gate", ("Блу Гейт",))]
    with pytest.raises(InputError, match="line 1"):
        list(followthemoney.entities([b"{"]))


def test_wikidata_dump_and_entity_data():
    entity = {
        "id": "Q1",
        "labels": {"en": {"value": "Ilse Maren"}, "ru": {"value": "Ильзе Марен"}},
        "aliases": {"en": [{"value": "Ilse K. Maren"}]},
        "descriptions": {"en": {"value": "Danish chemist"}},
        "claims": {"P31": [{"mainsnak": {"datavalue": {"value": {"id": "Q5"}}}}]},
    }
    dump = [b"[\n", json.dumps(entity).encode() + b",\n", b"]\n"]
    for source in (dump, [json.dumps({"entities": {"Q1": entity}}).encode()]):
        (found,) = wikidata.entities(source)
        assert (found.id, found.kind, found.about) == ("Q1", Kind.PERSON, "Danish chemist")
        assert set(found.aliases) == {"Ильзе Марен", "Ilse K. Maren"}
    with pytest.raises(InputError, match="no labels"):
        list(wikidata.entities([b'{"a": 1}']))


def test_an_imported_list_is_yaml_and_is_read_both_ways(tmp_path):
    entities = (
        Entity(id="a", name='Arkady "Ark" Belov', kind=Kind.PERSON, aliases=("Аркадий Белов",), tags=("eu",)),
        Entity(id="b", name="Nordhafen: Trading", kind=Kind.ORGANIZATION, context=("port",), about="a trader # of grain"),
    )
    text = "".join(lines.written("imported: list", entities))
    path = tmp_path / "imported.yaml"
    path.write_text(text, "utf-8")
    fast = load_watchlist_file(path)
    assert fast == Watchlist(watchlist="imported: list", entities=entities)
    path.write_text("# a comment makes it any other YAML\n" + text, "utf-8")
    assert load_watchlist_file(path) == fast


def test_what_is_not_exactly_so_is_left_to_yaml():
    text = "".join(lines.written("x", [Entity(id="a", name="A B")]))
    assert lines.split(text) is not None
    assert lines.split(text.replace('"name"', '"nmae"')) is None
    assert lines.split(text + "rules: []\n") is None
    assert lines.split("watchlist: x\n") is None


def test_the_revision_knows_what_is_said_and_not_in_which_order():
    one, two = Entity(id="a", name="A B", aliases=("C", "D")), Entity(id="b", name="B C", namesakes=(Namesake(name="X Y"),))
    forth = revision((Watchlist(watchlist="w", entities=(one, two)),))
    back = revision((Watchlist(watchlist="w", entities=(two, Entity(id="a", name="A B", aliases=("D", "C")))),))
    assert forth == back
    assert forth != revision((Watchlist(watchlist="w", entities=(one,)),))
    assert forth.startswith("sha256:")


def test_names_that_will_misfire_are_told_with_a_share():
    entities = (
        Entity(id="month", name="Anna May", kind=Kind.PERSON, aliases=("May",)),
        Entity(id="word", name="Target Corporation", kind=Kind.ORGANIZATION, aliases=("Target",)),
        Entity(id="helped", name="Shell plc", kind=Kind.ORGANIZATION, aliases=("Shell",), context=("oil",)),
        Entity(id="rare", name="Yevgeny Prigozhin", kind=Kind.PERSON, aliases=("Prigozhin",)),
        Entity(id="common", name="John Smith", kind=Kind.PERSON),
        Entity(id="strong", name="Visa Inc.", kind=Kind.ORGANIZATION, strong_aliases=("Visa",), about="payments"),
        Entity(id="place", name="Paris", kind=Kind.PLACE),
    )
    found = misfires(Watchlist(watchlist="w", entities=entities))
    assert [one.entity for one in found] == ["month", "word", "common", "strong"]
    assert all(0 < one.share <= 1 for one in found)
    assert "context:" in str(found[1])
    assert "%" in str(found[1])


def test_suggestions_come_from_articles_that_are_certain():
    entity = Entity(id="h", name="Karen Hale", kind=Kind.PERSON)
    matcher = compile_watchlist([Watchlist(watchlist="w", entities=(entity,))])
    collector = Collector(entity)
    for number in range(6):
        text = f"Karen Hale of the lighthouse trust spoke. The lighthouse needs paint. Karen A. Hale left. Report {number}."
        document = Document(id=str(number), text=text + " Rain fell on the town, and trains were late." * 12)
        collector.see(document, next(iter(matcher.match(document)), None))
        collector.see(Document(id=f"o{number}", text="Trains were late, and rain fell on the town. " * 20), None)
    found = collector.suggestions()
    assert "lighthouse" in [one.text for one in found.context]
    assert "trains" not in [one.text for one in found.context]
    assert [one.text for one in found.aliases] == ["Karen A. Hale"]


def test_likelihood_of_a_word_that_is_no_more_frequent_here_is_nothing():
    assert likelihood(1, 100, 10, 1000) == 0.0
    assert likelihood(10, 100, 1, 1000) > 10.83
