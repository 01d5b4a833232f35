"""Does a watchlist's author want to hear of this? Hard filters over verdicts that are already reached.

A rule never makes an alert, and never changes a tier; it lets a verdict through or says why not. Terms are matched with
the folding and inflection of context words. Words in removed lines count for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pipeline.mentions import language as languages
from pipeline.mentions.profile import term
from pipeline.mentions.reading import Reading
from pipeline.mentions.scene import Scene
from pipeline.mentions.watchlist import Rule, Watchlist
from pipeline.model import Document, Field, Role, Verdict

ENTITY: Final = "entity:"
"""What a term starts with that means a watched entity instead of a word."""

Place = tuple[Field, int]
"""A field and the number of a word in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling:
    """What the rules of a list say of one verdict."""

    passes: bool
    says: str = ""
    """Why not, for a person."""


def ruling(watchlist: Watchlist, verdict: Verdict, others: Sequence[Verdict], document: Document) -> Ruling:
    """Whether every rule of the list that speaks of this entity lets the verdict through.

    ``others`` are all verdicts on the document, for ``entity:`` terms.
    """
    page = _Page(document, others)
    for rule in watchlist.rules:
        if rule.entities and verdict.entity not in rule.entities:
            continue
        why = _objection(rule, verdict, page)
        if why:
            return Ruling(passes=False, says=why)
    return Ruling(passes=True)


class _Page:
    """A document as rules ask about it; words are looked for only when a rule names some."""

    def __init__(self, document: Document, verdicts: Sequence[Verdict]) -> None:
        self.document = document
        self.verdicts = {verdict.entity: verdict for verdict in verdicts if verdict.tier is not None}
        self._scene: Scene | None = None

    @property
    def scene(self) -> Scene:
        """The words of everything that counts."""
        if self._scene is None:
            readings = [
                Reading(field, self.document.part(field)) for field in Field if field is not Field.REMOVED and self.document.part(field)
            ]
            language = self.document.language or languages.guess(readings)
            self._scene = Scene(readings=readings, cases=languages.has_cases(language), language=language)
        return self._scene

    def places(self, wanted: str) -> list[Place]:
        """Where a term stands."""
        if wanted.startswith(ENTITY):
            return self.mentioned(self.verdicts.get(wanted.removeprefix(ENTITY)))
        return [(self.scene.readings[number].field, index) for number, index in self.scene.occurrences(term(wanted))]

    def mentioned(self, verdict: Verdict | None) -> list[Place]:
        """Where an entity is mentioned, as far as its mentions count."""
        if verdict is None:
            return []
        return [
            (reading.field, _word_of(reading, mention.start))
            for mention in verdict.mentions
            if mention.tier is not None
            for reading in self.scene.readings
            if reading.field is mention.field
        ]

    def paragraph(self, place: Place) -> tuple[Field, int]:
        """The line that a word stands in."""
        reading = next(one for one in self.scene.readings if one.field is place[0])
        return place[0], reading.line_of(place[1])[0] if reading.words else 0


def _word_of(reading: Reading, offset: int) -> int:
    """The word at a code point of the field as it was given."""
    for index, (start, end) in enumerate(reading.places):
        if reading.cleaned.span(start, end)[1] > offset:
            return index
    return max(0, len(reading.places) - 1)


def _objection(rule: Rule, verdict: Verdict, page: _Page) -> str:
    """Why this rule keeps the verdict quiet; empty when it does not. Cheap questions first."""
    return _about_verdict(rule, verdict) or _about_document(rule, page.document) or _about_terms(rule, verdict, page)


def _about_verdict(rule: Rule, verdict: Verdict) -> str:
    if rule.tier is not None and (verdict.tier is None or verdict.tier.rank < rule.tier.rank):
        return f"a rule asks for {rule.tier.value}, this is {verdict.tier.value if verdict.tier else 'below possible'}"
    if rule.role is Role.ABOUT and verdict.role is not Role.ABOUT:
        return "a rule asks for articles about the entity, and this one only mentions it"
    if rule.role is Role.MENTION and verdict.role is not Role.MENTION:
        return "a rule asks for articles that only mention the entity, and this one is about it"
    return ""


def _about_document(rule: Rule, document: Document) -> str:
    if rule.languages and document.language is not None and document.language not in rule.languages:
        return f"a rule asks for {', '.join(rule.languages)}, this is {document.language}"
    if rule.sources and not any(_is_from(document, source) for source in rule.sources):
        return f"a rule asks for the sources {', '.join(rule.sources)}"
    if rule.tags and not set(rule.tags) & set(document.tags):
        return f"a rule asks for a feed tagged {' or '.join(rule.tags)}"
    return ""


def _is_from(document: Document, source: str) -> bool:
    host = urlsplit(document.url or "").hostname or ""
    return source in {document.source, host} or host.endswith(f".{source}")


def _about_terms(rule: Rule, verdict: Verdict, page: _Page) -> str:
    if not (rule.all or rule.any or rule.none):
        return ""
    near = _nearness(rule, verdict, page)
    for wanted in rule.none:
        if any(near(place) for place in page.places(wanted)):
            return f"a rule excludes {wanted!r}"
    missing = [wanted for wanted in rule.all if not any(near(place) for place in page.places(wanted))]
    if missing:
        return f"a rule asks for {missing[0]!r}" + _reach(rule)
    if rule.any and not any(near(place) for wanted in rule.any for place in page.places(wanted)):
        return f"a rule asks for one of {_quoted(rule.any)}" + _reach(rule)
    return ""


def _nearness(rule: Rule, verdict: Verdict, page: _Page) -> _Near:
    mentions = page.mentioned(verdict) if rule.within is not None else []
    paragraphs = {page.paragraph(place) for place in mentions} if rule.within == "paragraph" else set()
    return _Near(rule.within, mentions, paragraphs, page)


class _Near:
    """Whether a place is as near to a mention as the rule wants it."""

    def __init__(self, within: int | str | None, mentions: list[Place], paragraphs: set[tuple[Field, int]], page: _Page) -> None:
        self._within = within
        self._mentions = mentions
        self._paragraphs = paragraphs
        self._page = page

    def __call__(self, place: Place) -> bool:
        if self._within is None:
            return True
        if isinstance(self._within, int):
            return any(field is place[0] and abs(index - place[1]) <= self._within for field, index in self._mentions)
        return self._page.paragraph(place) in self._paragraphs


def _reach(rule: Rule) -> str:
    if rule.within is None:
        return ""
    return " in the paragraph of a mention" if rule.within == "paragraph" else f" within {rule.within} words of a mention"


def _quoted(terms: Iterable[str]) -> str:
    return ", ".join(repr(one) for one in terms)
