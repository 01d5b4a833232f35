"""What the tests of whole processes stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.broker.embedded import EmbeddedServer
from pipeline.broker.jobs import Broker


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A running embedded server on a data directory of its own."""
    embedded = EmbeddedServer(tmp_path / "data")
    embedded.start()
    yield embedded
    embedded.stop()


@pytest.fixture
def broker(server: EmbeddedServer) -> Iterator[Broker]:
    """The queues on that server."""
    queues = Broker(server.url)
    yield queues
    queues.close()
