"""What of a document is new, and what was edited."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.feeds.identity import content_hash, keys_of
from pipeline.feeds.novelty import Novelty, sort
from pipeline.model import Entry


@dataclass(frozen=True)
class Row:
    entry_id: str
    feed_id: str
    content_hash: str
    revision: int = 0


def entry(number: int, title: str = "A quiet day", date: str = "2026-03-01T08:00:00Z") -> Entry:
    return Entry(id=f"tag:{number}", url=f"https://paper.example/{number}", title=f"{title} {number}", published=date)


def again(before: list[Entry], after: list[Entry], feed: str = "fe_1") -> Novelty:
    keys = keys_of(after)
    known = {key: Row(f"en_{one.id}", "fe_1", content_hash(one)) for one, own in zip(before, keys_of(before), strict=True) for key in own}
    return sort(feed, after, keys, known)


def test_the_same_document_holds_nothing_new() -> None:
    entries = [entry(number) for number in range(5)]
    found = again(entries, entries)
    assert (found.fresh, found.changed, found.known) == ((), (), 5)


def test_an_entry_that_nobody_knew_is_fresh() -> None:
    assert [one.entry.id for one in again([entry(1)], [entry(1), entry(2)]).fresh] == ["tag:2"]


def test_new_words_are_an_edit_and_so_is_a_new_date() -> None:
    before = [entry(number) for number in range(5)]
    worded = [entry(0, title="A loud day"), *before[1:]]
    dated = [entry(0, date="2026-03-01T11:30:00Z"), *before[1:]]
    assert [one.entry_id for one in again(before, worded).changed] == ["en_tag:0"]
    assert [one.entry_id for one in again(before, dated).changed] == ["en_tag:0"]


def test_a_feed_that_dates_every_entry_anew_has_edited_none() -> None:
    before = [entry(number) for number in range(5)]
    now = [entry(number, date="2026-03-02T00:00:00Z") for number in range(5)]
    assert again(before, now).changed == ()
    one_really = [entry(0, title="A loud day", date="2026-03-02T00:00:00Z"), *now[1:]]
    assert [one.entry_id for one in again(before, one_really).changed] == ["en_tag:0"]


def test_another_feed_words_it_differently_and_edits_nothing() -> None:
    assert again([entry(1)], [entry(1, title="A loud day")], feed="fe_2").changed == ()
