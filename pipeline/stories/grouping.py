"""Which story does this report belong to, and is it a copy of one that we have?

A decision is made once, when a report arrives, from the reports that an index finds by its keys; it is never taken back,
so that what was printed or alerted stays true. Reports may come up to ``StoryPolicy.late`` out of order. This module
refuses to know where the index lives: the ledger implements ``StoryIndex`` in the database, ``memory`` in a dictionary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from pipeline.model import Duration, Instant
from pipeline.stories.fingerprint import Fingerprint
from pipeline.stories.similarity import Likeness, Overlap, likeness, overlap


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryPolicy:
    """When reports count as one story."""

    copy_window: Duration = 604_800.0
    """Seconds between two articles, at most, for one to count as a copy of the other."""
    event_window: Duration = 172_800.0
    """Seconds between two reports, at most, for them to tell the same event in different words."""
    late: Duration = 172_800.0
    """Reports that arrive this much out of order are still put in their place."""
    copy_share: float = 0.65
    """Ordered share of the shorter text from which it is a copy wherever the shared part stands."""
    copy_share_with_front: float = 0.5
    """The same where hardly anything else stands before the shared part: ``Overlap.front`` up to ``copy_front``."""
    copy_front: float = 0.2
    """See above. An outlet puts new paragraphs before the background that it repeats for weeks."""
    copy_share_with_lead: float = 0.42
    """The same where, moreover, the shared part covers ``copy_lead`` of either text's first third, and hardly anything else
    follows it: ``Overlap.back`` up to ``copy_back``."""
    copy_lead: float = 0.5
    """See above."""
    copy_back: float = 0.25
    """See above."""
    copy_share_with_seam: float = 0.42
    """The same where the shared part runs from the beginning of one text to the end of the other, with hardly a gap."""
    copy_seam: float = 0.85
    """See above: of the run's shingles, those that both hold."""
    copy_share_same_agency: float = 0.4
    """The same where both name one news agency in their dateline and hardly anything else stands before the shared part."""
    copy_share_same_address: float = 0.15
    """The same, wherever it stands, where both name one canonical address."""
    copy_shingles: int = 6
    """Shared shingles that a copy must have, at least; with fewer it must share ``copy_share_short``."""
    copy_share_short: float = 0.8
    """Share of the shorter text where texts have only a line or two in common."""
    event_names: int = 4
    """Rare names and numbers that two reports of one event must both give."""
    event_share: float = 0.35
    """Share of the names of the one with fewer that these must be."""
    event_terms: int = 6
    """As ``event_names``, where a script has no capitals and every word of some weight counts as a name."""
    event_terms_share: float = 0.25
    """As ``event_share``, there."""
    event_sure: float = 1.5
    """Times as many names, and as large a share of them, make it sure that two reports tell the same event. Less than that
    is good enough to show them together, and not good enough to keep quiet about one of them."""
    event_sure_window: Duration = 86_400.0
    """Seconds between two reports, at most, for that: a club plays the same club again two days later."""
    event_verbatim: float = 0.1
    """Share of the shorter text, at most, that two reports of one event say in the same words, unless they begin alike
    (``copy_front``). Where it is more, an outlet has put its old background or a notice under another report, and the names may
    stand in those."""
    event_same_source: float = 1.5
    """Times as large this share must be for two reports of one source: its second article of the day is rarely the first again."""
    rare: float = 0.02
    """A name is rare that one story alone gives, in at most this share of the reports in the index, or in two."""
    furniture: int = 3
    """A shingle that candidates from this many other stories hold is furniture, and counts for nobody."""
    common: int = 60
    """A key that so many reports hold finds no candidates: it is furniture, or names the topic of the week, not an event."""
    leads: int = 3
    """Copies of one story that a key leads to, at most: the next ones are found by these."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """An article about to be put in its story."""

    id: str
    fingerprint: Fingerprint
    at: Instant
    """When it was published, or when it was first seen where that is unknown."""
    source: str = ""
    """The publisher, as far as it is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """An article that has its story."""

    id: str
    story: str
    """The story's id."""
    at: Instant
    fingerprint: Fingerprint
    source: str = ""
    duplicate_of: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Grouping:
    """Where a report belongs."""

    story: str | None
    """The id of a known story, or None: it opens one of its own."""
    duplicate_of: str | None = None
    """The article that it is a copy of."""
    why: str = "new"
    """``new``, ``copy`` or ``event``."""
    share: float = 0.0
    """The overlap (copy) or likeness (event) that decided, 0 to 1."""
    keys: tuple[int, ...] = ()
    """What the index is to find it by from now on."""
    sure: bool = True
    """False: it only looks like the same event, so whoever must not miss anything has to be told."""


