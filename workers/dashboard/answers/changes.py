"""What may a person change, and what does each change leave in the audit?

Every change names its author and is written to the audit: by the store where it does so itself, here where it does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Annotated, Any, Literal

from pydantic import Field

from pipeline.alerts.mutes import MuteKind
from pipeline.alerts.payload import stamp
from pipeline.model import Entry
from pipeline.store.alerts import AlertState, Mute
from pipeline.store.deliveries import DeliveryState, ReplayFilter
from pipeline.store.entries import DirectArticle
from workers.dashboard.answers.shared import Choice, Done, Limit, Moment, Note, Number, When, Word, after_seq, by_seq, cut
from workers.dashboard.board import Board, MissingError, RefusedError

HOUR = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class NewState:
    """A person's word on an alert."""

    state: AlertState
    """new, reviewed or dismissed."""
    note: Note = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewFeedback:
    """Whether an alert was right."""

    verdict: Literal["relevant", "not_relevant"]
    alias: Word = ""
    """The name that misled, where it was one."""
    note: Note = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewMute:
    """A wish for quiet."""

    kind: MuteKind
    """entity, alias, source or story."""
    value: Annotated[str, Field(min_length=1, max_length=300)]
    """The entity's id; the alias; the feed's id or a host name; the story's id."""
    reason: Note = ""
    hours: Annotated[float, Field(gt=0, le=24 * 3650)] | None = None
    """Until then; without it, until it is lifted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewReplay:
    """Which final deliveries to send once more. Everything given must hold, and something must be given."""

    endpoint: Choice = None
    state: DeliveryState | None = None
    entity: Choice = None
    since: When = None
    until: When = None
    id: Choice = None
    """One delivery, message or alert."""
    new_id: bool = False
    """As new messages, so that a receiver that drops known ids takes them again."""
    dry_run: bool = False
    """Only say how many it would be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RevertRedirect:
    """Which redirect to take back."""

    event: Number
    """The ``seq`` of the feed's event."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewArticle:
    """An article that came from no feed."""

    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://")]
    """Where it stands; nothing is fetched from there."""
    title: Annotated[str, Field(max_length=1000)] = ""
    text: Annotated[str, Field(max_length=500_000)] = ""
    """Paragraphs separated by newlines; or ``html``."""
    html: Annotated[str, Field(max_length=1_500_000)] = ""
    """The page as it is, to be read like any other."""
    key: Word = ""
    """What makes it the same article when it is handed in again; its address where empty."""
    published: When = None


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedIn:
    """An article that was taken in."""

    entry_id: str
    """Ask ``/api/explain`` for its address to see what became of it."""
    new: bool
    """False where it had been handed in before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MuteLine:
    """A wish for quiet."""

    seq: int
    kind: str
    value: str
    author: str
    reason: str
    created_at: Moment
    until: Moment | None
    ended_at: Moment | None
    hidden: int
    """Alerts that it kept quiet so far."""
    active: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MuteList:
    """Every mute, the newest first."""

    items: tuple[MuteLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditQuery:
    """Which lines of the audit."""

    cursor: str | None = None
    limit: Limit = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditLine:
    """A change that somebody made."""

    seq: int
    at: Moment
    author: str
    action: str
    target: str
    detail: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditList:
    """A page of changes, the newest first."""

    items: tuple[AuditLine, ...]
    next: str | None


def mute_lines(board: Board) -> tuple[MuteLine, ...]:
    """Every mute, the newest first."""
    now = board.now()
    return tuple(_mute(each, now) for each in board.store.alerts.mutes())


def mute_list(board: Board) -> MuteList:
    """Every mute, the newest first."""
    return MuteList(items=mute_lines(board))


def _mute(mute: Mute, now: float) -> MuteLine:
    names = ("seq", "kind", "value", "author", "reason", "created_at", "until", "ended_at", "hidden")
    active = mute.ended_at is None and (mute.until is None or mute.until > now)
    return MuteLine(**{name: getattr(mute, name) for name in names}, active=active)


def audit_list(board: Board, asked: AuditQuery) -> AuditList:
    """Who changed what."""
    rows = board.store.alerts.audit(before=after_seq(asked.cursor), limit=asked.limit + 1)
    shown, more = cut(rows, asked.limit, by_seq)
    names = ("seq", "at", "author", "action", "target")
    items = tuple(AuditLine(**{name: row[name] for name in names}, detail=row["detail"] or {}) for row in shown)
    return AuditList(items=items, next=more)


def set_state(board: Board, author: str, alert_id: str, said: NewState) -> Done:
    """Mark an alert."""
    if not board.store.alerts.set_state(alert_id, said.state, author=author, now=board.now(), note=said.note):
        raise MissingError(f"there is no alert {alert_id}")
    return Done(done=f"marked {said.state}")


def give_feedback(board: Board, author: str, alert_id: str, said: NewFeedback) -> Done:
    """Say whether an alert was right. A second word of the same person replaces the first."""
    now = board.now()
    if not board.store.alerts.add_feedback(alert_id, verdict=said.verdict, author=author, now=now, alias=said.alias, note=said.note):
        raise MissingError(f"there is no alert {alert_id}")
    detail = {"verdict": said.verdict, "alias": said.alias, "note": said.note}
    board.store.alerts.note(author=author, action="alert.feedback", target=alert_id, now=now, detail=detail)
    return Done(done="noted as relevant" if said.verdict == "relevant" else "noted as not relevant")


def add_mute(board: Board, author: str, said: NewMute) -> MuteLine:
    """Keep something quiet. Articles are matched and kept all the same."""
    now = board.now()
    until = now + said.hours * HOUR if said.hours is not None else None
    mute = board.store.alerts.add_mute(said.kind, said.value, author=author, reason=said.reason, now=now, until=until)
    return _mute(mute, now)


def end_mute(board: Board, author: str, seq: int) -> Done:
    """Lift a mute."""
    if not board.store.alerts.end_mute(seq, author=author, now=board.now()):
        raise MissingError(f"no mute {seq} is in force")
    return Done(done="mute lifted")


def poll_now(board: Board, author: str, feed_id: str) -> Done:
    """Read a feed at the next opportunity."""
    now = board.now()
    if not board.store.feeds.reschedule(feed_id, now, now=now):
        raise MissingError(f"there is no source {feed_id}")
    board.store.alerts.note(author=author, action="source.poll", target=feed_id, now=now)
    return Done(done="to be read at once")


def revert_redirect(board: Board, author: str, feed_id: str, said: RevertRedirect) -> Done:
    """Go back to the address that a redirect replaced."""
    now = board.now()
    known = {row["seq"] for row in board.store.feeds.events(feed_id, kinds=("redirect",), limit=1000)}
    if said.event not in known or not board.store.feeds.revert_redirect(said.event, now):
        raise MissingError(f"source {feed_id} has no redirect {said.event} that could be taken back")
    board.store.alerts.note(author=author, action="source.revert", target=feed_id, now=now, detail={"event": said.event})
    return Done(done="redirect taken back")


def hand_in(board: Board, author: str, said: NewArticle) -> HandedIn:
    """Take in an article; it is analysed like a fetched one. Handing it in again changes nothing.

    Raises:
        RefusedError: it has neither a text nor a page.
    """
    if not (said.text.strip() or said.html.strip()):
        raise RefusedError("an article needs a text, or html")
    now, key = board.now(), said.key or said.url
    published = stamp(said.published) if said.published is not None else None
    entry = Entry(id=key, url=said.url, title=said.title, published=published)
    body = (said.html or _page(said)).encode("utf-8", "replace")
    ident, new = board.store.entries.add_direct(DirectArticle(key=key, entry=entry, body=body, published_at=said.published), now)
    if new:
        board.store.alerts.note(author=author, action="article.add", target=ident, now=now, detail={"url": said.url})
    return HandedIn(entry_id=ident, new=new)


def _page(said: NewArticle) -> str:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in said.text.splitlines() if line.strip())
    title = escape(said.title)
    head = f'<html><head><meta charset="utf-8"><title>{title}</title></head>'
    return f"{head}<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"


