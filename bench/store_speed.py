"""How many alerts and articles a second does the ledger take, flushed to disk? Side by side in one run.

    python bench/store_speed.py [sqlite:////tmp/x.db | postgresql://…]

Without an address: SQLite in a temporary directory. ``alone`` is one writer that commits each alert by itself; ``shared``
is many threads of one process, whose commits the store groups on SQLite.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.model import Entry, EntryState, Lane, Tier
from pipeline.store import Store, ids, open_store
from pipeline.store.analysis import AlertRecord, AnalysisRecord, ArticleRecord, DeliveryPlan, SiteLearned
from pipeline.store.deliveries import AttemptRecord, DeliveryState
from pipeline.store.entries import PageRecord
from pipeline.store.feeds import FeedRow, NewEntry, PollRecord
from pipeline.store.stories import StoryRecord

NOW = 1_800_000_000.0
ALERTS = 2000
ARTICLES = 600
THREADS = 16
DICE = random.Random(1)
VOCABULARY = [f"word{n}" for n in range(5000)]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as home:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(home) / 'bench.db'}"
        with open_store(url) as store:
            store.deliveries.sync_endpoints({"ops": "standard"}, NOW)
            print(f"{'what':34} {'a second':>9}")
            report("alerts, alone", ALERTS // 4, lambda work: spread(work, 1), alerting(store, "a"))
            report(f"alerts, shared by {THREADS} threads", ALERTS, lambda work: spread(work, THREADS), alerting(store, "b"))
            report("deliveries, 100 at once", None, lambda _: deliver(store), None)
            report("entries polled, 100 a feed", None, lambda _: poll(store), None)
            report("pages stored, 50 at once", None, lambda _: collect(store), None)
            report("articles analysed, alone", None, lambda _: analyse(store, 1, ARTICLES // 2), None)
            report("articles analysed, 16 a commit", None, lambda _: analyse(store, 16, ARTICLES // 2), None)


def report(what: str, count: int | None, run: Callable[[Sequence[Callable[[], None]]], int], work: Callable[[int], None] | None) -> None:
    jobs = [lambda n=n: work(n) for n in range(count or 0)] if work else []  # type: ignore[misc]
    started = time.perf_counter()
    done = run(jobs)
    print(f"{what:34} {done / (time.perf_counter() - started):9.0f}", flush=True)


def spread(jobs: Sequence[Callable[[], None]], threads: int) -> int:
    def part(first: int) -> None:
        for job in jobs[first::threads]:
            job()

    running = [threading.Thread(target=part, args=(n,)) for n in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return len(jobs)


def alerting(store: Store, run: str) -> Callable[[int], None]:
    def one(n: int) -> None:
        with store.analysis() as ledger:
            ledger.record_alerts((alert(f"st_{run}{n}"),), (), NOW)

    return one


def alert(story: str) -> AlertRecord:
    return AlertRecord(
        entity="wagner-group",
        watchlist="wagner",
        story_id=story,
        article_id=f"ar_{story}",
        event="match",
        revision=0,
        type="alert.match",
        severity="high",
        tier=Tier.CONFIRMED,
        score=0.9,
        title="Wagner Group: 1 new story",
        reason="first mention of this entity in this story",
        created_at=NOW,
        body=b'{"type":"alert.match","data":"' + b"x" * 2500 + b'"}',
        deliveries=(DeliveryPlan(endpoint="ops", next_at=NOW),),
    )


def deliver(store: Store) -> int:
    count = 0
    while claimed := store.deliveries.claim_due(NOW + 1, "bench", 60, 100):
        done = [
            AttemptRecord(delivery_id=one.id, owner="bench", at=NOW + 2, outcome="delivered", state=DeliveryState.DELIVERED)
            for one in claimed
        ]
        count += store.deliveries.record_attempts(done)
    return count


def poll(store: Store) -> int:
    for batch in range(ARTICLES // 100):
        store.feeds.sync([FeedRow(url=f"https://{n}.example/feed") for n in range(batch + 1)], NOW)
        of = store.feeds.claim_due(NOW, "bench", 60, 1)[0]
        new = [
            NewEntry(
                entry=Entry(id=f"{batch}-{n}", url=f"https://{batch}.example/{n}", title=words(8), summary=words(30)),
                keys=(f"guid:{n}", f"url:https://{batch}.example/{n}"),
            )
            for n in range(100)
        ]
        store.feeds.record_poll(
            PollRecord(
                feed_id=of.id,
                owner="bench",
                at=NOW,
                outcome="ok",
                succeeded=True,
                state="ok",
                reason="",
                next_try=NOW + 600,
                fetch_url=of.fetch_url,
                entries=tuple(new),
            )
        )
    return ARTICLES


def collect(store: Store) -> int:
    count = 0
    while claimed := store.entries.claim_fetch(NOW, "bench", 60, 50):
        body = f"<html>{words(4000)}</html>".encode()
        count += len(
            store.entries.record_pages(
                [
                    PageRecord(
                        entry_id=one.id,
                        owner="bench",
                        url=one.entry.url,
                        final_url=one.entry.url,
                        body=body,
                        fetched_at=NOW,
                        lane=Lane.COLD,
                        status=200,
                    )
                    for one in claimed
                ]
            )
        )
    return count


def analyse(store: Store, batch: int, most: int) -> int:
    """Articles of 600 words that name nobody, with 40 grouping keys and 50 lines each; one transaction for each ``batch``."""
    count = 0
    while count < most and (offered := store.articles.offer_due(Lane.COLD, NOW, 600, 16)):
        pages = store.articles.claim_pages(offered, "bench", NOW, 600)
        for first in range(0, len(pages), batch):
            with store.analysis() as ledger:
                for page in pages[first : first + batch]:
                    keys = tuple(DICE.getrandbits(63) for _ in range(40))
                    ledger.previous(page.article_id)
                    ledger.postings(keys, since=0, until=NOW, most=100)
                    story = ids.story_id(page.article_id)
                    ledger.record(
                        AnalysisRecord(
                            page_id=page.id,
                            owner="bench",
                            at=NOW,
                            state=EntryState.NO_MATCH,
                            reason="names nobody",
                            article=ArticleRecord(title=page.entry.title, text=words(600), status="ok", url=page.url, word_count=600),
                            story=StoryRecord(
                                story_id=story,
                                article_id=page.article_id,
                                title=page.entry.title,
                                source=page.feed.id,
                                url=page.url,
                                at=NOW,
                                bands=keys,
                                features={"v": 1, "shingles": "x" * 1300},
                            ),
                            learned=SiteLearned(site=page.feed.id, lines=tuple(DICE.getrandbits(63) for _ in range(50)), article=page.url),
                        )
                    )
                    count += 1
    return count


def words(count: int) -> str:
    return " ".join(DICE.choices(VOCABULARY, k=count))


if __name__ == "__main__":
    main()
