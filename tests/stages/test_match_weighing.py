"""Who is meant: what speaks for and against, and the tiers that follow."""

from __future__ import annotations

import pytest

from pipeline.mentions.evidence import AGAINST, BASE, CONFIRMED, FOR, POSSIBLE, PROBABLE, tier_of
from pipeline.mentions.match import compile_watchlist
from pipeline.mentions.naming import Worth
from pipeline.mentions.watchlist import Entity, Namesake, Watchlist
from pipeline.model import Document, Kind, Role, Tier, Verdict

WAGNER = Entity(
    id="wagner",
    name="Wagner Group",
    kind=Kind.ORGANIZATION,
    aliases=("Wagner", "PMC Wagner"),
    context=("mercenary", "Bakhmut"),
    exclude=("opera", "Bayreuth"),
    namesakes=(Namesake(name="Richard Wagner", context=("composer",)),),
    related=("prigozhin",),
)
PRIGOZHIN = Entity(id="prigozhin", name="Yevgeny Prigozhin", kind=Kind.PERSON, aliases=("Prigozhin",))
HALE = Entity(id="hale", name="Karen Hale", kind=Kind.PERSON, aliases=("Hale",), context=("harbour",))


def verdict(text: str, entity: Entity, *more: Entity, title: str = "", removed: str = "", language: str | None = None) -> Verdict | None:
    matcher = compile_watchlist([Watchlist(watchlist="test", entities=(entity, *more))])
    document = Document(id="1", title=title, text=text, removed=removed, language=language)
    return next((one for one in matcher.match(document) if one.entity == entity.id), None)


def tier(text: str, entity: Entity, *more: Entity, **fields: str) -> Tier | None:
    found = verdict(text, entity, *more, **fields)
    return found.tier if found else None


def codes(found: Verdict | None) -> tuple[set[str], set[str]]:
    assert found is not None
    best = max(found.mentions, key=lambda mention: mention.score)
    return {line.code for line in best.why}, {line.code for line in best.against}


@pytest.mark.parametrize(
    ("worth", "expected"),
    [
        (Worth.WEAK, Tier.POSSIBLE),
        (Worth.COMMON, Tier.POSSIBLE),
        (Worth.RARE, Tier.PROBABLE),
        (Worth.SHARED, Tier.PROBABLE),
        (Worth.FULL, Tier.CONFIRMED),
        (Worth.STRONG, Tier.CONFIRMED),
    ],
)
def test_what_a_name_is_worth_alone(worth, expected):
    assert tier_of(BASE[worth][1]) is expected


def test_the_cuts_are_in_order_and_every_weight_is_positive():
    assert 0 < POSSIBLE < PROBABLE < CONFIRMED < 1
    assert all(weight > 0 for weight in (*FOR.values(), *AGAINST.values()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Wagner Group left the base.", Tier.CONFIRMED),
        ("Wagner mercenaries left Bakhmut.", Tier.CONFIRMED),
        ("Les mercenaires de Wagner ont quitté la base.", Tier.PROBABLE),
        ("Karen Wagner, the mayor, opened the bridge. Wagner was pleased.", None),
        ("Mayor Wagner opened the bridge.", None),
        ("The actor Robert Wagner turned ninety, and Wagner smiled.", None),
        ("Bayreuth opened with a new Ring by Wagner.", None),
        ("Bayreuth honours the composer: Wagner is sold out.", None),
    ],
)
def test_a_company_with_a_surname(text, expected):
    assert tier(text, WAGNER) is expected


def test_the_ledger_says_who_owns_the_name():
    why, against = codes(verdict("Karen Wagner spoke first. Later Wagner left.", WAGNER))
    assert "common_word" in why
    assert against & {"other_given_name", "owned_by_other"}


def test_a_related_entity_that_is_confirmed_speaks_for_the_other():
    text = "Yevgeny Prigozhin paid for it, and Wagner moved in."
    assert tier("Somebody paid for it, and Wagner moved in.", WAGNER, PRIGOZHIN) is Tier.POSSIBLE
    assert tier(text, WAGNER, PRIGOZHIN) is Tier.PROBABLE


