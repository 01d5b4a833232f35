"""Does this verdict go out now, wait for the digest, or stay quiet, and why?

One instant alert for each entity and story; after it an update only when there is something new to say, which a report has
that only looks like the same event: better told twice than not at all. Everything that
is kept quiet gets a reason with a stable code, because a user may always ask why nothing came. This module refuses to
know the store: what was told before, who muted what and how many went out this hour are arguments.

The order of the questions is the policy: is it an alert at all; has somebody muted it; was this told before; may it be
loud now. Whoever is told first (an instant alert) and whoever is told later (a digest) both count as told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.alerts import calendar
from pipeline.alerts.endpoints import Severity
from pipeline.alerts.identity import Event, EventCode, revision_of
from pipeline.alerts.mutes import Mute, first_that_hides
from pipeline.alerts.policy import AlertPolicy
from pipeline.model import Instant, Tier, Verdict


class Action(StrEnum):
    """What becomes of a verdict."""

    SEND = "send"
    DIGEST = "digest"
    SUPPRESS = "suppress"


class Reason(StrEnum):
    """Why. Stable codes, shown in listings and counted in metrics."""

    FIRST_MENTION = "first_mention"
    TIER_ROSE = "tier_rose"
    STORY_GREW = "story_grew"
    FIRST_TIER_SOURCE = "first_tier_source"
    NAMED_IN_EDIT = "named_in_edit"
    ANOTHER_REPORT = "another_report"
    MANY_REPORTS = "many_reports"
    BELOW_TIER = "below_tier"
    BACKLOG = "backlog"
    MUTED = "muted"
    COPY = "copy"
    SAME_STORY = "same_story"
    UPDATE_TOO_SOON = "update_too_soon"
    UPDATES_OFF = "updates_off"
    HOURLY_CAP = "hourly_cap"
    COOLDOWN = "cooldown"
    QUIET_HOURS = "quiet_hours"
    DIGEST_ONLY = "digest_only"
    TOO_OLD = "too_old"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What has been said about an entity in a story, by an instant alert, an update or a digest."""

    tier: Tier
    """The highest tier told."""
    sources: int
    """How many sources the story had when it was last told."""
    first_tier: bool
    """Whether a source of feed tier 1 was told of."""
    at: Instant
    """When it was last told."""
    updated_at: Instant | None = None
    """When the last update went out, if there was one."""
    reports_this_hour: int = 0
    """Further reports told in the last 3,600 s, by an update or a digest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryFacts:
    """What the ledger knows about a story and an entity at this moment, this article included."""

    story: str
    """Its id."""
    article: str
    """The article's id."""
    source: str
    """The feed's id."""
    domain: str
    """The publisher's host name."""
    source_tier: int = 2
    """The feed's ``tier``: 1 is the best."""
    sources: int = 1
    """Distinct sources that carry the story, this one among them."""
    duplicate_of: str | None = None
    """The article that this one is a copy of."""
    sure: bool = True
    """Whether it surely tells what the story told, such as a copy does. False: it only looks like the same event."""
    edited: bool = False
    """The article was seen before and its text changed."""
    story_was_told: bool = False
    """Whether an alert about any entity in this story went out before."""
    told: Told | None = None
    """What was told about this entity in this story."""
    backlog: bool = False
    """The entry stood in its feed at the first successful poll and ``backlog`` does not let it alert."""
    published_at: Instant | None = None
    """When it was published; None where that is unknown."""
    last_instant_at: Instant | None = None
    """When the last instant alert about this entity went out, whatever the story."""
    instant_this_hour: int = 0
    """Instant alerts about this entity in the last 3,600 s."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertDecision:
    """What becomes of one verdict. ``event`` is None exactly when it is suppressed."""

    action: Action
    reason: Reason
    says: str
    """The reason as a sentence for a person; the payload's ``reason`` when it goes out."""
    event: Event | None = None
    severity: Severity = Severity.MEDIUM
    to: tuple[str, ...] = ()
    """Ids of endpoints."""
    due: Instant = 0.0
    """When to deliver: now, or when the digest is due."""
    late: bool = False
    """Found much later than it was published."""
    mute: str | None = None
    """Id of the mute that hides it, so that a mute can show what it hid."""


