"""The ledger of one mention: everything in the document that speaks for or against this entity being meant here.

Reads the scene and the entity's profile, writes lines of evidence, decides nothing: the sum is ``evidence.score``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Final

from pipeline.mentions import rarity
from pipeline.mentions.bearer import Bearer, bearer
from pipeline.mentions.fold import UNSPACED, fold, is_name_like
from pipeline.mentions.ledger import Ledger
from pipeline.mentions.lexicon import CUES, HONORIFICS
from pipeline.mentions.likeness import Likeness, distance
from pipeline.mentions.locate import Found
from pipeline.mentions.naming import FREQUENT_GIVEN, Worth
from pipeline.mentions.neighbours import beside, beyond
from pipeline.mentions.profile import Profile, Term
from pipeline.mentions.reading import Reading
from pipeline.mentions.scene import NEAR, Owner, Scene
from pipeline.mentions.subject import subject
from pipeline.model import Field, Kind

LEAD: Final = 60
"""Words of the text that count as its lead."""
THROUGHOUT: Final = 5
"""Different words for companies from which on a document is about business."""
CLOSE: Final = 0.12
"""Weighted distance up to which another spelling of a single word is taken for the name without reserve."""
AROUND: Final = 12
"""Words to either side in which a word for the kind counts."""
_OWN: Final = (Bearer.OWN, Bearer.NICKNAME, Bearer.INITIALS)


def weigh(found: Found, name: str, worth: Worth, who: Profile, scene: Scene, longer: Iterable[tuple[str, bool]]) -> Ledger:
    """What speaks for and against one mention.

    ``longer`` are other entities' names that cover this place, and whether they cover no more.
    """
    ledger = Ledger()
    ledger.open_with(worth, name)
    if found.likeness is Likeness.RESPELT:
        alone = found.first == found.last and worth < Worth.SHARED
        far = alone and distance(found.reading.words[found.first], name) > CLOSE
        ledger.speak_against("respelt", times=5.0 if far else 1.0)
    elif found.likeness is Likeness.SIMILAR:
        ledger.speak_against("similar_spelling")
    for text, same_place in longer:
        if same_place:
            ledger.speak_against("also_fits", text)
        else:
            ledger.speak_against("longer_name", text, 1.6)
        break
    if worth >= Worth.SHARED:
        beyond(found, who, ledger)
    elif found.first >= 0:
        beside(found, who, scene, ledger)
        _bearers(found, worth, who, scene, ledger)
        _given_elsewhere(who, scene, ledger)
        _kind(found, who, scene, ledger)
    _context(found, worth, who, scene, ledger)
    subject(found, worth, who, scene, ledger)
    _namesakes(found, worth, who, scene, ledger)
    _position(found, ledger)
    return ledger


def _bearers(found: Found, worth: Worth, who: Profile, scene: Scene, ledger: Ledger) -> None:
    """Who was last called by this name in full."""
    here = (scene.number(found.reading), found.first)
    owners = scene.owners.get((found.entity, found.reading.words[found.first]))
    if owners is None:
        owners = scene.owners[found.entity, found.reading.words[found.first]] = _owners(found, who, scene)
    if not owners:
        return
    titled = found.reading.field is Field.TITLE
    before = 0 if titled else bisect_left(owners, (here, False, ""))
    place, own, name = owners[max(0, before - 1)]
    full = any(other.last > other.first for other in scene.founds.get(found.entity, ()))
    if own and full:
        ledger.speak_for("full_name_in_document", name, scene.trust.get(found.entity, 1.0))
    elif own and worth >= Worth.SURNAME:
        ledger.speak_for("nickname", name, 0.6)
    elif not own and place != here:
        ledger.speak_against("owned_by_other" if before or titled else "other_bearer", name)


def _owners(found: Found, who: Profile, scene: Scene) -> list[Owner]:
    """Every place where the name has an owner, in order: the entity's own full names, and given names before the word."""
    owners: list[Owner] = [
        ((scene.number(other.reading), other.last), True, "") for other in scene.founds.get(found.entity, ()) if other.last > other.first
    ]
    for place in scene.same_word(found):
        whose, name = bearer(scene.readings[place[0]], place[1], who)
        person = whose is Bearer.OTHER or (whose is Bearer.TITLE and not who.is_person and fold(name) in HONORIFICS)
        if person or (whose in _OWN and who.is_person):
            owners.append((place, not person, name))
    return sorted(owners)


