"""What a watchlist says, as its author wrote it: who is watched, under which names, and what speaks for and against.

Each class is one block of ``config/watchlists/*.yaml``, key by key; ``pipeline.settings`` validates YAML straight into
them. This module refuses to know how names are found (``compile``, ``match``) and how alerts are sent.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Literal

from pipeline.model import Duration, Kind, Role, Tier


class Severity(StrEnum):
    """How loud an alert is; it is copied into the payload and changes nothing else."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertSettings:
    """Where a watchlist's alerts go, and how often."""

    to: tuple[str, ...] = ()
    """Ids of endpoints. Empty: alerts are kept and shown, and sent nowhere."""
    at: Tier = Tier.PROBABLE
    """The lowest tier that alerts."""
    cooldown: Duration | None = None
    """After an alert, further stories of the same entity wait this long and come as one. None: the service's policy."""
    digest: Duration | None = None
    """Gather what the cap or cooldown held back into one message each this often. None: the service's policy."""
    cap: int | None = None
    """Instant alerts an hour; the rest goes to the digest. None: the service's policy."""
    severity: Severity | None = None
    """None: high for confirmed, medium for probable, low for possible."""
    updates: bool = True
    """Whether a story that grows is reported again as ``alert.story_update``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Namesake:
    """Somebody or something else of the same name."""

    name: str
    """The full name, such as ``Richard Wagner``."""
    context: tuple[str, ...] = ()
    """Words that show that the namesake is meant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entity:
    """One watched person, organisation, place or product."""

    id: str
    """Stable, unique over all watchlists; what alerts and rules call it."""
    name: str
    """The full name, in any script."""
    kind: Kind = Kind.OTHER
    """A wrong kind costs recall: people are also found by surname, organisations are not vetoed by a given name alone."""
    aliases: tuple[str, ...] = ()
    """Other names. Two words or more count as a full name, one word by its rarity."""
    strong_aliases: tuple[str, ...] = ()
    """Names that mean this entity wherever they stand."""
    weak_aliases: tuple[str, ...] = ()
    """Names that are never worth more than ``possible`` by themselves."""
    context: tuple[str, ...] = ()
    """Words and phrases that speak for this sense of the name."""
    exclude: tuple[str, ...] = ()
    """Words and phrases that speak against it. Evidence, not a filter: a rule's ``none`` is the filter."""
    namesakes: tuple[Namesake, ...] = ()
    """Others of the same name."""
    related: tuple[str, ...] = ()
    """Ids of other entities; each one confirmed in the same document is evidence."""
    about: str = ""
    """One sentence that says who this is; its telling words are weak context."""
    tags: tuple[str, ...] = ()
    """Free labels, copied into the payload."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A hard filter. Every key that is given must hold, and every rule that names an entity must let it through.

    A term is a word or phrase, matched with folding and inflection, or ``entity:ID``.
    """

    entities: tuple[str, ...] = ()
    """Ids that the rule is for. Empty: all entities of the watchlist."""
    all: tuple[str, ...] = ()
    """Terms that must all occur."""
    any: tuple[str, ...] = ()
    """Terms of which one must occur."""
    none: tuple[str, ...] = ()
    """Terms that must not occur."""
    within: int | Literal["paragraph"] | None = None
    """How near a term must stand to a mention: so many words, the same paragraph, or (None) anywhere in the document."""
    tier: Tier | None = None
    """The lowest tier that passes."""
    role: Role | None = None
    """``about``: only articles about the entity."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes; a document of unknown language passes."""
    sources: tuple[str, ...] = ()
    """Ids of feeds or host names; ``example.org`` includes its subdomains."""
    tags: tuple[str, ...] = ()
    """Feed tags, one of which the document must carry."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A text and what it must alert, so that a watchlist is tested by ``wirewatch check``."""

    text: str
    """The article's text, or the sentence that matters."""
    alerts: tuple[str, ...] = ()
    """Ids that must alert at ``alert.at``; all others must not."""
    tiers: dict[str, Tier] = field(default_factory=dict)
    """By id, the tier that it must have exactly."""
    title: str = ""
    """The headline, where it matters."""
    language: str | None = None
    """ISO 639-1, where it matters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watchlist:
    """One file of ``config/watchlists``."""

    watchlist: str = ""
    """The list's name, unique over all files. Empty: the file's name without its ending."""
    alert: AlertSettings = field(default_factory=AlertSettings)
    """Where its alerts go."""
    entities: tuple[Entity, ...] = ()
    """Who is watched."""
    rules: tuple[Rule, ...] = ()
    """Hard filters, applied after matching."""
    tests: tuple[Example, ...] = ()
    """Texts with the alerts that they must cause."""


def revision(lists: tuple[Watchlist, ...]) -> str:
    """``sha256:`` and a hash of what the lists say; the order of lists, entities and names does not count."""
    digest = hashlib.sha256()
    lines = [f"{one.watchlist}\x1f{_said(entity)}" for one in lists for entity in one.entities]
    lines += [f"{one.watchlist}\x1f{asdict(rule)}" for one in lists for rule in one.rules]
    lines.sort()
    for line in lines:
        digest.update(line.encode("utf-8", "surrogatepass"))
    return f"sha256:{digest.hexdigest()}"


def _said(entity: Entity) -> str:
    named = (entity.aliases, entity.strong_aliases, entity.weak_aliases, entity.context, entity.exclude, entity.related, entity.tags)
    groups = "\x1e".join("\x1d".join(sorted(group) if len(group) > 1 else group) for group in named)
    others = "\x1d".join(sorted(f"{other.name}\x1c{sorted(other.context)}" for other in entity.namesakes)) if entity.namesakes else ""
    return f"{entity.id}\x1f{entity.name}\x1f{entity.kind.value}\x1f{groups}\x1f{others}\x1f{entity.about}"
