"""Is the article about the entity, or does it only mention it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.mentions.locate import Found
from pipeline.model import Field, Role

OFTEN: Final = 3
"""Mentions from which on an article may be about somebody who stands in neither title nor lead."""
SPREAD: Final = 0.4
"""Part of the text that these mentions must span."""
LEAD_WORDS: Final = 60


def role_of(founds: Sequence[Found]) -> Role:
    """About: in the title, or in the lead and again later, or often and throughout."""
    fields = {found.reading.field for found in founds}
    body = [found for found in founds if found.reading.field is Field.TEXT]
    if Field.TITLE in fields:
        return Role.ABOUT
    if len(body) >= 2 and min(found.first for found in body) < LEAD_WORDS:
        return Role.ABOUT
    if len(body) >= OFTEN:
        words = max(1, len(body[0].reading.words))
        if (body[-1].first - body[0].first) / words >= SPREAD:
            return Role.ABOUT
    return Role.MENTION
