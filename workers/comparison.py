"""What would other watchlists have alerted on, compared with what the service decided?

Both sides are counted as the service tells: what a list lets through (its tier, ``alert.at``, its rules), once for each
entity and story. What somebody has muted is no gain. Caps, cooldown and quiet hours only choose the moment, and do not
count. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from pipeline.alerts.mutes import Mute, first_that_hides
from pipeline.alerts.sentence import around, opening
from pipeline.flow.reading import Reader
from pipeline.flow.refire import Case
from pipeline.flow.telling import standing
from pipeline.model import Instant, Verdict
from pipeline.store import Store
from pipeline.store.ids import story_id
from pipeline.store.listings import Listings
from pipeline.urls import canonical
from workers.archive import search

QUIET: Final = "no alert"
_QUOTE: Final = 160
"""Characters of a quotation."""

About = tuple[str, str]
"""An entity and a story: what one alert is about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """An alert that one side has and the other has not."""

    entity: str
    article: str
    title: str
    url: str
    before: str
    """The tier that was alerted on, or ``no alert``."""
    after: str
    quote: str
    why: str = ""
    """What keeps it quiet now, where it is lost."""


@dataclass(kw_only=True, slots=True)
class Comparison:
    """Both sides."""

    articles: int
    """How many were read."""
    same: int = 0
    gained: list[Difference] = field(default_factory=list)
    lost: list[Difference] = field(default_factory=list)


def compare(
    store: Store, reader: Reader, *, since: Instant, now: Instant, progress: Callable[[int, int], None] | None = None
) -> Comparison:
    """What ``reader`` finds in the archive since then, beside what was decided when the articles came in."""
    listings = Listings.of(store)
    mutes = standing(asdict(one) for one in store.alerts.mutes(now))

    @cache
    def story(article: str) -> str:
        return listings.story_of(article) or story_id(article)

    fired: dict[About, tuple[str, str]] = {}
    for article, entity, tier in listings.passed(since):
        fired.setdefault((entity, story(article)), (article, tier))
    fires: dict[About, Difference] = {}
    quiet: dict[tuple[str, str], str] = {}
    for case in search(store, reader, since=since, progress=progress):
        here = story(case.article.id)
        for verdict in case.verdicts:
            about, why = (verdict.entity, here), _why_quiet(case, verdict, reader)
            if why:
                quiet[verdict.entity, case.article.id] = why
            elif about not in fires and (about in fired or not _muted(case, verdict, here, mutes, now)):
                fires[about] = _gained(case, verdict)
    return Comparison(
        articles=store.articles.count(since),
        same=len(fired.keys() & fires.keys()),
        gained=[one for about, one in fires.items() if about not in fired],
        lost=[_lost(store, reader, about[0], *was, quiet) for about, was in fired.items() if about not in fires],
    )


def _why_quiet(case: Case, verdict: Verdict, reader: Reader) -> str:
    """Why the list does not let a verdict through; empty where it does."""
    at = reader.watched[verdict.entity].watchlist.alert.at
    if verdict.tier is None or verdict.tier.rank < at.rank:
        return f"{verdict.tier or 'below possible'}, and the list alerts at {at}"
    refused = case.refused.get(verdict.entity)
    return refused.says if refused is not None else ""


def _muted(case: Case, verdict: Verdict, story: str, mutes: tuple[Mute, ...], now: Instant) -> bool:
    domain = urlsplit(canonical(case.article.url)).netloc
    return first_that_hides(mutes, facts_of=(verdict, case.article.feed_id, domain, story), now=now) is not None


def _gained(case: Case, verdict: Verdict) -> Difference:
    article, best = case.article, verdict.mentions[0]
    text = case.document.part(best.field)
    left, right = around(text, best.start, best.end, longest=_QUOTE)
    return Difference(
        entity=verdict.entity,
        article=article.id,
        title=article.title,
        url=article.url,
        before=QUIET,
        after=str(verdict.tier),
        quote=text[left:right],
    )


def _lost(store: Store, reader: Reader, entity: str, ident: str, tier: str, quiet: Mapping[tuple[str, str], str]) -> Difference:
    article = store.articles.get(ident)
    nobody = "no name of it stands there" if entity in reader.watched else "it is watched no more"
    return Difference(
        entity=entity,
        article=ident,
        title=article.title if article else "",
        url=article.url if article else "",
        before=tier,
        after=QUIET,
        quote=opening(article.text, longest=_QUOTE) if article else "",
        why=quiet.get((entity, ident), nobody),
    )
