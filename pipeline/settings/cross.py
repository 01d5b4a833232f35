"""Do the files agree with each other? A name that points nowhere is an alert that is never sent."""

from __future__ import annotations

import difflib
import ipaddress
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pipeline.alerts import faults
from pipeline.alerts.endpoints import EndpointKind, EndpointSpec, Reach
from pipeline.mentions.watchlist import Watchlist
from pipeline.model import parse_duration
from pipeline.net.guard import Guard
from pipeline.settings.secrets import unresolved
from pipeline.settings.types import Configuration
from pipeline.settings.yamlfile import YamlFile

_ANY_NETWORK: Final = Guard(("0.0.0.0/0", "::/0"))
"""Refuses what no setting can open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Files:
    """Where each part was written, for the messages."""

    feeds: YamlFile
    endpoints: YamlFile
    settings: YamlFile
    watchlists: tuple[YamlFile, ...]


def problems(found: Configuration, files: Files) -> Iterator[str]:
    """Every disagreement, as ``file:line:column: what, and the likely fix``."""
    yield from _twice([feed.url for feed in found.feeds], files.feeds, "feeds", "url")
    yield from _twice([endpoint.id for endpoint in found.endpoints], files.endpoints, "endpoints", "id")
    yield from _addresses(found, files)
    yield from _feeds(found, files)
    yield from _sending(found, files)
    yield from _heartbeat(found, files)
    yield from _lists(found, files)
    endpoints = [endpoint.id for endpoint in found.endpoints]
    for index, endpoint in enumerate(found.settings.alerts.to):
        if endpoint not in endpoints:
            yield files.settings.problem(("alerts", "to", index), _unknown("endpoint", endpoint, endpoints))


def warnings(found: Configuration, files: Files) -> Iterator[str]:
    """What is allowed and probably not meant."""
    for index, endpoint in enumerate(found.endpoints):
        if any(map(unresolved, (endpoint.url, *endpoint.secrets))):
            continue
        for where, what in faults.doubts_of_endpoint(endpoint):
            yield files.endpoints.problem(("endpoints", index, *where), f"endpoint {endpoint.id!r}: {what}")
        for key, path in _papers(endpoint):
            says = f"endpoint {endpoint.id!r}: {path} cannot be read here; until the deliverer can read it, nothing is sent there"
            yield files.endpoints.problem(("endpoints", index, key), says)
    for file, watchlist in zip(files.watchlists, found.watchlists, strict=True):
        if not (watchlist.alert.to or found.settings.alerts.to):
            yield file.problem(("alert",), f"watchlist {watchlist.watchlist!r} sends its alerts nowhere; add alert: {{to: [ENDPOINT]}}")
        if not watchlist.entities:
            yield file.problem((), f"watchlist {watchlist.watchlist!r} watches nobody; add entities:")


def _papers(endpoint: EndpointSpec) -> Iterator[tuple[str, str]]:
    """Certificate files that are not there. Only a doubt: the deliverer may run elsewhere."""
    for key, path in (("ca_file", endpoint.ca_file), ("client_cert", endpoint.client_cert), ("client_key", endpoint.client_key)):
        if path and not os.access(path, os.R_OK):
            yield key, path


def _twice(names: list[str], file: YamlFile, where: str, key: str) -> Iterator[str]:
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in seen:
            yield file.problem((where, index, key), f"{key} {name!r} stands here twice, first as item {seen[name] + 1}; keep one")
        seen.setdefault(name, index)


def _addresses(found: Configuration, files: Files) -> Iterator[str]:
    for index, feed in enumerate(found.feeds):
        if urlsplit(feed.url).scheme not in {"http", "https", "file"}:
            yield files.feeds.problem(("feeds", index, "url"), f"{feed.url!r} is no address of a feed; write https://…")
    for index, endpoint in enumerate(found.endpoints):
        if unresolved(endpoint.url):
            continue
        address = urlsplit(endpoint.url)
        wanted = {EndpointKind.EMAIL: {"smtp", "smtps"}}.get(endpoint.kind, {"http", "https"})
        if endpoint.kind is not EndpointKind.APPRISE and (address.scheme not in wanted or not address.hostname):
            yield files.endpoints.problem(
                ("endpoints", index, "url"), f"endpoint {endpoint.id!r} needs an address that starts with {' or '.join(sorted(wanted))}://"
            )
        elif (why := _ANY_NETWORK.reason(address.hostname or "")) and why != "not an address":
            yield files.endpoints.problem(("endpoints", index, "url"), f"endpoint {endpoint.id!r} is {why}")
        elif endpoint.network is not Reach.LOCAL and _is_local(address.hostname or ""):
            yield files.endpoints.problem(
                ("endpoints", index, "url"),
                f"endpoint {endpoint.id!r} is on this machine or a private network; add the line `network: local` if that is meant",
            )


def _feeds(found: Configuration, files: Files) -> Iterator[str]:
    for index, feed in enumerate(found.feeds):
        if feed.tier not in {1, 2, 3}:
            yield files.feeds.problem(
                ("feeds", index, "tier"), f"tier: {feed.tier} is none; write 1 (watch), 2 (normal) or 3 (may be late)"
            )
        if feed.backlog is not None and not _is_backlog(feed.backlog):
            yield files.feeds.problem(("feeds", index, "backlog"), _no_backlog(feed.backlog))
    if not _is_backlog(found.settings.polling.backlog):
        yield files.settings.problem(("polling", "backlog"), _no_backlog(found.settings.polling.backlog))


def _is_backlog(written: str) -> bool:
    try:
        parse_duration(written.removeprefix("since:"))
    except ValueError:
        return written == "none"
    return True


def _no_backlog(written: str) -> str:
    return f"backlog: {written!r} is neither none nor a duration such as 24h"


def _sending(found: Configuration, files: Files) -> Iterator[str]:
    known = tuple(endpoint.id for endpoint in found.endpoints)
    for index, endpoint in enumerate(found.endpoints):
        if any(map(unresolved, (endpoint.url, *endpoint.secrets))):
            continue
        for where, what in faults.of_endpoint(endpoint, known):
            yield files.endpoints.problem(("endpoints", index, *where), f"endpoint {endpoint.id!r}: {what}")
    for where, what in faults.of_policy(found.settings.alerts, known):
        yield files.settings.problem(("alerts", *where), what)


def _heartbeat(found: Configuration, files: Files) -> Iterator[str]:
    heartbeat = found.settings.heartbeat
    if not heartbeat.url or unresolved(heartbeat.url):
        return
    address = urlsplit(heartbeat.url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        yield files.settings.problem(("heartbeat", "url"), "the heartbeat needs an address that starts with https:// or http://")
    elif heartbeat.network is not Reach.LOCAL and _is_local(address.hostname):
        yield files.settings.problem(
            ("heartbeat", "url"), "the heartbeat's address is on this machine or a private network; add `network: local` if that is meant"
        )


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return not address.is_global


def _lists(found: Configuration, files: Files) -> Iterator[str]:
    lists = list(zip(files.watchlists, found.watchlists, strict=True))
    endpoints = [endpoint.id for endpoint in found.endpoints]
    everybody = {entity.id for _, watchlist in lists for entity in watchlist.entities}
    names: set[str] = set()
    owner: dict[str, str] = {}
    for file, watchlist in lists:
        if watchlist.watchlist in names:
            yield file.problem(("watchlist",), f"another file is called {watchlist.watchlist!r} too; rename one")
        names.add(watchlist.watchlist)
        for index, endpoint in enumerate(watchlist.alert.to):
            if endpoint not in endpoints:
                yield file.problem(("alert", "to", index), _unknown("endpoint", endpoint, endpoints))
        yield from _entities(file, watchlist, owner, everybody)


def _entities(file: YamlFile, watchlist: Watchlist, owner: dict[str, str], everybody: set[str]) -> Iterator[str]:
    for index, entity in enumerate(watchlist.entities):
        if entity.id in owner:
            yield file.problem(("entities", index, "id"), f"entity {entity.id!r} stands in {owner[entity.id]} already; choose another id")
        owner.setdefault(entity.id, file.name)
        for place, other in enumerate(entity.related):
            if other not in everybody:
                yield file.problem(("entities", index, "related", place), _unknown("entity", other, everybody))
    for index, rule in enumerate(watchlist.rules):
        for place, other in enumerate(rule.entities):
            if other not in everybody:
                yield file.problem(("rules", index, "entities", place), _unknown("entity", other, everybody))


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    choices = sorted(known)
    near = difflib.get_close_matches(name, choices, n=1, cutoff=0.5)
    if near:
        return f"there is no {what} {name!r}; did you mean {near[0]!r}?"
    return f"there is no {what} {name!r}; " + (f"known: {', '.join(choices[:8])}" if choices else "none is defined yet")
