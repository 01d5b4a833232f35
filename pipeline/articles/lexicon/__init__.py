"""The words by which sites speak to their readers, by language and concept.

A cell holds entries between ``|``: words in lower case, separated by one space, without punctuation (``don t miss``). ``*`` at the end
stands for any ending; ``!`` in front marks what next to only a site says. Entries without spaces between words (Arabic with its
clitics, Chinese, Japanese) are found inside longer words. ``call`` is what a reader is asked to do, ``you`` and ``we`` are who speaks
to whom, ``now`` is how an offer is praised, ``this`` is the page itself, ``they`` and ``was`` are how stories are told; all other
concepts are what is offered, asked or declared.
"""

from __future__ import annotations

from typing import Final

from pipeline.articles.lexicon import germanic, others, romance

LEXICON: Final[dict[str, dict[str, str]]] = germanic.WORDS | romance.WORDS | others.WORDS
"""Language → concept → entries."""
UNSPACED: Final = frozenset({"ar", "ja", "zh"})
"""Languages whose entries are found inside longer words."""
ABOUT: Final = frozenset({"call", "you", "we", "now", "this", "they", "was"})
"""Concepts that say how a line speaks; all others say what of."""
