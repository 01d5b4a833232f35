"""What do the words right beside a bare name say? Another given name, a title, the rest of a longer name, a word for its kind."""

from __future__ import annotations

import re
from typing import Final

from pipeline.mentions import rarity
from pipeline.mentions.bearer import Bearer, bearer
from pipeline.mentions.fold import fold, is_capital, is_name_like, is_shouted
from pipeline.mentions.ledger import Ledger
from pipeline.mentions.lexicon import (
    ACTS,
    AND,
    ARTICLES,
    BODIES,
    CUES,
    EPONYMOUS,
    GENERIC,
    IN_PLACE,
    NAME_GOES_ON,
    NATIONS,
    ORGANISED,
    SPEECH,
    TITLES,
)
from pipeline.mentions.likeness import distance
from pipeline.mentions.locate import Found
from pipeline.mentions.naming import LEGAL_FORMS
from pipeline.mentions.profile import APPOSED, Profile, fits
from pipeline.mentions.reading import Reading
from pipeline.mentions.scene import Scene
from pipeline.mentions.things import thing
from pipeline.mentions.topics import topics
from pipeline.model import Kind

_COMPOUND: Final = re.compile(
    "(?:konzern|hersteller|bank|gruppe|anbieter|riese|firma|unternehmen|gesellschaft|söldner|truppe|betreiber|händler)(?:s|n|en)?$"
)
"""German compounds that say what a company does: Energiekonzern, Fluggesellschaft."""
_NOUN_FIRST: Final = frozenset("es fr it pt ro".split())
"""Languages that put an adjective between noun and name: la aerolínea estadounidense Delta."""
COLOURLESS: Final = frozenset(["politics", "court", "tech", "sport"])
"""Topics whose words follow any name in a headline."""
COGNATE: Final = 7
"""Letters from which on two similar words of two languages are taken for one."""
ALIKE: Final = 0.25
"""Weighted distance up to which they are similar."""
_THE: Final = frozenset("la el l le il lo a o".split())
"""Articles before a nationality that stands for a company."""
_DATELINE: Final = re.compile(r"\s*(?:\([^)]*\)?)?\s*[-–—]|\s*\(")
_NAMED_NOUNS: Final = (Kind.ORGANIZATION, Kind.PRODUCT)


def beside(found: Found, who: Profile, scene: Scene, ledger: Ledger) -> None:
    """Everything that the neighbours of a bare name say."""
    _after(found, who, scene, ledger)
    _before(found, who, scene, ledger)
    _apposed(found, who, ledger)
    _speaking(found, who, ledger)
    _peers(found, who, scene, ledger)
    _where(found, who, ledger)
    _ordinary(found, who, scene, ledger)
    if who.entity.kind is Kind.ORGANIZATION:
        thing(found, who, scene, ledger)


def beyond(found: Found, who: Profile, ledger: Ledger) -> None:
    """A full name that goes on as the name of something else: George Washington *University*, George Bush Intercontinental *Airport*."""
    reading, last = found.reading, found.last
    for index in range(last + 1, min(last + 4, len(reading.words))):
        word = reading.words[index]
        if not (reading.adjacent(index - 1) and is_capital(word)):
            return
        if fold(word) in NAME_GOES_ON and fold(word) not in who.own and not reading.is_headline(last):
            ledger.speak_against("name_goes_on", word)
            return


def capitals_mean_little(reading: Reading, index: int, language: str | None) -> bool:
    """Headlines, and German, give capitals to words that are no names."""
    return (language or "")[:2] == "de" or reading.is_headline(index)


def _before(found: Found, who: Profile, scene: Scene, ledger: Ledger) -> None:
    reading = found.reading
    whose, word = bearer(reading, found.first, who)
    if whose is Bearer.OTHER:
        ledger.speak_against("other_given_name", word)
    elif whose is Bearer.TITLE:
        _titled(word, who, ledger)
    elif whose is Bearer.INITIALS:
        ledger.speak_for("initials_agree", word)
    elif whose in (Bearer.NICKNAME, Bearer.OWN):
        if who.is_person:
            ledger.speak_for("nickname", word)
    elif _role_before(found, who, scene, ledger) or capitals_mean_little(reading, found.first, scene.language):
        return
    elif whose is Bearer.STRANGER:
        ledger.speak_against("other_given_name", word, 0.5)
    elif word and not who.is_person:
        ledger.speak_against("longer_name", word, 0.7)


def _titled(word: str, who: Profile, ledger: Ledger) -> None:
    if not who.is_person:
        ledger.speak_against("other_given_name", word, 0.6)
        return
    ledger.speak_for("own_title", word)
    if fits(word, who):
        ledger.speak_for("title_fits", word)


