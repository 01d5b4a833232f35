"""What does a language model call this name here? Asked about short windows around open candidates only.

spaCy (any model, by setting) or natasha for Russian. With none the service runs; the model is evidence, never a decider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from pipeline.errors import ModelMissingError
from pipeline.mentions.evidence import PROBABLE
from pipeline.mentions.ledger import Ledger
from pipeline.mentions.locate import Found
from pipeline.mentions.profile import Profile
from pipeline.mentions.scene import Scene
from pipeline.model import Kind

WINDOW: Final = 120
"""Code points to either side of a candidate."""
NARROW: Final = 0.3
"""How far from ``probable`` a score may be for the model's word to change anything."""


class Recogniser(Protocol):
    """A named-entity recogniser for one or more languages."""

    def label(self, language: str | None, windows: list[tuple[str, int, int]]) -> list[str | None]:
        """PERSON, ORG, PLACE or another label for each span of each window; None where no entity covers it."""
        ...

    def knows(self, language: str | None) -> bool:
        """Whether there is a model for the language."""
        ...


_LABELS: Final = {
    "PER": "PERSON",
    "PERSON": "PERSON",
    "ORG": "ORG",
    "NORP": "ORG",
    "GPE": "PLACE",
    "LOC": "PLACE",
    "FAC": "PLACE",
    "PRODUCT": "PRODUCT",
}
_EXPECTED: Final = {Kind.PERSON: "PERSON", Kind.ORGANIZATION: "ORG", Kind.PLACE: "PLACE", Kind.PRODUCT: "PRODUCT"}


@dataclass(frozen=True, slots=True)
class Recognisers:
    """A pipeline for each language, with spaCy's shape: ``pipe`` of texts to documents with ``ents``."""

    pipelines: Mapping[str, Any]

    def knows(self, language: str | None) -> bool:
        """Whether there is a model for the language; an unknown language is no language."""
        return (language or "")[:2] in self.pipelines

    def label(self, language: str | None, windows: list[tuple[str, int, int]]) -> list[str | None]:
        """The label of the entity that covers each span."""
        nlp = self.pipelines[(language or "")[:2]]
        found: list[str | None] = []
        for doc, (_, start, end) in zip(nlp.pipe(text for text, _, _ in windows), windows, strict=True):
            covering = [one for one in doc.ents if one.start_char < end and start < one.end_char]
            found.append(_LABELS.get(covering[0].label_, covering[0].label_) if covering else None)
        return found


def load_recogniser(models: Mapping[str, str]) -> Recognisers:
    """Load a model for each language: ISO 639-1 → the package of a spaCy model, or ``natasha`` for Russian.

    Raises:
        ModelMissingError: one is not installed or recognises no names; the message names the fix.
    """
    return Recognisers({language: _natasha() if model == NATASHA else _spacy(language, model) for language, model in models.items()})


NATASHA: Final = "natasha"


def _natasha() -> Any:
    try:
        from pipeline.mentions.natasha import Natasha
    except ImportError as error:
        raise ModelMissingError("natasha is not installed; run: pip install 'wirewatch[russian]'") from error
    return Natasha()


def _spacy(language: str, model: str) -> Any:
    """The ``ner`` of a spaCy model alone: 1.8 times as fast with the same entities, unless it listens to a shared tok2vec."""
    import spacy

    try:
        nlp = spacy.load(model, exclude=["tagger", "parser", "lemmatizer", "attribute_ruler", "morphologizer", "senter"])
    except OSError as error:
        raise ModelMissingError(f"the model {model!r} for {language!r} is not installed; install it or remove it from `models`") from error
    if "ner" not in nlp.pipe_names:
        raise ModelMissingError(f"the model {model!r} for {language!r} has no `ner` component; name another one")
    if not _listens(nlp):
        nlp.disable_pipes(*[name for name in nlp.pipe_names if name != "ner"])
    return nlp


def _listens(nlp: Any) -> bool:
    """Whether ``ner`` reads the vectors of a shared tok2vec, which must then run before it."""
    return any(node.name.endswith("listener") for node in nlp.get_pipe("ner").model.walk())


def ask(recogniser: Recogniser, scene: Scene, ledgers: dict[int, list[tuple[Found, Ledger]]], who: Mapping[int, Profile]) -> None:
    """Add the model's word to each open ledger: names of one word whose score is near the line."""
    if not recogniser.knows(scene.language):
        return
    open_ones = [
        (found, ledger, who[entity].entity.kind)
        for entity, judged in ledgers.items()
        if max(ledger.score for _, ledger in judged) < PROBABLE + NARROW
        for found, ledger in judged
        if found.first == found.last and abs(ledger.score - PROBABLE) <= NARROW
    ][:16]
    windows = [_window(found) for found, _, _ in open_ones]
    if not windows:
        return
    for label, (_, ledger, kind) in zip(recogniser.label(scene.language, windows), open_ones, strict=True):
        expected = _EXPECTED.get(kind)
        if label is None or expected is None:
            continue
        if label == expected and kind is Kind.PERSON:
            continue  # that a surname is a person's says nothing about whose
        if label == expected:
            ledger.speak_for("ner_agrees", label)
        else:
            ledger.speak_against("ner_disagrees", label)


def _window(found: Found) -> tuple[str, int, int]:
    """The text around a candidate, cut at white space, and the candidate's place in it."""
    raw = found.reading.raw
    left, right = max(0, found.start - WINDOW), min(len(raw), found.end + WINDOW)
    while left > 0 and not raw[left - 1].isspace() and found.start - left < 2 * WINDOW:
        left -= 1
    while right < len(raw) and not raw[right].isspace() and right - found.end < 2 * WINDOW:
        right += 1
    return raw[left:right], found.start - left, found.end - left
