"""How much of a page is read? Apart from the reading itself, so that settings can be checked without loading an extractor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtractPolicy:
    """How much of a page is read."""

    max_bytes: int = 3_000_000
    """Bytes decoded at most; news pages stay below 2 MB."""
    max_elements: int = 12_000
    """Elements from which a page takes the bounded path; the largest of 416 real pages has 4,842."""
    max_depth: int = 250
    """Nesting from which a page takes the bounded path."""
    max_inline: int = 3_000
    """Inline children of one element from which a page takes the bounded path."""