Holder: TypeAlias = tuple[str, str]
"""An article that holds a key, and its story."""


class StoryIndex(Protocol):
    """What the decision asks of the ledger. Reading does not change it."""

    def postings(self, keys: Sequence[int], *, since: Instant, until: Instant, most: int) -> Mapping[int, Sequence[Holder]]:
        """For each key the articles between ``since`` and ``until`` that hold it, newest first.

        Keys that nobody holds are absent, and so are those that ``most`` or more hold: they say nothing.
        """
        ...

    def known(self, articles: Collection[str]) -> Sequence[Known]:
        """These articles, as they were put."""
        ...

    def size(self) -> int:
        """Articles in the index, roughly."""
        ...


COMPARED = 16
"""Candidates compared in full, those with the most shared keys first: bounds the cost of one report."""
PLAIN = 0.9
"""Ordered share of the shorter text from which no better original is looked for."""
OF_ONE_STORY = 4
"""Of these, from one story at most: its fiftieth copy has nothing to say that the first four have not."""


def group(report: Report, index: StoryIndex, policy: StoryPolicy) -> Grouping:
    """Put a report in its story. Cost is bounded by ``StoryPolicy.common`` times the number of keys, however large the index."""
    mine = report.fingerprint
    span = {"since": report.at - policy.copy_window, "until": report.at + policy.late}
    held = index.postings(mine.index_keys(copied=False), **span, most=policy.common)
    postings = {key: [one for one in found if one[0] != report.id] for key, found in held.items()}
    copies = {key: postings[key] for key in mine.copy_keys if key in postings}
    found = _copied(report, _holding_most(copies.values(), index, least=1), policy) or _same_event(report, postings, index, policy)
    if found is None:
        return Grouping(story=None, keys=mine.index_keys(copied=False))
    return replace(found, keys=_new_keys(found, mine, copies, policy))


def _new_keys(found: Grouping, mine: Fingerprint, copies: Mapping[int, Sequence[Holder]], policy: StoryPolicy) -> tuple[int, ...]:
    """What the report is to be found by: not by what already leads to its story, or the hundredth copy would make its keys common."""
    led = {key for key, held in copies.items() if sum(story == found.story for _, story in held) >= policy.leads}
    return tuple(key for key in mine.index_keys(copied=found.duplicate_of is not None) if key not in led)


def _holding_most(postings: Iterable[Sequence[Holder]], index: StoryIndex, *, least: int) -> list[Known]:
    """The articles that stand in most of the postings, at least in ``least``."""
    hits: Counter[Holder] = Counter()
    for found in postings:
        hits.update(found)
    chosen: list[str] = []
    of_story: Counter[str] = Counter()
    for (article, story), shared in hits.most_common():
        if shared < least or len(chosen) == COMPARED:
            break
        of_story[story] += 1
        if of_story[story] <= OF_ONE_STORY:
            chosen.append(article)
    known = {one.id: one for one in index.known(chosen)} if chosen else {}
    return [known[article] for article in chosen if article in known]


def _copied(report: Report, candidates: Sequence[Known], policy: StoryPolicy) -> Grouping | None:
    furniture = _furniture(report.fingerprint, candidates, policy)
    copies: list[tuple[Overlap, Known]] = []
    for one in candidates:
        found = overlap(report.fingerprint, one.fingerprint, ignored=furniture)
        if _is_copy(found, report.fingerprint, one.fingerprint, policy):
            copies.append((found, one))
            if found.share >= PLAIN:
                break
    if not copies:
        return None
    best, original = max(copies, key=lambda pair: (pair[0].share, -pair[1].at, pair[1].id))
    return Grouping(story=original.story, duplicate_of=original.id, why="copy", share=best.share)


def _furniture(mine: Fingerprint, candidates: Sequence[Known], policy: StoryPolicy) -> frozenset[int]:
    """Shingles of this report that several unrelated stories hold: datelines, newsletter lines, templates."""
    if len({one.story for one in candidates}) < policy.furniture:
        return frozenset()
    stories: dict[int, set[str]] = {}
    own = set(mine.shingles)
    for one in candidates:
        for value in own.intersection(one.fingerprint.shingles):
            stories.setdefault(value, set()).add(one.story)
    return frozenset(value for value, holders in stories.items() if len(holders) >= policy.furniture)


