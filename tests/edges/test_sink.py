"""The receiver that ``receive`` and ``demo`` stand on believes what is signed with its secret, and nothing else."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from pipeline.alerts import signature
from pipeline.errors import ConfigError, WirewatchError
from workers.sink import Posted, Sink

SECRET = "whsec_" + "QUJD" * 8
NOW = 1_800_000_000.0


async def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    async with aiohttp.ClientSession() as client, client.post(url, data=body, headers=headers) as response:
        return response.status, await response.text()


async def test_it_believes_what_is_signed_and_says_why_it_does_not() -> None:
    told: list[Posted] = []
    sink = Sink(SECRET, clock=lambda: NOW, tell=told.append)
    url = await sink.start("127.0.0.1", 0)
    body = b'{"type":"test.ping","data":{}}'
    signed = signature.headers([SECRET], ident="no_1", sent=int(NOW), body=body)
    try:
        assert await post(url, body, signed) == (204, "")
        assert (await post(url + "any/path", body + b" ", signed))[0] == 401
        assert (await post(url, body, {"webhook-id": "no_2"}))[0] == 401
    finally:
        await sink.stop()
    assert [(one.id, one.at, bool(one.refused)) for one in told] == [("no_1", NOW, False), ("no_1", NOW, True), ("no_2", NOW, True)]
    assert told[0].body == body


async def test_a_port_that_is_taken_and_a_secret_that_is_none_are_said_at_once() -> None:
    taken = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    sink = Sink(SECRET, clock=lambda: NOW, tell=lambda _posted: None)
    async with taken:
        with pytest.raises(WirewatchError, match="choose another with --port"):
            await sink.start("127.0.0.1", taken.sockets[0].getsockname()[1])
    with pytest.raises(ConfigError):
        Sink("", clock=lambda: NOW, tell=lambda _posted: None)
