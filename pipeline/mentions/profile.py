"""What one entity's author and its own names tell about the words to look for around a mention.

Built when an entity first turns up in a text, and kept: of a million entities few ever do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pipeline.mentions.concepts import translations
from pipeline.mentions.fold import WORD, fold, is_shouted
from pipeline.mentions.lexicon import CUES, is_title
from pipeline.mentions.naming import LEGAL_FORMS, given_of, namings, surname_of, words_of
from pipeline.mentions.spell import roman, sounds, unended
from pipeline.mentions.topics import anywhere, tongue_of
from pipeline.mentions.watchlist import Entity
from pipeline.model import Kind

Phrase = tuple[tuple[str, frozenset[int], bool], ...]
"""For each word its folded form, the keys that a text may show it by, and whether another script may spell it (names do)."""
Term = tuple[str, tuple[Phrase, ...]]
"""A word or phrase as its author wrote it, and that with its translations."""

STOPPED: Final = frozenset(
    "the and for with from that this its was were has have had who which whose into over under about after before between former "
    "first last one two three"
    "known founded founder based company group american british russian french german chinese european national international of "
    "in on at by to as an a or".split()
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """One entity, ready to be weighed."""

    entity: Entity
    context: tuple[Term, ...]
    exclude: tuple[Term, ...]
    about: tuple[Term, ...]
    namesakes: tuple[tuple[str, tuple[str, ...], tuple[Term, ...]], ...]
    """Name, its words, its context."""
    given: frozenset[str]
    """Folded given names of a person."""
    order: tuple[str, ...]
    """Given names of ``name`` in their order."""
    surname: str | None
    own: frozenset[str]
    """Folded words of all names: a neighbour that is one of them is no stranger."""
    capitals: frozenset[str]
    """Words that its names have in capitals throughout."""
    topics: frozenset[str]
    """What its context, its description and the words of its name have to do with."""
    tongues: frozenset[str]
    """The languages that the context is written in, as far as its words are known to ``topics``."""
    rivals: frozenset[str]
    """What only its namesakes have to do with."""

    @property
    def is_person(self) -> bool:
        """Whether the entity is a person."""
        return self.entity.kind is Kind.PERSON


APPOSED: Final = 4
"""Words behind a name and a comma among which its bearer's office is looked for."""


def fits(word: str, who: Profile) -> bool:
    """Whether a title is of what a person has to do with: *General* to a soldier, *министр* to a politician."""
    return word[:1].isalpha() and is_title(fold(word)) and not anywhere(word).isdisjoint(who.topics)


@lru_cache(maxsize=4096)
def term(text: str) -> Term:
    """A word or phrase with the translations that are known, and their keys."""
    phrases = (tuple((fold(word), keys_of(word), one == text) for word in WORD.findall(one)) for one in translations(text))
    return text, tuple(dict.fromkeys(phrase for phrase in phrases if phrase))


def keys_of(word: str) -> frozenset[int]:
    """The sound keys that a text may show this word by."""
    plain = roman(word)
    return frozenset(map(hash, (sounds(plain), sounds(unended(plain)))))


def profile(entity: Entity) -> Profile:
    """What to look for around this entity's names."""
    names = namings(entity)
    own = frozenset(fold(word) for name in names for word in words_of(name))
    person = entity.kind is Kind.PERSON
    given = (
        frozenset(fold(word) for name in (entity.name, *entity.aliases, *entity.strong_aliases) for word in given_of(name))
        if person
        else frozenset()
    )
    about = _telling(entity.about, own, entity.context)
    topics = _topics([*entity.context, *about, *(() if person else (entity.name, *entity.aliases))])
    return Profile(
        entity=entity,
        context=tuple(map(term, dict.fromkeys(entity.context))),
        exclude=tuple(map(term, entity.exclude)),
        about=tuple(map(term, dict.fromkeys([*about, *_telling_parts(entity)]))),
        namesakes=tuple((other.name, words_of(other.name), tuple(map(term, other.context))) for other in entity.namesakes),
        given=given,
        order=given_of(entity.name) if person else (),
        surname=surname_of(entity),
        own=own,
        capitals=frozenset(word for name in names for word in words_of(name) if is_shouted(word)),
        topics=topics,
        tongues=frozenset(tongue for text in entity.context for word in WORD.findall(text) if (tongue := tongue_of(word))),
        rivals=_topics([text for other in entity.namesakes for text in other.context]) - topics,
    )


def _topics(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(topic for text in texts for word in WORD.findall(text) for topic in anywhere(word))


def _telling(about: str, own: frozenset[str], context: tuple[str, ...]) -> list[str]:
    """The words of ``about`` that tell something: four letters or more, in no name, not already context."""
    said = {fold(word) for phrase in context for word in WORD.findall(phrase)}
    words = dict.fromkeys(word for word in WORD.findall(about) if len(word) > 3 and fold(word) not in STOPPED)
    return [word for word in words if fold(word) not in own and fold(word) not in said]


def _telling_parts(entity: Entity) -> list[str]:
    """The words of a company's full name that say what it does: Delta *Air Lines*, *Banco* Santander."""
    if entity.kind is Kind.PERSON:
        return []
    words = [word for word in words_of(entity.name) if fold(word) not in LEGAL_FORMS and len(word) > 3]
    return [word for word in words if len(words) > 1 and word not in entity.aliases and fold(word) in CUES[Kind.ORGANIZATION]]