def _is_copy(found: Overlap, one: Fingerprint, other: Fingerprint, policy: StoryPolicy) -> bool:
    least = min(policy.copy_shingles, len(one.shingles), len(other.shingles))
    if found.shared < least or not found.shared:
        return False
    if found.shared < policy.copy_shingles:  # two or three lines: only when they are the same throughout
        return found.share >= policy.copy_share_short
    if found.share >= policy.copy_share or (found.share >= policy.copy_share_with_seam and found.seam >= policy.copy_seam):
        return True
    if found.share >= policy.copy_share_same_address and one.address is not None and one.address == other.address:
        return True
    return found.front <= policy.copy_front and found.share >= _least_share(found, one, other, policy)


def _least_share(found: Overlap, one: Fingerprint, other: Fingerprint, policy: StoryPolicy) -> float:
    """The share from which two texts that begin alike are copies."""
    if one.agency is not None and one.agency == other.agency:
        return policy.copy_share_same_agency
    if found.lead >= policy.copy_lead and found.back <= policy.copy_back:
        return policy.copy_share_with_lead
    return policy.copy_share_with_front


def _same_event(report: Report, postings: Mapping[int, Sequence[Holder]], index: StoryIndex, policy: StoryPolicy) -> Grouping | None:
    """Reports of one event share names that no other story gives."""
    mine = report.fingerprint
    held = {name: postings[key] for name, key in zip(mine.names, mine.event_keys, strict=True) if key in postings}
    rare = _rare(held, index, policy)
    if len(rare) < policy.event_names:
        return None
    candidates = _holding_most([held[name] for name in rare], index, least=policy.event_names)
    other_days = {one.story for one in candidates if _says_another_day(mine, one.fingerprint)}
    near = [one for one in candidates if abs(report.at - one.at) <= policy.event_window and one.story not in other_days]
    alike = [(likeness(mine, one.fingerprint, rare=rare), one) for one in near]
    alike = [(found, one) for found, one in alike if _is_event(found, report, one, policy) and _is_its_own_news(mine, one, policy)]
    if not alike:
        return None
    best, nearest = max(alike, key=lambda pair: (pair[0].names, pair[0].share, -pair[1].at, pair[1].id))
    return Grouping(story=nearest.story, why="event", share=best.share, sure=_is_sure(best, report, nearest, policy))


def _says_another_day(one: Fingerprint, other: Fingerprint) -> bool:
    """Both say on which day it happened, and no day is the same. That speaks for all reports of a story, also those that say none."""
    return bool(one.days and other.days) and not one.days & other.days


def _is_its_own_news(mine: Fingerprint, other: Known, policy: StoryPolicy) -> bool:
    verbatim = overlap(mine, other.fingerprint)
    return verbatim.share <= policy.event_verbatim or verbatim.front <= policy.copy_front


def _is_sure(found: Likeness, report: Report, other: Known, policy: StoryPolicy) -> bool:
    """Whether so much speaks for one event that the second report of it need not be told."""
    if abs(report.at - other.at) > policy.event_sure_window:
        return False
    return _is_event(found, report, other, policy, times=policy.event_sure)


def _is_event(found: Likeness, report: Report, other: Known, policy: StoryPolicy, *, times: float = 1.0) -> bool:
    """Whether two reports give ``times`` what it takes to tell the same event."""
    caseless = report.fingerprint.caseless or other.fingerprint.caseless
    names, share = (policy.event_terms, policy.event_terms_share) if caseless else (policy.event_names, policy.event_share)
    stricter = policy.event_same_source if report.source and report.source == other.source else 1.0
    return found.names >= times * names and found.share >= times * share * stricter


def _rare(held: Mapping[int, Sequence[Holder]], index: StoryIndex, policy: StoryPolicy) -> set[int]:
    """Names that a single story gives, and few reports at all, copies not counted.

    Rarity is counted in the index itself, so it follows the news: a name of the week is rare on Monday and common on
    Friday. The second half matters in a small or monotonous stream: without it, one wrong join would make every name that
    everybody gives look like the property of one ever larger story.
    """
    of_one_story = {name: found for name, found in held.items() if len({story for _, story in found}) == 1}
    most = _PAIR
    if any(len(found) > most for found in of_one_story.values()):
        most = max(most, int(policy.rare * index.size()))
    return {name for name, found in of_one_story.items() if len(found) <= most}


_PAIR = 2
"""Reports that may give a rare name in the smallest index: two of one event, and this one is the third."""
