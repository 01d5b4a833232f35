"""The ledger of one mention: everything in the document that speaks for or against this entity being meant here.

Reads the scene and the entity's profile, returns lines of evidence, decides nothing: the sum is ``evidence.score``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pipeline.mentions import rarity
from pipeline.mentions.evidence import base, speaks_against, speaks_for
from pipeline.mentions.fold import fold, is_name_like
from pipeline.mentions.lexicon import CUES, GENERIC, IN_PLACE, NAME_GOES_ON, SPEECH, TITLES
from pipeline.mentions.likeness import Likeness, likeness
from pipeline.mentions.locate import Found
from pipeline.mentions.naming import FREQUENT_GIVEN, LEGAL_FORMS, Worth, words_of
from pipeline.mentions.profile import Profile, Term
from pipeline.mentions.reading import Reading
from pipeline.mentions.scene import NEAR, Bearer, Scene, bearer
from pipeline.model import Evidence, Field, Kind

Ledger = tuple[list[Evidence], list[Evidence]]
_OWNING = (Bearer.OTHER, Bearer.OWN, Bearer.NICKNAME, Bearer.INITIALS)


def weigh(found: Found, name: str, worth: Worth, who: Profile, scene: Scene, longer: Iterable[tuple[str, bool]]) -> Ledger:
    """What speaks for and against one mention; ``longer`` are other entities' names that cover this place."""
    why, against = [base(worth, name)], list[Evidence]()
    for code in _spelling(found, worth):
        against.append(speaks_against(code))
    full = worth >= Worth.SHARED
    for text, same_place in longer:
        against.append(speaks_against("also_fits", text) if same_place else speaks_against("longer_name", text, 1.6))
        break
    if not full:
        _neighbours(found, who, scene, why, against)
        _bearers(found, worth, who, scene, why, against)
        _ordinary(found, who, scene, against)
        _kind(found, who, why, against)
        _where(found, who, against)
        _speaking(found, who, why)
        _given_elsewhere(found, who, scene, why)
    else:
        _beyond(found, who, against)
    _context(found, who, scene, why, against)
    _namesakes(found, worth, who, scene, against)
    _position(found, scene, why, against)
    return why, against


def _spelling(found: Found, worth: Worth) -> list[str]:
    if found.likeness is Likeness.RESPELT:
        return ["respelt"] if worth is not Worth.RARE else []
    return ["similar_spelling"] if found.likeness is Likeness.SIMILAR else []


def _neighbours(found: Found, who: Profile, scene: Scene, why: list[Evidence], against: list[Evidence]) -> None:
    """The words right before and after a bare name."""
    reading = found.reading
    _after(reading, found, who, scene.language, why, against)
    whose, word = bearer(reading, found.first, who)
    if whose is Bearer.OTHER:
        against.append(speaks_against("other_given_name", word))
    elif whose is Bearer.STRANGER and not (reading.is_headline(found.first) and not who.is_person):
        against.append(speaks_against("other_given_name", word, 0.5))
    elif whose is Bearer.TITLE:
        (why if who.is_person else against).append(
            speaks_for("own_title", word) if who.is_person else speaks_against("other_given_name", word, 0.6)
        )
    elif whose is Bearer.BARE and word and not who.is_person:
        against.append(speaks_against("longer_name", word, 0.7))
    elif whose is Bearer.INITIALS:
        why.append(speaks_for("initials_agree", word))
    elif whose in (Bearer.NICKNAME, Bearer.OWN) and who.is_person:
        why.append(speaks_for("nickname", word))


def _after(reading: Reading, found: Found, who: Profile, language: str | None, why: list[Evidence], against: list[Evidence]) -> None:
    last = found.last
    if last + 1 >= len(reading.words) or not reading.adjacent(last):
        return
    word = reading.words[last + 1]
    plain = fold(word)
    hyphen = "-" in reading.gap(last)
    organisation = who.entity.kind is Kind.ORGANIZATION
    if organisation and (
        plain in LEGAL_FORMS or (plain in CUES[Kind.ORGANIZATION] and (hyphen or not is_name_like(word) or plain in GENERIC))
    ):
        why.append(speaks_for("role_word", word))
    elif fold(reading.words[found.first]) in TITLES and (plain in TITLES or is_name_like(word)):
        against.append(speaks_against("longer_name", word))
    elif is_name_like(word) and plain not in who.own and not hyphen:
        _goes_on(reading, last, word, language, against)


def _goes_on(reading: Reading, last: int, word: str, language: str | None, against: list[Evidence]) -> None:
    """A word with a capital right behind the name makes both one longer name; headlines and German give capitals to all nouns."""
    if fold(word) in NAME_GOES_ON:
        against.append(speaks_against("name_goes_on", word))
    elif rarity.is_word(word) and not rarity.is_given(word) and (reading.is_headline(last) or (language or "")[:2] == "de"):
        return
    elif word.isalpha():
        against.append(speaks_against("longer_name", word, 1.0 if rarity.is_surname(word) or not rarity.is_word(word) else 0.8))


