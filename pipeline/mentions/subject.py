"""Is this text about what the entity does, or about something quite different?

A shipping company is not meant in a review of a concert, nor is a mayor in a match report, whatever single word of the
context turns up there in another sense: a taxi in a sprinter's story, an army of assistants, a mayor's brass band.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pipeline.mentions.ledger import Ledger
from pipeline.mentions.locate import Found
from pipeline.mentions.naming import Worth
from pipeline.mentions.profile import Profile
from pipeline.mentions.scene import NEAR, Scene
from pipeline.model import Kind

TELLING: Final = {
    "culture": frozenset(["music", "stage", "books", "art"]),
    **{name: frozenset([name]) for name in ("sport", "food", "farm", "space")},
}
"""Topics that exclude others; politics, courts and money are met everywhere."""
STRAY: Final = {"context_anywhere": 1.0, "more_context": 1.0, "context_near": 0.5}
"""What part of the context's weight is taken back where the text is about something else: it stands there in another sense."""
NAMESAKE: Final = "namesake"
CLEARLY: Final = 3
"""Different words of another topic, beyond twice those of the entity's own, from which on the text is about something else."""
BARELY: Final = 2


def subject(found: Found, worth: Worth, who: Profile, scene: Scene, ledger: Ledger) -> None:
    """What the topics of the words around a name say, where its author told what it has to do with."""
    if not who.topics or worth > Worth.FULL or who.entity.kind is Kind.PLACE:
        return
    own = _words(scene, who.topics)
    other, against = max(
        ((name, _words(scene, kind - who.topics)) for name, kind in _others(who)), key=lambda one: (len(one[1]), one[0] == NAMESAKE)
    )
    beyond = len(against) - 2 * len(own) + (other == NAMESAKE)
    if worth is Worth.FULL:
        if who.is_person and not own and beyond >= CLEARLY and not ledger.has("context_near", "context_anywhere", "about_word"):
            ledger.speak_against("other_subject", f"{other}: {', '.join(sorted(against)[:3])}", 0.8)
    elif beyond >= BARELY:
        shown = f"{other}: {', '.join(sorted(against)[:3])}"
        ledger.speak_against("other_subject", shown, 1.5 if beyond >= 2 * CLEARLY else 1.0 if beyond >= CLEARLY else 0.6)
        if beyond >= CLEARLY and (stray := sum(ledger.weight(code) * part for code, part in STRAY.items())):
            ledger.speak_against("context_astray", times=stray)
    elif own and len(own) > len(against) and not _needs_more(worth, who, scene, ledger):
        here = scene.number(found.reading)
        near = [stem for stem, places in own.items() if any(n == here and abs(i - found.first) <= NEAR for n, i in places)]
        if near or len(own) > 1:
            times = 1.0 if len(near) > 1 else 0.6
            ledger.speak_for("own_subject", ", ".join(near or list(own)[:3]), times / 2 if ledger.has("context_near") else times)


def _others(who: Profile) -> list[tuple[str, frozenset[str]]]:
    """What else the text may be about; first what the namesakes do."""
    return [(NAMESAKE, who.rivals), *((name, kind) for name, kind in TELLING.items() if kind.isdisjoint(who.topics))]


def _words(scene: Scene, topics: Iterable[str]) -> dict[str, list[tuple[int, int]]]:
    """The different words of these topics, and where they stand."""
    return {stem: places for topic in topics for stem, places in scene.topics.get(topic, {}).items()}


def _needs_more(worth: Worth, who: Profile, scene: Scene, ledger: Ledger) -> bool:
    """Whether a subject tells too little here.

    Where the author wrote in the text's own language, the words chosen are the ones that count. A person's bare surname follows
    other evidence: a subject does not tell one person from another.
    """
    if who.entity.context and (scene.language or "en")[:2] in who.tongues:
        return True
    return (
        who.is_person and worth < Worth.RARE_SURNAME and not ledger.has("full_name_in_document", "nickname", "initials_agree", "title_fits")
    )