def decide(facts: StoryFacts, verdict: Verdict, policy: AlertPolicy, now: Instant, *, mutes: Sequence[Mute] = ()) -> AlertDecision:
    """What becomes of ``verdict``.

    ``policy`` is the watchlist's (``AlertPolicy.narrowed``). Call it inside the transaction that read ``facts`` and writes
    the outcome, so that two processes cannot both be first.
    """
    tier = verdict.tier
    if tier is None or tier.rank < policy.at.rank:
        return _quiet(Reason.BELOW_TIER, f"{tier or 'no tier'} is below {policy.at}, which this list alerts at")
    if facts.backlog:
        return _quiet(Reason.BACKLOG, "it stood in the feed when the feed was first read")
    mute = first_that_hides(mutes, facts_of=(verdict, facts.source, facts.domain, facts.story), now=now)
    if mute is not None:
        return _quiet(Reason.MUTED, f"muted by {mute.author}: {mute.reason}", mute=mute.id)
    if facts.told is None:
        return _first(facts, tier, policy, now)
    return _again(facts, facts.told, tier, policy, now)


def _first(facts: StoryFacts, tier: Tier, policy: AlertPolicy, now: Instant) -> AlertDecision:
    severity = policy.severity_of(tier)
    named_late = facts.edited and facts.story_was_told
    event = Event(code=EventCode.NAMED_IN_EDIT if named_late else EventCode.MATCH)
    reason = Reason.NAMED_IN_EDIT if named_late else Reason.FIRST_MENTION
    says = "an edited article of this story names this entity" if facts.edited else "first mention of this entity in this story"
    held = _held_back(facts, severity, policy, now)
    return AlertDecision(
        action=Action.DIGEST if held else Action.SEND,
        reason=held[0] if held else reason,
        says=held[1] if held else says,
        event=event,
        severity=severity,
        to=policy.endpoints(severity),
        due=calendar.next_digest(policy, now) if held else now,
        late=_age(facts, now) > policy.late_after,
    )


def _held_back(facts: StoryFacts, severity: Severity, policy: AlertPolicy, now: Instant) -> tuple[Reason, str] | None:
    """Why a first mention waits for the digest, or None when it goes out at once."""
    if _age(facts, now) > policy.max_age:
        return Reason.TOO_OLD, f"published {_age(facts, now) / 3600:.0f} h before it was found"
    if not policy.instant:
        return Reason.DIGEST_ONLY, "this list sends digests only"
    if calendar.is_quiet(policy.quiet, now) and severity.rank < policy.quiet.loud.rank:
        return Reason.QUIET_HOURS, f"quiet hours until {policy.quiet.end}"
    # without a cooldown nothing is too soon, not even a "last" alert that another process stamped a moment later than now
    if policy.cooldown and facts.last_instant_at is not None and now - facts.last_instant_at < policy.cooldown:
        return Reason.COOLDOWN, f"{now - facts.last_instant_at:.0f} s after the last alert about this entity"
    if policy.cap and facts.instant_this_hour >= policy.cap:
        return Reason.HOURLY_CAP, f"{facts.instant_this_hour} alerts about this entity within the hour"
    return None


def _again(facts: StoryFacts, told: Told, tier: Tier, policy: AlertPolicy, now: Instant) -> AlertDecision:
    """The story was told before: is there something new to say, and is it time to say it?"""
    said = _updated(facts, told, tier, policy, now)
    return said if facts.sure or said.action is not Action.SUPPRESS else _further(facts, told, tier, policy, now)