def retry_entry(board: Board, author: str, entry_id: str) -> Done:
    """Fetch a failed entry again from the start."""
    now = board.now()
    if not board.store.entries.retry([entry_id], now):
        raise MissingError(f"there is no failed entry {entry_id}")
    board.store.alerts.note(author=author, action="entry.retry", target=entry_id, now=now)
    return Done(done="to be fetched again")


def replay(board: Board, author: str, said: NewReplay) -> Done:
    """Send final deliveries once more, in their old order.

    Raises:
        RefusedError: nothing narrows it; everything that was ever sent is never what is meant.
    """
    given = (said.endpoint, said.state, said.entity, said.since, said.id)
    if not any(given):
        raise RefusedError("replay: name an endpoint, a state, an entity, a time or an id")
    now = board.now()
    ids = (said.id,) if said.id else ()
    wanted = ReplayFilter(endpoint=said.endpoint, since=said.since, until=said.until, entity=said.entity, state=said.state, ids=ids)
    sent = board.store.deliveries.replay(wanted, now, dry_run=said.dry_run, new_id=said.new_id)
    if said.dry_run:
        return Done(done="would be sent once more", count=len(sent))
    detail = {"endpoint": said.endpoint, "state": said.state, "entity": said.entity, "new_id": said.new_id, "count": len(sent)}
    board.store.alerts.note(author=author, action="delivery.replay", target=said.id or said.endpoint or "many", now=now, detail=detail)
    return Done(done="to be sent once more", count=len(sent))


def cancel_delivery(board: Board, author: str, delivery_id: str) -> Done:
    """Stop a delivery that still waits."""
    now = board.now()
    if not board.store.deliveries.cancel([delivery_id], reason=f"cancelled by {author}", now=now):
        raise MissingError(f"delivery {delivery_id} does not wait")
    board.store.alerts.note(author=author, action="delivery.cancel", target=delivery_id, now=now)
    return Done(done="cancelled")


def resume_endpoint(board: Board, author: str, endpoint_id: str) -> Done:
    """Close an endpoint's breaker, or switch on again one that was given up."""
    now = board.now()
    fresh: dict[str, Any] = {"state": "active", "reason": f"resumed by {author}", "since": now, "parked_until": None}
    if not board.store.deliveries.set_endpoint(endpoint_id, **fresh, failures=0, failing_since=None, reported=0, breaker={}):
        raise MissingError(f"there is no endpoint {endpoint_id}")
    board.store.alerts.note(author=author, action="endpoint.resume", target=endpoint_id, now=now)
    return Done(done="sending again")
