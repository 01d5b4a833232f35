"""One instant alert an entity and story; news about it later; every silence with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.alerts import calendar
from pipeline.alerts.endpoints import Severity
from pipeline.alerts.feedback import Counted, Names, suggestions
from pipeline.alerts.identity import Event, EventCode, revision_of
from pipeline.alerts.mutes import Mute, MuteKind
from pipeline.alerts.policy import AlertPolicy, QuietHours, Route
from pipeline.alerts.rules import Action, AlertDecision, Reason, StoryFacts, Told, decide
from pipeline.errors import ConfigError
from pipeline.model import Field, Mention, Role, Tier, Verdict

NOW = datetime(2026, 10, 7, 12, 0, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86400.0
POLICY = AlertPolicy(to=("ops",))


def verdict(tier: Tier | None = Tier.CONFIRMED, *aliases: str) -> Verdict:
    mentions = tuple(
        Mention(entity="wagner-group", field=Field.TEXT, start=0, end=1, surface=alias, alias=alias, tier=tier, score=0.9)
        for alias in aliases or ("Wagner Group",)
    )
    return Verdict(entity="wagner-group", tier=tier, score=0.9, role=Role.ABOUT, mentions=mentions)


def facts(**changes: Any) -> StoryFacts:
    return replace(StoryFacts(story="st_1", article="ar_1", source="fe_1", domain="paper.example"), **changes)


def told(**changes: Any) -> Told:
    return replace(Told(tier=Tier.CONFIRMED, sources=1, first_tier=False, at=NOW - 60), **changes)


def ask(
    found: StoryFacts, tier: Tier | None = Tier.CONFIRMED, policy: AlertPolicy = POLICY, now: float = NOW, **more: Any
) -> AlertDecision:
    return decide(found, verdict(tier), policy, now, **more)


def test_the_first_mention_goes_out_at_once() -> None:
    made = ask(facts())
    assert (made.action, made.reason, made.due, made.to) == (Action.SEND, Reason.FIRST_MENTION, NOW, ("ops",))
    assert made.event is not None
    assert (made.event.code, made.event.revision) == (EventCode.MATCH, 0)
    assert made.severity is Severity.HIGH


@pytest.mark.parametrize(
    ("found", "tier", "reason"),
    [
        (facts(), Tier.POSSIBLE, Reason.BELOW_TIER),
        (facts(), None, Reason.BELOW_TIER),
        (facts(backlog=True), Tier.CONFIRMED, Reason.BACKLOG),
        (facts(told=told()), Tier.CONFIRMED, Reason.SAME_STORY),
        (facts(told=told(), duplicate_of="ar_0"), Tier.CONFIRMED, Reason.COPY),
        (facts(told=told(), sources=4), Tier.CONFIRMED, Reason.UPDATE_TOO_SOON),
    ],
)
def test_what_is_kept_quiet_says_why(found: StoryFacts, tier: Tier | None, reason: Reason) -> None:
    made = ask(found, tier)
    assert (made.action, made.reason, made.event, made.to) == (Action.SUPPRESS, reason, None, ())
    assert made.says


@pytest.mark.parametrize(
    ("found", "policy", "reason"),
    [
        (facts(last_instant_at=NOW - 60), replace(POLICY, cooldown=HOUR), Reason.COOLDOWN),
        (facts(instant_this_hour=100), POLICY, Reason.HOURLY_CAP),
        (facts(), replace(POLICY, instant=False), Reason.DIGEST_ONLY),
        (facts(published_at=NOW - 4 * DAY), POLICY, Reason.TOO_OLD),
        (facts(last_instant_at=NOW + 0.3), POLICY, None),  # another worker's stamp, a moment ahead of ours
        (facts(), replace(POLICY, quiet=QuietHours(start="11:00", end="13:00", loud=Severity.HIGH)), None),
        (facts(), replace(POLICY, severity=Severity.MEDIUM, quiet=QuietHours(start="11:00", end="13:00")), Reason.QUIET_HOURS),
    ],
)
def test_what_may_not_be_loud_waits_for_the_digest(found: StoryFacts, policy: AlertPolicy, reason: Reason | None) -> None:
    made = ask(found, policy=policy)
    if reason is None:
        assert made.action is Action.SEND
    else:
        assert (made.action, made.reason, made.to) == (Action.DIGEST, reason, ("ops",))
        assert made.event is not None
        assert made.due > NOW


@pytest.mark.parametrize(("age", "late"), [(60.0, False), (2 * HOUR, True), (71 * HOUR, True)])
def test_what_is_found_late_says_so(age: float, *, late: bool) -> None:
    made = ask(facts(published_at=NOW - age))
    assert (made.action, made.late) == (Action.SEND, late)


@pytest.mark.parametrize(
    ("found", "tier", "code", "revision"),
    [
        (facts(told=told(tier=Tier.PROBABLE)), Tier.CONFIRMED, EventCode.TIER_ROSE, 2),
        (facts(told=told(at=NOW - 2 * HOUR), sources=3), Tier.CONFIRMED, EventCode.STORY_GREW, 3),
        (facts(told=told(at=NOW - 2 * HOUR, sources=4), sources=13), Tier.CONFIRMED, EventCode.STORY_GREW, 12),
        (facts(told=told(at=NOW - 2 * HOUR), source_tier=1), Tier.CONFIRMED, EventCode.FIRST_TIER_SOURCE, 0),
        (facts(edited=True, story_was_told=True), Tier.CONFIRMED, EventCode.NAMED_IN_EDIT, 0),
        (facts(edited=True), Tier.CONFIRMED, EventCode.MATCH, 0),
    ],
)
def test_news_about_a_story_is_an_update(found: StoryFacts, tier: Tier, code: EventCode, revision: int) -> None:
    made = ask(found, tier)
    assert made.action is Action.SEND
    assert made.event is not None
    assert (made.event.code, made.event.revision) == (code, revision)


def test_a_surer_tier_does_not_wait_for_the_hour_after_the_alert_but_for_the_last_update() -> None:
    before = told(tier=Tier.POSSIBLE, at=NOW - 5)
    at_possible = replace(POLICY, at=Tier.POSSIBLE)
    assert ask(facts(told=before), Tier.PROBABLE, at_possible).action is Action.SEND
    assert ask(facts(told=replace(before, updated_at=NOW - 5)), Tier.PROBABLE, at_possible).reason is Reason.UPDATE_TOO_SOON


def test_what_only_looks_like_the_same_event_is_told_all_the_same() -> None:
    made = ask(facts(told=told(), sure=False))
    assert (made.action, made.reason) == (Action.SEND, Reason.ANOTHER_REPORT)
    assert made.event == Event(code=EventCode.ANOTHER_REPORT, revision=revision_of("ar_1"))
    assert ask(facts(told=told(), sure=False), policy=replace(POLICY, updates=False)).action is Action.SEND


@pytest.mark.parametrize(
    ("found", "policy", "reason"),
    [
        (facts(told=told(reports_this_hour=5), sure=False), POLICY, Reason.MANY_REPORTS),
        (facts(told=told(), sure=False, last_instant_at=NOW - 60), replace(POLICY, cooldown=HOUR), Reason.COOLDOWN),
        (facts(told=told(), sure=False, instant_this_hour=100), POLICY, Reason.HOURLY_CAP),
    ],
)
def test_a_flood_of_further_reports_waits_for_the_digest_and_is_never_kept_quiet(
    found: StoryFacts, policy: AlertPolicy, reason: Reason
) -> None:
    made = ask(found, policy=policy)
    assert (made.action, made.reason) == (Action.DIGEST, reason)
    assert made.due > NOW


def test_a_likeness_is_told_as_news_where_there_is_news() -> None:
    made = ask(facts(told=told(at=NOW - 2 * HOUR), sources=3, sure=False))
    assert made.reason is Reason.STORY_GREW


def test_an_edit_that_names_somebody_tells_it_even_where_another_report_has() -> None:
    made = ask(facts(told=told(), edited=True, sure=False))
    assert (made.action, made.reason) == (Action.SEND, Reason.NAMED_IN_EDIT)


def test_updates_can_be_switched_off() -> None:
    quiet = replace(POLICY, updates=False)
    assert ask(facts(told=told(tier=Tier.PROBABLE)), policy=quiet).reason is Reason.UPDATES_OFF
    assert ask(facts(), policy=quiet).action is Action.SEND


@settings(max_examples=200, deadline=None)
@given(
    gaps=st.lists(st.floats(0, 2 * HOUR), min_size=50, max_size=50), tiers=st.lists(st.sampled_from(list(Tier)), min_size=50, max_size=50)
)
def test_fifty_copies_are_one_alert_and_at_most_an_update_an_hour(gaps: list[float], tiers: list[Tier]) -> None:
    now, known, sent = NOW, None, []
    policy = replace(POLICY, at=Tier.POSSIBLE, cap=0)
    for number, (gap, tier) in enumerate(zip(gaps, tiers, strict=True)):
        now += gap
        copy = facts(article=f"ar_{number}", sources=number + 1, duplicate_of="ar_0" if number else None, told=known)
        made = ask(copy, tier, policy, now)
        if made.action is not Action.SUPPRESS:
            sent.append((now, made))
            best = tier if known is None else max(tier, known.tier, key=lambda one: one.rank)
            known = Told(tier=best, sources=number + 1, first_tier=False, at=now, updated_at=now if known else None)
    assert [made.event.code for _, made in sent if made.event].count(EventCode.MATCH) == 1
    updates = [at for at, made in sent if made.event and made.event.code is not EventCode.MATCH]
    assert all(later - earlier >= HOUR for earlier, later in pairwise(updates))
    events = [(made.event.code, made.event.revision) for _, made in sent if made.event]
    assert len(set(events)) == len(events), "no event is told twice"


@pytest.mark.parametrize(
    ("kind", "value", "aliases", "hidden"),
    [
        (MuteKind.ENTITY, "wagner-group", ("Wagner",), True),
        (MuteKind.ENTITY, "prigozhin", ("Wagner",), False),
        (MuteKind.ALIAS, "wagner", ("Wagner", "Wagner"), True),
        (MuteKind.ALIAS, "wagner", ("Wagner", "PMC Wagner"), False),
        (MuteKind.SOURCE, "fe_1", ("Wagner",), True),
        (MuteKind.SOURCE, "paper.example", ("Wagner",), True),
        (MuteKind.SOURCE, "example", ("Wagner",), True),
        (MuteKind.SOURCE, "aper.example", ("Wagner",), False),
        (MuteKind.STORY, "st_1", ("Wagner",), True),
    ],
)
def test_a_mute_hides_what_it_names_and_is_named_itself(kind: MuteKind, value: str, aliases: tuple[str, ...], *, hidden: bool) -> None:
    mute = Mute(id="7", kind=kind, value=value, author="ana", reason="trial", created=NOW - 1, until=NOW + 1)
    made = decide(facts(), verdict(Tier.CONFIRMED, *aliases), POLICY, NOW, mutes=[mute])
    assert (made.reason is Reason.MUTED) is hidden
    assert made.mute == ("7" if hidden else None)
    ended = decide(facts(), verdict(Tier.CONFIRMED, *aliases), POLICY, NOW + 1, mutes=[mute])
    assert ended.action is Action.SEND


def test_severity_routes_add_endpoints() -> None:
    policy = replace(POLICY, routes=(Route(severity=Severity.HIGH, to=("pager", "ops")), Route(severity=Severity.LOW, to=("log",))))
    assert ask(facts(), Tier.CONFIRMED, policy).to == ("ops", "pager", "log")
    assert ask(facts(), Tier.PROBABLE, policy).to == ("ops", "log")


def test_a_watchlist_narrows_the_services_policy() -> None:
    made = POLICY.narrowed(to=("mail",), at=Tier.CONFIRMED, severity="low", cap=0)
    assert (made.to, made.at, made.severity, made.cap, made.cooldown) == (("mail",), Tier.CONFIRMED, Severity.LOW, 0, 0.0)


ZONE = ZoneInfo("Europe/Brussels")


@settings(max_examples=200, deadline=None)
@given(now=st.floats(1.6e9, 2.2e9), start=st.integers(0, 1439), end=st.integers(0, 1439), every=st.floats(60, 7 * DAY))
def test_a_digest_is_never_in_the_past_or_in_quiet_hours(now: float, start: int, end: int, every: float) -> None:
    hours = QuietHours(start=f"{start // 60:02}:{start % 60:02}", end=f"{end // 60:02}:{end % 60:02}", zone="Europe/Brussels")
    policy = AlertPolicy(digest=every, quiet=hours)
    due = calendar.next_digest(policy, now)
    assert now < due <= now + every + 2 * DAY
    assert not calendar.is_quiet(hours, due)


@settings(max_examples=200, deadline=None)
@given(now=st.floats(1.6e9, 2.2e9), minute=st.integers(0, 1439))
def test_a_digest_at_a_time_of_day_keeps_it_across_changes_of_the_clock(now: float, minute: int) -> None:
    written = f"{minute // 60:02}:{minute % 60:02}"
    due = calendar.next_digest(AlertPolicy(digest_at=(written,), digest_zone="Europe/Brussels"), now)
    local = datetime.fromtimestamp(due, ZONE)
    assert 0 < due - now <= 25 * HOUR
    assert local.strftime("%H:%M") == written or 2 <= local.hour <= 3, "only in the hour that the clock skips"


def test_quiet_hours_over_midnight() -> None:
    hours = QuietHours(start="22:00", end="07:00", zone="Europe/Brussels")
    assert [calendar.is_quiet(hours, datetime(2026, 10, 7, hour, 30, tzinfo=ZONE).timestamp()) for hour in (21, 22, 3, 6, 7)] == [
        False, True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(("call", "wrong"), [(calendar.time_of_day, "25:00"), (calendar.time_of_day, "7"), (calendar.zone, "Mars/Olympus")])
def test_a_wrong_time_or_zone_is_a_configuration_error(call: Any, wrong: str) -> None:
    with pytest.raises(ConfigError, match=wrong.split("/", maxsplit=1)[0]):
        call(wrong)


def test_feedback_becomes_a_suggestion_for_each_name_that_is_mostly_wrong() -> None:
    said = [
        Counted(entity="wagner-group", alias="Wagner", relevant=1, not_relevant=6),
        Counted(entity="wagner-group", alias="PMC", relevant=0, not_relevant=3),
        Counted(entity="wagner-group", alias="Wagner Group", relevant=9, not_relevant=3),
        Counted(entity="gone", alias="Gone", relevant=0, not_relevant=9),
    ]
    made = suggestions(said, {"wagner-group": Names(name="Wagner Group", weak=("pmc",))})
    assert [(one.alias, one.change.split(" ")[0]) for one in made] == [("Wagner", "move"), ("PMC", "take")]
    assert "weak_aliases" in made[0].change