def _beyond(found: Found, who: Profile, against: list[Evidence]) -> None:
    """A full name that goes on as the name of something else: George Washington *University*, George Bush Intercontinental *Airport*."""
    reading, last = found.reading, found.last
    for index in range(last + 1, min(last + 4, len(reading.words))):
        word = reading.words[index]
        if not (reading.adjacent(index - 1) and is_name_like(word)):
            return
        if fold(word) in NAME_GOES_ON and fold(word) not in who.own and not reading.is_headline(last):
            against.append(speaks_against("name_goes_on", word))
            return


def _bearers(found: Found, worth: Worth, who: Profile, scene: Scene, why: list[Evidence], against: list[Evidence]) -> None:
    """Who was last called by this name in full."""
    surname = fold(found.reading.words[found.first])
    mine, others = [], []
    here = (scene.number(found.reading), found.first)
    for number, reading in enumerate(scene.readings):
        for index, word in enumerate(reading.folded):
            if word == surname or (
                scene.cases
                and word[:3] == surname[:3]
                and likeness(reading.words[index], found.reading.words[found.first]) >= Likeness.INFLECTED
            ):
                whose, name = bearer(reading, index, who)
                if whose is Bearer.OTHER:
                    others.append(((number, index), name))
                elif whose in _OWNING and who.is_person:
                    mine.append(((number, index), name))
    full = [(scene.number(other.reading), other.last) for other in scene.founds.get(found.entity, ()) if other.last > other.first]
    owners = sorted(
        [*((place, True, "") for place in full), *((place, True, n) for place, n in mine), *((place, False, n) for place, n in others)]
    )
    earlier = [owner for owner in owners if owner[0] < here] if found.reading.field is not Field.TITLE else []
    if not owners:
        return
    place, own, name = earlier[-1] if earlier else owners[0]
    if own and (full or worth >= Worth.SURNAME):
        why.append(speaks_for("full_name_in_document", name) if full else speaks_for("nickname", name, 0.6))
    elif not own and place != here:
        against.append(speaks_against("owned_by_other" if earlier or found.reading.field is Field.TITLE else "other_bearer", name))


def _ordinary(found: Found, who: Profile, scene: Scene, against: list[Evidence]) -> None:
    """Signs that the word is only a word."""
    reading, index = found.reading, found.first
    word = reading.words[index]
    plain = fold(word)
    if not word[:1].isupper():
        return
    if rarity.is_calendar(word):
        against.append(speaks_against("calendar", word))
    elif any(plain in one.lower for one in scene.readings):
        against.append(speaks_against("ordinary_word", word))
    elif reading.opens_sentence(index) and rarity.is_word(word) and not who.is_person:
        against.append(speaks_against("sentence_start", word))
    if reading.is_shouting(index) and rarity.is_word(word):
        against.append(speaks_against("capitals_only", word))


def _kind(found: Found, who: Profile, why: list[Evidence], against: list[Evidence]) -> None:
    """Words around the name that fit its kind."""
    reading = found.reading
    cues = CUES.get(who.entity.kind)
    if cues is None or who.is_person:
        return
    window = reading.folded[max(0, found.first - 12) : found.last + 13]
    seen = dict.fromkeys(word for word in window if word in cues)
    if seen:
        times = 1.0 if len(seen) == 1 else 2.0
        why.append(speaks_for("kind_words", ", ".join(list(seen)[:3]), times / 2 if who.context else times))
    if (
        who.entity.kind is Kind.PLACE
        and found.first > 0
        and reading.folded[found.first - 1] in IN_PLACE
        and reading.adjacent(found.first - 1)
    ):
        why.append(speaks_for("in_place", reading.words[found.first - 1]))


def _where(found: Found, who: Profile, against: list[Evidence]) -> None:
    """A name that is a place elsewhere, used as a place: *in* Texas, Boston*, Massachusetts*, Fort Worth*,* Texas, WASHINGTON *-*."""
    reading = found.reading
    if who.entity.kind is Kind.PLACE or not rarity.is_place(reading.words[found.first]):
        return
    against.append(speaks_against("place_name"))
    before, after = found.first - 1, found.last + 1
    comma = reading.gap(before).strip() == "," and before >= 0 and is_name_like(reading.words[before])
    comma = comma or (after < len(reading.words) and reading.gap(found.last).strip() == ",")
    within = before >= 0 and reading.folded[before] in IN_PLACE and reading.adjacent(before)
    dateline = "\n" in reading.gap(before) and bool(_DATELINE.match(reading.gap(found.last)))
    if comma or within or dateline:
        against.append(speaks_against("place_sense", "in place"))


