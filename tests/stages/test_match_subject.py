"""What a text is about, and what stands beside a name, tell bearers of one name apart."""

from __future__ import annotations

import pytest

from pipeline.mentions.match import compile_watchlist
from pipeline.mentions.topics import anywhere, topics
from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.model import Document, Kind, Tier

ENTITIES = (
    Entity(
        id="kronos",
        name="Kronos Shipping AG",
        kind=Kind.ORGANIZATION,
        aliases=("Kronos",),
        context=("tanker", "shipping"),
        about="German tanker company",
    ),
    Entity(id="weber", name="Martin Weber", kind=Kind.PERSON, context=("minister", "finance", "budget")),
    Entity(id="aurora", name="Aurora Foundation", kind=Kind.ORGANIZATION, aliases=("Aurora",), context=("charity", "donors")),
    Entity(id="orlov", name="Pavel Orlov", kind=Kind.PERSON, context=("general", "brigade", "army")),
    Entity(id="iris", name="Iris", kind=Kind.ORGANIZATION, context=("bank", "loans")),
    Entity(id="delgado", name="Ana Delgado", kind=Kind.PERSON, context=("judge", "court")),
    Entity(id="help", name="HELP International", kind=Kind.ORGANIZATION, aliases=("HELP",), context=("humanitarian",)),
)
MATCHER = compile_watchlist([Watchlist(watchlist="x", entities=ENTITIES)])


def tier(entity, text, language):
    return next((one.tier for one in MATCHER.match(Document(id="1", text=text, language=language)) if one.entity == entity), None)


@pytest.mark.parametrize(
    ("entity", "language", "text"),
    [
        ("kronos", "de", "Die Kronos lässt drei Schiffe in Korea bauen. Der Reeder bestellte sie bei einer Werft, die auf Fähren hofft."),
        ("kronos", "tr", "Kronos Denizcilik'e ait gemi boğazda arızalandı. Yük limana çekildi."),
        ("weber", "fr", "Le ministre des Finances, Martin Weber, a présenté son budget mercredi devant le Parlement."),
        ("aurora", "pl", "Fundacja Aurora zbiera pieniądze na dom dziecka. Darczyńcy wpłacili już milion złotych."),
        ("orlov", "ru", "Генерал Орлов, командующий бригадой, представлен к награде, сообщили в министерстве обороны."),
        ("iris", "tr", "Iris Bankası kredi faizlerini indirdi. Bankanın mevduat toplamı arttı."),
        ("help", "es", "El apoyo técnico de HELP Internacional llegó a tres aldeas, dijo la organización humanitaria."),
    ],
)
def test_an_english_context_speaks_in_other_languages(entity, language, text):
    assert tier(entity, text, language) in (Tier.PROBABLE, Tier.CONFIRMED)
    assert MATCHER.scan(text)


@pytest.mark.parametrize(
    ("entity", "language", "text"),
    [
        ("kronos", "de", "Das Restaurant Kronos am Markt hat neue Wirte. Auf der Speisekarte steht Wein aus Samos."),
        ("kronos", "en", "The RQ-9 Kronos flew low over the shipping lane, and the Kronos came home at dusk."),
        ("weber", "de", "Bäcker Martin Weber schließt nach 40 Jahren. Brot aus dem Ofen und einen Koch gab es hier jeden Morgen."),
        ("aurora", "ru", "Крейсер «Аврора» вернулся на набережную после ремонта. Туристы снова поднимутся на борт."),
        ("orlov", "ru", "Нападающий Орлов забил два гола в матче. Тренер похвалил команду."),
        ("iris", "en", "Iris, 34, grows tulips and roses outside Leiden. Iris inherited the field from her aunt."),
    ],
)
def test_another_subject_or_thing_of_the_same_name_is_not_meant(entity, language, text):
    assert tier(entity, text, language) in (None, Tier.POSSIBLE)


def test_a_full_name_in_another_trade_is_not_confirmed():
    text = "La cantante Ana Delgado estrena disco y gira. El álbum tiene once canciones y una guitarra prestada."
    assert tier("delgado", text, "es") is not Tier.CONFIRMED
    assert tier("delgado", "La jueza Ana Delgado, del tribunal de Lugo, ordenó prisión.", "es") is Tier.CONFIRMED


def test_topics_are_known_inflected_compounded_and_behind_an_article():
    assert topics("Containerschiffe", "de")[0][0] == "shipping"
    assert topics("Sommerkonzerte", "de")[0][0] == "music"
    assert topics("наемников", "ru")[0][0] == "military"
    assert topics("والإنسانية", "ar")[0][0] == "aid"
    assert topics("ferry", "xx") == ()
    assert anywhere("central") == frozenset()
    assert anywhere("矿业") == frozenset(["mining"])