def test_a_surname_follows_its_full_name_and_not_another_persons():
    assert tier("Karen Hale spoke. Hale left early.", HALE) is Tier.CONFIRMED
    assert tier("Oskar Hale spoke. Hale left early.", HALE) is None


def test_a_nickname_and_initials_stand_for_the_given_name():
    marcus = Entity(id="m", name="Bernard Pellow", kind=Kind.PERSON, aliases=("Pellow",))
    assert tier("Bernie Pellow sold the shop.", marcus) is not Tier.POSSIBLE
    assert tier("B. Pellow sold the shop.", marcus) in (Tier.PROBABLE, Tier.CONFIRMED)
    assert tier("R. Pellow sold the shop.", marcus) is None


def test_a_full_name_may_go_on_as_something_else():
    assert tier("Lectures at Karen Hale University begin.", HALE) is not Tier.CONFIRMED


def test_a_common_full_name_is_no_proof_by_itself():
    smith = Entity(id="s", name="John Smith", kind=Kind.PERSON)
    assert tier("John Smith was fined.", smith) is Tier.PROBABLE
    assert tier("Helga Quistgaard was fined.", Entity(id="q", name="Helga Quistgaard", kind=Kind.PERSON)) is Tier.CONFIRMED


def test_a_namesake_of_the_very_same_name_is_told_by_context():
    minister = Entity(
        id="n", name="Daniel Novák", kind=Kind.PERSON, context=("minister",), namesakes=(Namesake(name="Daniel Novák", context=("goal",)),)
    )
    assert tier("The minister Daniel Novák resigned.", minister) is not None
    assert tier("Daniel Novák shot the winning goal.", minister) in (None, Tier.POSSIBLE)


@pytest.mark.parametrize("field", ["removed"])
def test_what_is_not_the_story_never_fires_alone(field):
    found = verdict("Nothing here.", WAGNER, **{field: "Most read: Wagner Group in Mali"})
    assert found is not None
    assert found.tier is None
    assert found.mentions[0].surface == "Wagner Group"


def test_a_name_in_the_title_counts():
    assert tier("The talks ended.", PRIGOZHIN, title="Yevgeny Prigozhin dies") is Tier.CONFIRMED


def test_a_place_used_as_a_place_speaks_against_a_team():
    team = Entity(id="t", name="Boston Otters", kind=Kind.ORGANIZATION, aliases=("Boston",), context=("hockey",))
    assert tier("He grew up in Boston, Massachusetts, and played hockey.", team) in (None, Tier.POSSIBLE)
    assert tier("The Boston Otters won.", team) is Tier.CONFIRMED


def test_a_month_is_not_a_prime_minister():
    may = Entity(id="may", name="Theresa May", kind=Kind.PERSON, aliases=("May",))
    assert tier("May was wet. In May the rain fell on the prime minister.", may) is None
    assert tier("Theresa May resigned. May wept.", may) is Tier.CONFIRMED


def test_about_or_merely_named():
    about = verdict("Karen Hale won. The harbour cheered. Later Hale gave thanks.", HALE)
    named = verdict("The harbour council met for the tenth time. " * 12 + "Karen Hale was absent.", HALE)
    assert about is not None
    assert named is not None
    assert (about.role, named.role) == (Role.ABOUT, Role.MENTION)


def test_a_recogniser_can_speak_but_not_decide_for_persons():
    class Says:
        def knows(self, language):
            return True

        def label(self, language, windows):
            return ["PERSON" for _ in windows]

    matcher = compile_watchlist([Watchlist(watchlist="t", entities=(HALE, WAGNER))])
    document = Document(id="1", text="Wagner slept. Hale slept.", language="en")
    before = {one.entity: one.score for one in matcher.match(document)}
    after = {one.entity: one.score for one in matcher.match(document, Says())}
    assert after["hale"] == before["hale"]
    assert after["wagner"] < before["wagner"]
