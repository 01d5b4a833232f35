"""A month at an invented news desk, written through the same reading and deciding as the service's own."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from pipeline.flow.analyse import Analyst, analyse_page
from pipeline.flow.sources import sync
from pipeline.model import Entry, Lane
from pipeline.store import ids
from pipeline.store.alerts import AlertState
from pipeline.store.deliveries import AttemptRecord, DeliveryState
from pipeline.store.entries import PageRecord
from pipeline.store.feeds import FeedEvent, NewEntry, PollRecord
from pipeline.store.reports import Heartbeat
from workers.desk import readers
from workers.wiring import Wiring

DAY, HOUR = 86400.0, 3600.0
TOKEN = "a-token-for-the-tests-0123456789"
READER = "a-token-that-only-reads-98765432"

FILES = {
    "settings.yaml": """
        data_dir: {data}
        models: {{}}
        dashboard: {{port: 0, tokens: [{{name: grafana, token: "${{READER}}", scope: read}}]}}
        alerts: {{max_age: 90d}}
        net: {{allow_networks: [127.0.0.0/8]}}
    """,
    "feeds.yaml": """
        feeds:
          - {url: "https://harbour.example/feed", name: The Harbour Courier, tier: 1, tags: [uk]}
          - {url: "https://ledger.example/rss", name: Northern Ledger}
          - {url: "https://morgen.example/rss", name: Morgenbote, tags: [de]}
          - {url: "https://zaliv.example/rss", name: Вестник залива}
          - {url: "https://silent.example/rss", name: The Silent Post}
    """,
    "endpoints.yaml": """
        endpoints:
          - {id: desk, url: "http://127.0.0.1:9/", network: local}
          - {id: archive, url: "https://hooks.example/in/secret-path"}
    """,
    "watchlists/sea.yaml": """
        watchlist: sea
        alert: {to: [desk, archive], at: possible}
        entities:
          - id: halden-ferries
            name: Halden Ferries
            kind: organization
            aliases: [Halden, Фьорд Халден]
            context: [ferry, ship, harbour, shipping]
            exclude: [handball]
            namesakes: [{name: Halden Fortress, context: [fortress, museum]}]
            related: [mirela-costin]
            about: Ferry company of the northern ports, led by Mirela Costin
          - {id: mirela-costin, name: Mirela Costin, kind: person, aliases: [Costin], about: Chief executive of Halden Ferries}
          - {id: kestrel-yard, name: Kestrel Yard, kind: place, about: A shipyard}
    """,
}

REPORTS: list[dict[str, Any]] = [
    {
        "feed": "harbour",
        "age": 0.02,
        "title": "Halden Ferries halts winter crossings after engine fire",
        "text": [
            "Halden Ferries has cancelled every crossing until Friday after a fire in the engine room of one of its ships.",
            "Nobody was hurt. Mirela Costin, who leads the company, told reporters at the harbour that the cause was a cracked fuel line.",
            "Passengers with tickets may wait, or take the train around the bay. Halden will pay for either, she said.",
            "The line carries some 40,000 people a week in the winter timetable, a third of them commuters from the outer islands.",
        ],
    },
    {
        "feed": "ledger",
        "age": 0.01,
        "title": "Ferry company stops crossings after fire",
        "text": [
            "Halden Ferries has cancelled every crossing until Friday after a fire in the engine room of one of its ships.",
            "Nobody was hurt. Mirela Costin, who leads the company, told reporters at the harbour that the cause was a cracked fuel line.",
            "Passengers with tickets may wait, or take the train around the bay. Halden will pay for either, she said.",
            "The line carries some 40,000 people a week in the winter timetable, a third of them commuters from the outer islands.",
        ],
    },
    {
        "feed": "morgen",
        "age": 1.1,
        "lang": "de",
        "title": "Werft Kestrel Yard erhält Auftrag für zwei Fähren",
        "text": [
            "Die Werft Kestrel Yard baut zwei neue Fähren für die Inseln. Der Vertrag wurde am Montag im Rathaus unterschrieben.",
            "Die Schiffe sollen mit Batterien fahren und je vierhundert Menschen aufnehmen, sagte die Reederei Halden Ferries.",
            "Der Bürgermeister sprach von einem guten Tag für die Stadt. Die Gewerkschaft verlangt, dass die Lehrstellen erhalten bleiben.",
        ],
    },
    {
        "feed": "zaliv",
        "age": 2.3,
        "lang": "ru",
        "title": "Паромная компания меняет расписание",
        "text": [
            "Компания Halden Ferries объявила о новом расписании паромов на зиму. Рейсы по выходным сокращены вдвое.",
            "Жители островов недовольны: многие работают в городе и возвращаются домой только в субботу вечером.",
        ],
    },
    {
        "feed": "ledger",
        "age": 3.2,
        "title": "Halden beat visitors in a handball evening to remember",
        "text": [
            "The handball side from Halden came back from six goals down on Saturday and won in the last second.",
            "The hall was sold out, and the handball federation has already asked the town to build a larger one.",
        ],
    },
    {
        "feed": "harbour",
        "age": 4.5,
        "title": "A walk around Halden Fortress",
        "text": [
            "The museum inside Halden Fortress has opened its lower galleries for the first time since the war.",
            "Visitors may now walk the whole wall, and the fortress keeps its café open until nine.",
        ],
    },
    {
        "feed": "morgen",
        "age": 6.0,
        "lang": "de",
        "title": "Costin verspricht pünktlichere Fähren",
        "text": [
            "Mirela Costin hat am Mittwoch vor dem Stadtrat pünktlichere Fähren versprochen. Sie will drei weitere Kapitäne einstellen.",
            "Der Rat vertagte die Abstimmung über den Zuschuss auf den kommenden Monat.",
        ],
    },
    {
        "feed": "harbour",
        "age": 9.4,
        "title": "Council looks at bridge instead of ferry",
        "text": [
            "A bridge to the outer islands would cost less than forty years of ferries, a report for the council says.",
            "The report does not say who would pay for it. Fishermen fear for the narrow channel.",
        ],
    },
]


def configure(directory: Path) -> Path:
    """A configuration directory of the news desk."""
    for name, text in FILES.items():
        path = directory / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.format(data=directory / "data") if name == "settings.yaml" else text
        path.write_text(lines)
    return directory / "config"


def html(report: dict[str, Any]) -> bytes:
    """A page with what pages have around their story."""
    paragraphs = "".join(f"<p>{line}</p>" for line in report["text"])
    return f"""<!doctype html><html lang="{report.get("lang", "en")}"><head><title>{report["title"]}</title></head><body>
    <nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
    <main><article><h1>{report["title"]}</h1>{paragraphs}</article>
    <aside><form>Get our newsletter: every morning, the harbour in your inbox.</form>
    <h2>Most read</h2><ul><li><a href="/1">Halden Ferries in numbers</a></li></ul></aside></main>
    <footer>All rights reserved. Do not reprint.</footer></body></html>""".encode()


def publish(wiring: Wiring, reports: list[dict[str, Any]], now: float) -> list[str]:
    """Poll, fetch and analyse each report at its own time. Returns the alerts."""
    store = wiring.store
    reader, teller = readers(wiring)
    analyst = Analyst(store=store, reader=reader, teller=teller)
    feeds = {feed.url.split("/")[2].split(".")[0]: feed for feed in store.feeds.health()}
    alerts: list[str] = []
    for report in sorted(reports, key=lambda each: -each["age"]):
        at = now - report["age"] * DAY
        feed = feeds[report["feed"]]
        url = f"https://{report['feed']}.example/{abs(hash(report['title'])) % 10**8}"
        published = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(at - 120))
        entry = Entry(id=url, url=url, title=report["title"], summary=report["text"][0], published=published)
        new = NewEntry(entry=entry, keys=(f"guid:{url}", f"url:{url}"), content_hash=url, published_at=at - 120)
        store.feeds.record_poll(polled(feed, at, entries=(new,), lags=(90.0,)))
        ident = ids.entry_id(feed.id, f"guid:{url}")
        page = PageRecord(entry_id=ident, owner=None, url=url, final_url=url, body=html(report), fetched_at=at, lane=Lane.HOT, status=200)
        page_id = store.entries.record_page(page)
        claimed = store.articles.claim_pages([page_id], "desk", at, 60.0)
        alerts += analyse_page(claimed[0], analyst, owner="desk", now=at).alerts
    return alerts


def polled(feed: Any, at: float, **changes: Any) -> PollRecord:
    """A poll that went well, unless told otherwise."""
    said: dict[str, Any] = {
        "feed_id": feed.id,
        "owner": None,
        "at": at,
        "outcome": "ok",
        "succeeded": True,
        "state": "ok",
        "reason": "",
        "next_try": at + 600,
        "fetch_url": feed.url,
        "interval": 600.0,
        "rate": 4.2,
        "lag": 95.0,
    }
    return PollRecord(**{**said, **changes})


def seed(directory: Path, *, now: float | None = None) -> Wiring:
    """The whole month: alerts, quiet ones, deliveries that failed and succeeded, a mute, a complaint, a feed in trouble."""
    now = now or time.time()
    wiring = Wiring.from_directory(configure(directory))
    store = wiring.store
    sync(store, wiring.configuration.feeds, wiring.configuration.settings.polling, now - 30 * DAY)
    store.deliveries.sync_endpoints({one.id: one.kind.value for one in wiring.configuration.endpoints}, now - 30 * DAY)
    store.reports.record_revision(wiring.configuration.revision, now - DAY, accepted=True)
    alerts = publish(wiring, REPORTS, now)
    silent = next(feed for feed in store.feeds.health() if "silent" in feed.url)
    gone = FeedEvent(kind="redirect", detail={"from": silent.url, "to": "https://moved.example/rss"})
    trouble = {
        "outcome": "http_404",
        "succeeded": False,
        "state": "failing",
        "reason": "http_404: the server has no such feed",
        "failures": 7,
    }
    store.feeds.record_poll(polled(silent, now - HOUR, next_try=now + 4 * HOUR, rate=None, lag=None, events=(gone,), **trouble))
    deliver(wiring, now)
    if alerts:
        store.alerts.set_state(alerts[0], AlertState.REVIEWED, author="Ines", now=now - DAY, note="passed on to the desk")
        complained = store.alerts.list(entity="halden-ferries")[-1].id
        store.alerts.add_feedback(complained, verdict="not_relevant", author="Ines", now=now - HOUR, alias="Halden")
    store.alerts.add_mute("alias", "Halden", author="Ines", reason="the town, mostly", now=now - HOUR, until=now + DAY)
    life = Heartbeat(process="poll/1", role="poll", host="desk-1", pid=4711, version="0.1.0", started_at=now - DAY, at=now - 3)
    store.reports.beat(life)
    return wiring


def deliver(wiring: Wiring, now: float) -> None:
    """One endpoint takes everything; the other refuses, and is parked."""
    store = wiring.store
    for one in store.deliveries.list(limit=1000):
        at = one["created_at"]
        if one["endpoint"] == "desk":
            good = {"outcome": "delivered", "state": DeliveryState.DELIVERED, "status": 204, "seconds": 0.084}
            store.deliveries.record_attempts([AttemptRecord(delivery_id=one["id"], owner=None, at=at + 1, **good)])
        else:
            bad = {"outcome": "http_500", "status": 500, "seconds": 1.2, "error": "the receiver answered 500"}
            state, again = (DeliveryState.WAITING, now + 300) if now - at < DAY else (DeliveryState.FAILED, None)
            store.deliveries.record_attempts(
                [AttemptRecord(delivery_id=one["id"], owner=None, at=at + 2, state=state, next_at=again, **bad)]
            )
    parked = {"state": "parked", "reason": "http_500: the receiver answered 500", "since": now - HOUR, "parked_until": now + 300}
    store.deliveries.set_endpoint("archive", **parked, failures=6, failing_since=now - 3 * HOUR)
    store.deliveries.set_endpoint("desk", last_success=now - 60)