_DATELINE: Final = re.compile(r"\s*(?:\([^)]*\)?)?\s*[-–—]|\s*\(")


def _given_elsewhere(found: Found, who: Profile, scene: Scene, why: list[Evidence]) -> None:
    """The surname here, an uncommon given name of the same person there: "… won't be there: Hudson. Kate was invited"."""
    if not who.order or any(line.code in ("full_name_in_document", "nickname") for line in why):
        return
    given = fold(who.order[0])
    if len(given) < 3 or given in FREQUENT_GIVEN or rarity.is_place(given):
        return
    for reading in scene.readings:
        for index, word in enumerate(reading.folded):
            if word == given and is_name_like(reading.words[index]) and _stands_alone(reading, index):
                why.append(speaks_for("given_name_elsewhere", reading.words[index]))
                return


def _stands_alone(reading: Reading, index: int) -> bool:
    """Whether a given name is not followed by somebody's surname."""
    return index + 1 >= len(reading.words) or not (reading.joined(index) and is_name_like(reading.words[index + 1]))


def _speaking(found: Found, who: Profile, why: list[Evidence]) -> None:
    """Somebody who says something is somebody."""
    reading = found.reading
    if who.entity.kind not in (Kind.PERSON, Kind.ORGANIZATION):
        return
    for index in (found.last + 1, found.first - 1):
        if (
            0 <= index < len(reading.words)
            and reading.folded[index] in SPEECH
            and (reading.adjacent(min(index, found.last)) if index > found.last else reading.adjacent(index))
        ):
            why.append(speaks_for("speaks", reading.words[index]))
            return


def _context(found: Found, who: Profile, scene: Scene, why: list[Evidence], against: list[Evidence]) -> None:
    near, far = _by_distance(found, who.context, scene)
    if near:
        why.append(speaks_for("context_near", ", ".join(near[:3]), 0.8 if who.is_person else 1.0))
    elif far:
        why.append(speaks_for("context_anywhere", ", ".join(far[:3])))
    if len(near) + len(far) > 1:
        why.append(speaks_for("more_context", ", ".join([*near, *far][:4])))
    about_near, about_far = _by_distance(found, who.about, scene)
    if about := [*about_near, *about_far]:
        why.append(speaks_for("about_word", ", ".join(about[:3]), min(2, len(about))))
    near, far = _by_distance(found, who.exclude, scene)
    if near:
        against.append(speaks_against("excluded_near", ", ".join(near)))
    elif far:
        against.append(speaks_against("excluded_anywhere", ", ".join(far)))


def _by_distance(found: Found, terms: tuple[Term, ...], scene: Scene) -> tuple[list[str], list[str]]:
    """Which terms stand near the mention and which elsewhere; the mention's own words do not count."""
    here = scene.number(found.reading)
    near, far = [], []
    for term in terms:
        places = [p for p in scene.occurrences(term) if not (p[0] == here and found.first <= p[1] <= found.last)]
        if any(number == here and abs(index - found.first) <= NEAR for number, index in places):
            near.append(term[0])
        elif places:
            far.append(term[0])
    return near, far


def _namesakes(found: Found, worth: Worth, who: Profile, scene: Scene, against: list[Evidence]) -> None:
    for name, words, context in who.namesakes:
        near, far = _by_distance(found, context, scene)
        same = fold(name) == fold(who.entity.name)
        if not same and worth < Worth.SHARED and _stands(words, scene):
            against.append(speaks_against("namesake", name))
        elif near or far:
            against.append(speaks_against("namesake_context", ", ".join([*near, *far][:3]), 1.0 if near else 0.7))


def _stands(words: tuple[str, ...], scene: Scene) -> bool:
    """Whether a namesake's full name stands anywhere."""
    for reading in scene.readings:
        for index, word in enumerate(reading.folded[: len(reading.words) - len(words) + 1]):
            if word[:2] == fold(words[0])[:2] and all(
                likeness(reading.words[index + k], part) >= Likeness.INFLECTED for k, part in enumerate(words)
            ):
                return True
    return False


def _position(found: Found, scene: Scene, why: list[Evidence], against: list[Evidence]) -> None:
    field = found.reading.field
    if field is Field.REMOVED:
        against.append(speaks_against("outside_text"))
    elif field is Field.TITLE:
        why.append(speaks_for("title_of_article"))
    elif found.first < 60 and field is not Field.CAPTION:
        why.append(speaks_for("lead"))
    del scene


def same_words(name: str, other: str) -> bool:
    """Whether two names are the same words."""
    return tuple(map(fold, words_of(name))) == tuple(map(fold, words_of(other)))