def _given_elsewhere(who: Profile, scene: Scene, ledger: Ledger) -> None:
    """The surname here, an uncommon given name of the same person there: "… won't be there: Hudson. Kate was invited"."""
    if not who.order or ledger.has("full_name_in_document", "nickname"):
        return
    given = fold(who.order[0])
    if len(given) < 3 or given in FREQUENT_GIVEN or rarity.is_place(given):
        return
    for reading in scene.readings:
        for index, word in enumerate(reading.folded):
            if word == given and is_name_like(reading.words[index]) and _stands_alone(reading, index):
                ledger.speak_for("given_name_elsewhere", reading.words[index])
                return


def _stands_alone(reading: Reading, index: int) -> bool:
    """Whether a given name is not followed by somebody's surname."""
    return index + 1 >= len(reading.words) or not (reading.joined(index) and is_name_like(reading.words[index + 1]))


def _kind(found: Found, who: Profile, scene: Scene, ledger: Ledger) -> None:
    """Words around the name that fit its kind."""
    cues = CUES.get(who.entity.kind)
    if cues is None or who.is_person:
        return
    first, last = found.reading.sentence(found.first, AROUND)
    window = found.reading.folded[first : last + 1]
    seen = list(dict.fromkeys(word for word in window if word in cues))
    if who.entity.kind is Kind.ORGANIZATION and len(scene.cues) >= THROUGHOUT:
        ledger.speak_for("kind_throughout", ", ".join(sorted(scene.cues)[:3]))
    if seen:
        times = 1.0 if len(seen) == 1 else 2.0
        ledger.speak_for("kind_words", ", ".join(seen[:3]), times / 2 if who.context else times)


def _context(found: Found, worth: Worth, who: Profile, scene: Scene, ledger: Ledger) -> None:
    near, far = _by_distance(found, who.context, scene)
    if near:
        ledger.speak_for("context_near", ", ".join(near[:3]), 0.8 if who.is_person else 1.0)
    elif far:
        ledger.speak_for("context_anywhere", ", ".join(far[:3]))
    elif who.context and worth is Worth.SHARED:
        declared = any(fold(name) == fold(who.entity.name) for name, _, _ in who.namesakes)
        ledger.speak_against("no_context", times=2.0 if declared else 1.0)  # the author knows of another bearer
    if len(near) + len(far) > 1:
        ledger.speak_for("more_context", ", ".join([*near, *far][:4]))
    _about(found, who, scene, ledger)
    near, far = _by_distance(found, who.exclude, scene)
    if near:
        ledger.speak_against("excluded_near", ", ".join(near))
    elif far:
        ledger.speak_against("excluded_anywhere", ", ".join(far))


def _about(found: Found, who: Profile, scene: Scene, ledger: Ledger) -> None:
    """Telling words of the description; the only ones to go by where the author gave no context."""
    near, far = _by_distance(found, who.about, scene)
    if not (near or far):
        return
    times = min(2, len(near) + len(far)) * (1.0 if who.context else 1.5)
    if near and not who.context and who.entity.kind not in CUES:
        times = max(times, 2.5)
    ledger.speak_for("about_word", ", ".join([*near, *far][:3]), times)


def _by_distance(found: Found, terms: tuple[Term, ...], scene: Scene) -> tuple[list[str], list[str]]:
    """Which terms stand near the mention and which elsewhere; the mention's own words do not count."""
    here = scene.number(found.reading)
    near, far = [], []
    for term in terms:
        letters = UNSPACED.search(term[0]) is not None  # where a whole clause is one word, the name may share it
        places = [p for p in scene.occurrences(term) if letters or not (p[0] == here and found.first <= p[1] <= found.last)]
        if any(number == here and abs(index - found.first) <= NEAR for number, index in places):
            near.append(term[0])
        elif places:
            far.append(term[0])
    return near, far


def _namesakes(found: Found, worth: Worth, who: Profile, scene: Scene, ledger: Ledger) -> None:
    for name, words, context in who.namesakes:
        near, far = _by_distance(found, context, scene)
        same = fold(name) == fold(who.entity.name)
        if not same and worth < Worth.SHARED and scene.stands(words):
            ledger.speak_against("namesake", name)
        elif near or far:
            ledger.speak_against("namesake_context", ", ".join([*near, *far][:3]), 1.0 if near else 0.7)


def _position(found: Found, ledger: Ledger) -> None:
    field = found.reading.field
    if field is Field.REMOVED:
        ledger.speak_against("outside_text")
    elif field is Field.TITLE:
        ledger.speak_for("title_of_article")
    elif found.first < LEAD and field is not Field.CAPTION:
        ledger.speak_for("lead")