def _role_before(found: Found, who: Profile, scene: Scene, ledger: Ledger) -> bool:
    """What the text calls the bearer right before the name: groupe Wagner, Energiekonzern Shell."""
    if who.is_person or who.entity.kind not in CUES:
        return False
    for back in (1, 2) if (scene.language or "")[:2] in _NOUN_FIRST else (1,):
        index = found.first - back
        if index < 0 or not found.reading.joined(index):
            return False
        if _is_named(found.reading.words[index], who.entity.kind) or (back == 1 and _is_national(found.reading, index, who)):
            ledger.speak_for("role_word", found.reading.words[index])
            return True
    return False


def _is_national(reading: Reading, index: int, who: Profile) -> bool:
    """An article and a nationality before a name speak of a company in Romance languages: la estadounidense Corning."""
    if who.entity.kind is not Kind.ORGANIZATION or not reading.words[index].islower() or index == 0:
        return False
    return reading.folded[index].startswith(NATIONS) and reading.folded[index - 1] in _THE


def _apposed(found: Found, who: Profile, ledger: Ledger) -> None:
    """What the text calls the bearer right behind the name: DSB, *the lender* at the heart of the case."""
    reading, last = found.reading, found.last
    if who.entity.kind not in CUES or reading.gap(last).strip() != "," or ledger.has("role_word", "title_fits"):
        return
    for index in range(last + 1, min(last + 1 + APPOSED, len(reading.words))):
        word = reading.words[index]
        if fits(word, who) if who.is_person else _is_named(word, who.entity.kind):
            ledger.speak_for("title_fits" if who.is_person else "role_word", word)
            return
        if not reading.adjacent(index):
            return


def _is_role(word: str, kind: Kind) -> bool:
    if kind is Kind.ORGANIZATION and (_COMPOUND.search(word.lower()) is not None or word.endswith(ORGANISED)):
        return True
    return fold(word) in CUES[kind]


def _is_named(word: str, kind: Kind) -> bool:
    """Whether a word is what the text calls its bearer, right before or behind a comma: фонд «Аврора»."""
    return _is_role(word, kind) or (kind is Kind.ORGANIZATION and fold(word) in BODIES)


def _after(found: Found, who: Profile, scene: Scene, ledger: Ledger) -> None:
    reading, last = found.reading, found.last
    if last + 1 >= len(reading.words) or not reading.adjacent(last):
        return
    word = reading.words[last + 1]
    plain, hyphen, named = fold(word), "-" in reading.gap(last), is_capital(word)
    if who.entity.kind is Kind.ORGANIZATION and _completes(word, hyphen=hyphen):
        ledger.speak_for("role_word", word)
    elif who.entity.kind is Kind.ORGANIZATION and named and not hyphen and _is_its_own(word, who, scene):
        ledger.speak_for("own_words_follow", word)
    elif plain in EPONYMOUS:
        ledger.speak_against("name_goes_on", word)
    elif fold(reading.words[found.first]) in TITLES and (plain in TITLES or named):
        ledger.speak_against("longer_name", word)
    elif named and plain not in who.own and not hyphen:
        _goes_on(found, word, who, scene, ledger)


def _is_its_own(word: str, who: Profile, scene: Scene) -> bool:
    """Whether the next word is one of the name's own in another language, or of its trade: CARE *Internacional*, Iris *Bankası*."""
    if any(topic in who.topics and topic not in COLOURLESS for topic, _ in topics(word, (scene.language or "en")[:2])):
        return True
    return len(word) >= COGNATE and any(len(own) >= COGNATE and distance(word, own) <= ALIKE for own in who.own)


def _completes(word: str, *, hyphen: bool) -> bool:
    """Target *Corp*, Delta *pilots*, Santander *Bank*, Wagner-*Söldner*."""
    plain, named = fold(word), is_name_like(word)
    if plain in LEGAL_FORMS:
        return named
    return _is_role(word, Kind.ORGANIZATION) and (hyphen or not named or plain in GENERIC)


def _goes_on(found: Found, word: str, who: Profile, scene: Scene, ledger: Ledger) -> None:
    """A word with a capital right behind the name makes both one longer name."""
    known = rarity.is_word(word)
    if fold(word) in NAME_GOES_ON:
        ledger.speak_against("name_goes_on", word)
    elif known and not rarity.is_given(word) and capitals_mean_little(found.reading, found.last, scene.language):
        return
    elif who.entity.kind in _NAMED_NOUNS and rarity.is_dictionary(word) and not rarity.is_frequent_name(found.reading.words[found.first]):
        ledger.speak_against("longer_name", word, 0.3)  # Apple Pay, Shell Energy: the company's own
    elif word.isalpha():
        ledger.speak_against("longer_name", word, 1.0 if rarity.is_surname(word) or not known else 0.8)