def _updated(facts: StoryFacts, told: Told, tier: Tier, policy: AlertPolicy, now: Instant) -> AlertDecision:
    found = _news(facts, told, tier, policy)
    if found is None:
        if facts.duplicate_of is not None:
            return _quiet(Reason.COPY, f"a copy of {facts.duplicate_of}, which was told")
        return _quiet(Reason.SAME_STORY, "this story was told, and nothing about it is new")
    event, reason, says = found
    if not policy.updates:
        return _quiet(Reason.UPDATES_OFF, f"{says}, and this list asks for no updates")
    if not _is_time(event, told, policy, now):
        return _quiet(Reason.UPDATE_TOO_SOON, f"{says}, {now - told.at:.0f} s after the last message about it")
    severity = policy.severity_of(max(tier, told.tier, key=lambda one: one.rank))
    held = _held_back(facts, severity, policy, now) if reason is not Reason.TIER_ROSE else None
    if held is not None:
        return _quiet(held[0], f"{says}; {held[1]}")
    return AlertDecision(
        action=Action.SEND,
        reason=reason,
        says=says,
        event=event,
        severity=severity,
        to=policy.endpoints(severity),
        due=now,
        late=_age(facts, now) > policy.late_after,
    )


def _further(facts: StoryFacts, told: Told, tier: Tier, policy: AlertPolicy, now: Instant) -> AlertDecision:
    """Another report of what looks like a told event: told too, because it may be another event, but not twenty within the hour."""
    severity = policy.severity_of(tier)
    held = _held_back(facts, severity, policy, now)
    if held is None and told.reports_this_hour >= policy.reports:
        held = Reason.MANY_REPORTS, f"{told.reports_this_hour} further reports of it within the hour"
    code, reason, says = EventCode.ANOTHER_REPORT, Reason.ANOTHER_REPORT, "another report of what looks like the same event"
    if facts.edited:
        code, reason, says = EventCode.NAMED_IN_EDIT, Reason.NAMED_IN_EDIT, "an edited article of this story names this entity"
    return AlertDecision(
        action=Action.DIGEST if held else Action.SEND,
        reason=held[0] if held else reason,
        says=f"{says}; {held[1]}" if held else says,
        event=Event(code=code, revision=revision_of(facts.article)),
        severity=severity,
        to=policy.endpoints(severity),
        due=calendar.next_digest(policy, now) if held else now,
        late=_age(facts, now) > policy.late_after,
    )


def _news(facts: StoryFacts, told: Told, tier: Tier, policy: AlertPolicy) -> tuple[Event, Reason, str] | None:
    if tier.rank > told.tier.rank:
        return Event(code=EventCode.TIER_ROSE, revision=tier.rank), Reason.TIER_ROSE, f"now {tier}, told as {told.tier}"
    if facts.source_tier == 1 and not told.first_tier:
        return Event(code=EventCode.FIRST_TIER_SOURCE), Reason.FIRST_TIER_SOURCE, f"{facts.domain}, a tier 1 source, reports it too"
    if facts.sources >= policy.update_factor * told.sources:
        # the revision is the step reached, not the count: two processes that see 9 and 10 sources tell the same step
        return (
            Event(code=EventCode.STORY_GREW, revision=told.sources * policy.update_factor),
            Reason.STORY_GREW,
            f"{facts.sources} sources carry it, {told.sources} when it was last told",
        )
    return None


def _is_time(event: Event, told: Told, policy: AlertPolicy, now: Instant) -> bool:
    """A surer tier only waits for the last update; growth also waits for the alert itself, which a flood follows at once."""
    last = told.updated_at if event.code is EventCode.TIER_ROSE else told.at
    return last is None or now - last >= policy.update_every


def _age(facts: StoryFacts, now: Instant) -> float:
    return 0.0 if facts.published_at is None else max(0.0, now - facts.published_at)


def _quiet(reason: Reason, says: str, *, mute: str | None = None) -> AlertDecision:
    return AlertDecision(action=Action.SUPPRESS, reason=reason, says=says, mute=mute)
