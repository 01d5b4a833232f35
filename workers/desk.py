"""What a worker's child works with: pages in, decisions in the ledger.

Everything heavy (the compiled names, the language model, the extractor) is loaded by ``load`` in the parent and shared by
all its children; connections are opened by each child for itself.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from html import escape
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from pipeline import telemetry
from pipeline.alerts.payload import Engine
from pipeline.articles.extract import extract
from pipeline.errors import ModelMissingError
from pipeline.flow.analyse import Analyst, analyse_page
from pipeline.flow.glancing import glance
from pipeline.flow.reading import Reader, watched_by
from pipeline.flow.telling import Teller
from pipeline.model import Document, EntryState
from workers.wiring import Wiring, now, process_name

if TYPE_CHECKING:
    from pipeline.mentions.nlp import Recogniser

_WARMED: Final = 20
"""Names in the page that warms a parent up."""

log = telemetry.log("analyse")


class Desk:
    """One child's place of work. See ``workers.lifetime.Analyst``."""

    def __init__(self, analyst: Analyst, *, owner: str, lease: float) -> None:
        self._analyst = analyst
        self._owner = owner
        self._lease = lease

    def analyse(self, page_id: str) -> str:
        """Claim, analyse and record one page. Returns the state that its entry came to, or ``taken``."""
        began = now()
        pages = self._analyst.store.articles.claim_pages([page_id], self._owner, began, self._lease)
        if not pages:
            return "taken"
        done = analyse_page(pages[0], self._analyst, owner=self._owner, now=now())
        if not done.held:
            return "taken"
        took = now() - began
        telemetry.stage_seconds.labels("analyse").observe(took)
        telemetry.analyses.labels(done.state).inc()
        for tier in done.tiers:
            telemetry.alerts.labels(tier).inc()
        for reason in done.suppressed:
            telemetry.suppressed.labels(reason).inc()
        level = log.info if done.alerts else log.debug
        level("page_analysed", page=page_id, state=done.state.value, reason=done.reason, alerts=list(done.alerts), seconds=round(took, 3))
        return done.state.value

    def glance(self, page_ids: Sequence[str]) -> list[str]:
        """Keep what pages for the archive say, many at once. Returns those in which somebody may be named, or that need a closer look."""
        began = now()
        pages = self._analyst.store.articles.claim_pages(page_ids, self._owner, began, self._lease)
        left = glance(pages, self._analyst, owner=self._owner, now=now())
        done = len(pages) - len(left)
        telemetry.analyses.labels(EntryState.NO_MATCH).inc(done)
        log.debug("pages_glanced_at", pages=done, left=len(left), seconds=round(now() - began, 3))
        return left

    def crashed(self, page_id: str, reason: str) -> None:
        """The page ended the process that worked on it; the third time it is ``failed``."""
        self._analyst.store.articles.record_crash(page_id, reason, now())

    def close(self) -> None:
        """Give the ledger's connections back."""
        self._analyst.store.close()


def load(wiring: Wiring) -> Callable[[], Desk]:
    """Load what children share, and return how a child begins."""
    reader, teller = readers(wiring)
    warm(reader)
    lease, stories = wiring.configuration.settings.working.claim_lease, wiring.configuration.settings.stories

    letters = secrets.token_hex(3)

    def begin() -> Desk:
        analyst = Analyst(store=wiring.open_store(), reader=reader, teller=teller, stories=stories)
        # the worker's own name, whichever child it has: what a child held when it died, its successor may take up at once
        return Desk(analyst, owner=process_name("analyser", pid=os.getppid(), letters=letters), lease=lease)

    return begin


def warm(reader: Reader) -> None:
    """Read a made-up page that names everybody once.

    The first page of a process pays for imports, tables and the model's first use, most of a second; what is paid in the
    parent, its children inherit.
    """
    names = sorted({watched.entity.name for watched in reader.watched.values()})[:_WARMED]
    said = "On Tuesday {} was named in a report about the harbour, the weather and the price of bread."
    sentences = "".join(f"<p>{said.format(escape(name))}</p>" for name in names)
    page = f"<html lang=en><head><title>A report</title></head><body><article><h1>A report</h1>{sentences * 2}</article></body></html>"
    found = extract(page, url="https://paper.example/report", policy=reader.extraction)
    reader.matcher.scan(found.text)
    reader.matcher.match(Document(id="", title=found.title or "", text=found.text), reader.recogniser)


def readers(wiring: Wiring) -> tuple[Reader, Teller]:
    """What reads pages and what tells of them, under one configuration."""
    settings = wiring.configuration.settings
    reader, model = reading(wiring)
    engine = Engine(version=version("wirewatch"), extractor=reader.extractor, model=model)
    key = wiring.secret("links")
    return reader, Teller(policy=settings.alerts, engine=engine, public_url=wiring.public_url, links_key=key)


def reading(wiring: Wiring) -> tuple[Reader, str | None]:
    """What reads pages under one configuration, and how payloads call its language models. Opens no ledger."""
    recogniser, model = recognise(wiring)
    return (
        Reader(
            matcher=wiring.matcher,
            watched=watched_by(wiring.configuration.watchlists),
            recogniser=recogniser,
            extraction=wiring.configuration.settings.extraction,
        ),
        model,
    )


def recognise(wiring: Wiring) -> tuple[Recogniser | None, str | None]:
    """The language models that the settings name, and how payloads call them; (None, None) where one is missing."""
    from pipeline.mentions.nlp import load_recogniser

    models = wiring.configuration.settings.models
    if not models:
        return None, None
    try:
        recogniser = load_recogniser(models)
    except ModelMissingError as error:
        telemetry.degraded.labels("model").set(1)
        log.warning("model_missing", error=str(error), then="names alone decide")
        return None, None
    return recogniser, ", ".join(f"{language}:{name}" for language, name in sorted(models.items()))