def _speaking(found: Found, who: Profile, ledger: Ledger) -> None:
    """Somebody who says something is somebody."""
    reading = found.reading
    if who.entity.kind not in (Kind.PERSON, Kind.ORGANIZATION):
        return
    after, before = found.last + 1, found.first - 1
    if after < len(reading.words) and reading.folded[after] in SPEECH and reading.adjacent(found.last):
        ledger.speak_for("speaks", reading.words[after])
    elif before >= 0 and reading.folded[before] in SPEECH and reading.adjacent(before):
        ledger.speak_for("speaks", reading.words[before])
    elif (
        who.entity.kind is Kind.ORGANIZATION
        and after < len(reading.words)
        and reading.folded[after] in ACTS
        and reading.adjacent(found.last)
    ):
        ledger.speak_for("acts", reading.words[after])


def _peers(found: Found, who: Profile, scene: Scene, ledger: Ledger) -> None:
    """Companies are named in company: Visa *and Mastercard*, Apple *und Amazon*."""
    reading = found.reading
    if who.entity.kind is not Kind.ORGANIZATION:
        return
    for step, start in ((1, found.last), (-1, found.first)):
        link, peer = start + step, start + 2 * step
        linked = 0 <= peer < len(reading.words) and reading.folded[link] in AND and is_name_like(reading.words[peer])
        if linked and _is_company(reading, peer, scene):
            ledger.speak_for("beside_peer", reading.words[peer])
            return


def _is_company(reading: Reading, index: int, scene: Scene) -> bool:
    """A name that is nothing else. Whether it is watched too must not matter: lists do not change each other's alerts."""
    return rarity.is_rare(reading.words[index]) and (scene.language or "")[:2] != "de"


def _where(found: Found, who: Profile, ledger: Ledger) -> None:
    """A name used as a place: *in* Texas, Boston*, Massachusetts*, Fort Worth*,* Texas, SANTANDER *-*."""
    reading, word = found.reading, found.reading.words[found.first]
    before, after = found.first - 1, found.last + 1
    within = before >= 0 and reading.folded[before] in IN_PLACE and reading.adjacent(before)
    if who.entity.kind is Kind.PLACE:
        if rarity.is_place(word):
            ledger.speak_for("known_place")
        if within:
            ledger.speak_for("in_place", reading.words[before])
        return
    dateline = "\n" in reading.gap(before) and _DATELINE.match(reading.gap(found.last)) is not None
    if not rarity.is_place(word):
        if dateline:
            ledger.speak_against("place_sense", "dateline")
        return
    ledger.speak_against("place_name")
    comma = before >= 0 and reading.gap(before).strip() == "," and is_name_like(reading.words[before])
    if within or dateline or comma or (after < len(reading.words) and reading.gap(found.last).strip() == ","):
        ledger.speak_against("place_sense", "dateline" if dateline else "in place")


def _ordinary(found: Found, who: Profile, scene: Scene, ledger: Ledger) -> None:
    """Signs that the word is only a word, or that it cannot be one: a capital inside a sentence."""
    reading, index = found.reading, found.first
    word = reading.words[index]
    if not word[:1].isupper():
        return
    opens = reading.opens_sentence(index)
    acronym = is_shouted(word) and not reading.is_shouting(index)
    if acronym and len(word) > 2 and who.entity.kind is Kind.ORGANIZATION and word in who.capitals and rarity.is_word(word):
        ledger.speak_for("capitals_as_listed", word)
    if rarity.is_calendar(word):
        ledger.speak_against("calendar", word)
    elif not opens and not ledger.has("capitals_as_listed") and who.entity.kind in _NAMED_NOUNS and _cannot_be_a_word(found, scene):
        ledger.speak_for("capital_in_sentence", word)
    elif any(word.lower() in one.distinct for one in scene.readings):
        ledger.speak_against("ordinary_word", word)
    elif opens and not acronym and rarity.is_word(word) and not who.is_person and not ledger.has("speaks", "acts", "beside_peer"):
        ledger.speak_against("sentence_start", word)
    if reading.is_shouting(index) and rarity.is_word(word):
        ledger.speak_against("capitals_only", word)


def _cannot_be_a_word(found: Found, scene: Scene) -> bool:
    """An English word that is no surname, with a capital, and without the article of *the State*, *the Navy*."""
    reading, index = found.reading, found.first
    word = reading.words[index]
    if not rarity.is_dictionary(word) or rarity.is_frequent_name(word) or capitals_mean_little(reading, index, scene.language):
        return False
    return not (index > 0 and reading.folded[index - 1] in ARTICLES)
