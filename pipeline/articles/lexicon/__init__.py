"""The words by which sites speak to their readers, by language and concept.

A cell holds entries between ``|``: words in lower case, separated by one space, without punctuation (``don t miss``). ``*`` at the end
stands for any ending; ``!`` in front marks what next to only a site says. Entries without spaces between words (Arabic with its
clitics, Chinese, Japanese) are found inside longer words. ``call`` is what a reader is asked to do, ``you`` and ``we`` are who speaks
to whom, ``now`` is how an offer is praised, ``this`` is the page itself, ``they`` and ``was`` are how stories are told; all other
concepts are what is offered, asked or declared.
"""

from __future__ import annotations

from typing import Final

from pipeline.articles.lexicon import eastern, germanic, others, romance, slavic


def _together(*tables: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The cells of all tables; a cell that two of them hold has the entries of both."""
    whole: dict[str, dict[str, str]] = {}
    for table in tables:
        for language, concepts in table.items():
            known = whole.setdefault(language, {})
            for concept, cell in concepts.items():
                known[concept] = f"{known[concept]}|{cell}" if concept in known else cell
    return whole


LEXICON: Final = _together(germanic.WORDS, romance.WORDS, others.WORDS, slavic.WORDS, eastern.WORDS)
"""Language → concept → entries."""
UNSPACED: Final = frozenset({"ar", "ja", "zh"})
"""Languages whose entries are found inside longer words."""
ABOUT: Final = frozenset({"call", "you", "we", "now", "this", "they", "was"})
"""Concepts that say how a line speaks; all others say what of."""
