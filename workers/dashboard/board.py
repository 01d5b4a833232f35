"""What may a page ask? The ledger, the configuration, the names in it, and the time; nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from pipeline.errors import WirewatchError
from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.model import Instant
from pipeline.store.listings import Listings
from workers import wiring as clock
from workers.wiring import Wiring

if TYPE_CHECKING:
    from pipeline.flow.reading import Reader
    from pipeline.settings.types import Configuration
    from pipeline.store import Store

DAY: Final = 86400.0


class MissingError(WirewatchError):
    """There is nothing under that name (404)."""


class RefusedError(WirewatchError):
    """What was asked cannot be done as asked (409)."""


class Board:
    """Everything that answers are made of. Synchronous; the web server calls it in a thread."""

    def __init__(self, wiring: Wiring, *, now: Callable[[], Instant] = clock.now) -> None:
        """Nothing is opened yet."""
        self.wiring = wiring
        self.now = now

    @property
    def configuration(self) -> Configuration:
        """What the files say."""
        return self.wiring.configuration

    @property
    def store(self) -> Store:
        """The ledger."""
        return self.wiring.store

    @cached_property
    def listings(self) -> Listings:
        """Reads for people."""
        return Listings.of(self.store)

    @cached_property
    def version(self) -> str:
        """Of the service."""
        return version("wirewatch")

    @cached_property
    def watched(self) -> dict[str, tuple[Entity, Watchlist]]:
        """Entity id → the entity and the list that watches it."""
        return {entity.id: (entity, one) for one in self.configuration.watchlists for entity in one.entities}

    @cached_property
    def by_name(self) -> tuple[str, ...]:
        """Every entity's id, in the order of names."""
        return tuple(sorted(self.watched, key=lambda ident: self.watched[ident][0].name.casefold()))

    def name_of(self, entity: str) -> str:
        """The entity's name; its id where no list watches it any more."""
        found = self.watched.get(entity)
        return found[0].name if found else entity

    @cached_property
    def reader(self) -> Reader:
        """What reads a text as the analyser does. Takes a moment: the lists are compiled and the models loaded."""
        from workers.desk import reading

        return reading(self.wiring)[0]
