"""Did everything come out right? Holds what arrived, and what the ledger says, against what the edition knows to be true.

Pure: it decides, ``show`` prints. One alert is owed for each entity of each report; copies of a report may carry it, all
else is a fault, and so is an article that the service never finished with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workers.demo.edition import Article, Edition, Trick
from workers.demo.receiver import Received

PROMISE: Final = 5.0
"""Seconds from an entry's appearing in its feed to the alert."""
_FINISHED: Final = frozenset({"alerted", "no_match", "duplicate", "suppressed"})


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerLine:
    """What the service itself says has become of an article."""

    state: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An alert that was owed and came."""

    article: Article
    alert: Received
    seconds: float
    """From the entry's appearing (or its edit's) to the alert."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """An article that nobody was told of, and why that is right."""

    article: Article
    why: str
    line: LedgerLine | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """Everything that happened, judged."""

    told: tuple[Told, ...]
    kept: tuple[Kept, ...]
    verified: int
    """POSTs whose signature held."""
    ledger: Mapping[str, LedgerLine]
    """By the article's id, as it was handed in."""
    faults: tuple[str, ...]
    """What is missing or wrong, one line each; empty when everything came out right."""

    @property
    def is_right(self) -> bool:
        """Whether every alert that was owed came, and nothing else."""
        return not self.faults

    @property
    def slowest(self) -> float:
        """Seconds of the slowest alert; 0 where none came."""
        return max((one.seconds for one in self.told), default=0.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What there is to judge by."""

    received: Sequence[Received]
    ledger: Mapping[str, LedgerLine]
    """By the article's id; an article that the service has not seen is absent."""
    article_at: Callable[[str], Article | None]
    """The article of an address."""
    since: Callable[[Article, str], float]
    """When the entity of that id first could be read in the article's feed or page, Unix seconds."""


def is_finished(article: Article, line: LedgerLine | None) -> bool:
    """Whether the service is through with the article, or waits for the page that never comes."""
    if line is None:
        return False
    return line.state == "retrying" if article.trick is Trick.NEVER else line.state in _FINISHED


def owed(edition: Edition) -> dict[tuple[str, str], Article]:
    """The article that owes each (report, entity)."""
    return {(article.story, entity): article for article in edition.articles for entity in article.owed}


def judge(edition: Edition, evidence: Evidence) -> Outcome:
    """Everything that happened, and everything that should not have."""
    debts = owed(edition)
    told: dict[tuple[str, str], Told] = {}
    faults: list[str] = []
    for received in _once(evidence.received):
        if received.refused:
            faults.append(f"a webhook was not believed: {received.refused}")
            continue
        article = evidence.article_at(received.url)
        if article is None or (article.story, received.entity) not in debts:
            faults.append(_false_alarm(received, article))
        elif (article.story, received.entity) in told:
            faults.append(f"told twice: {received.name} in “{article.title}”")
        else:
            seconds = received.at - evidence.since(debts[article.story, received.entity], received.entity)
            told[article.story, received.entity] = Told(article=article, alert=received, seconds=max(0.0, seconds))
    faults += [_missing(debts[key], key[1], evidence.ledger) for key in debts if key not in told]
    carrying = {one.article.id for one in told.values()}
    kept = [article for article in edition.articles if not article.owed and article.id not in carrying]
    faults += [_unfinished(article, evidence.ledger) for article in kept if not is_finished(article, evidence.ledger.get(article.id))]
    return Outcome(
        told=tuple(sorted(told.values(), key=lambda one: one.alert.at)),
        kept=tuple(Kept(article=article, why=article.quiet, line=evidence.ledger.get(article.id)) for article in kept),
        verified=sum(not received.refused for received in evidence.received),
        ledger=evidence.ledger,
        faults=tuple(faults),
    )


def _once(received: Sequence[Received]) -> list[Received]:
    """Each message once: a receiver drops repeats by their id. What was refused stays, whatever its id."""
    seen: set[str] = set()
    kept: list[Received] = []
    for one in received:
        if one.refused or one.id not in seen:
            kept.append(one)
            seen.add(one.id)
    return kept


def _false_alarm(received: Received, article: Article | None) -> str:
    if article is None:
        return f"a message about nothing in the newsroom: {received.type or 'no type'} {received.url}".rstrip()
    return f"false alarm: {received.name} (“{received.surface}”) in “{article.title}”, which is {article.quiet or 'about somebody else'}"


def _missing(article: Article, entity: str, ledger: Mapping[str, LedgerLine]) -> str:
    return f"missing: {entity} in “{article.title}” ({article.paper.name}); the ledger says: {_says(ledger.get(article.id))}"


def _unfinished(article: Article, ledger: Mapping[str, LedgerLine]) -> str:
    return f"never finished: “{article.title}” ({article.paper.name}); the ledger says: {_says(ledger.get(article.id))}"


def _says(line: LedgerLine | None) -> str:
    if line is None:
        return "no such entry"
    return f"{line.state} ({line.reason})" if line.reason else line.state
