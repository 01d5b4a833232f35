"""natasha's recogniser of Russian names, in the shape of a spaCy pipeline.

Segmenter and tagger only: natasha's MorphVocab needs pymorphy2, which does not load on current Pythons, and nothing here needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from natasha import Doc, NewsEmbedding, NewsNERTagger, Segmenter


@dataclass(frozen=True, slots=True)
class Span:
    """A name that was recognised."""

    start_char: int
    end_char: int
    label_: str
    """PER, ORG or LOC."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its names."""

    ents: tuple[Span, ...]


class Natasha:
    """Loaded once; 30 MB of embeddings come with the package."""

    def __init__(self) -> None:
        self._segmenter: Any = Segmenter()
        self._tagger: Any = NewsNERTagger(NewsEmbedding())

    def pipe(self, texts: Iterable[str]) -> Iterator[Text]:
        """The names of each text."""
        for text in texts:
            doc = Doc(text)
            doc.segment(self._segmenter)
            doc.tag_ner(self._tagger)
            yield Text(tuple(Span(one.start, one.stop, one.type) for one in doc.spans))
