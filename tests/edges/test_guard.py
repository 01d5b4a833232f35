"""Nothing private, reserved or special is ever connected to, however it is spelt, unless a laboratory opened it."""

from __future__ import annotations

import re
import socket

import pytest
from aiohttp import web

from pipeline.errors import BlockedAddressError, ConfigError, FetchError
from pipeline.net.connect import Resolver
from pipeline.net.fetch import Fetcher
from pipeline.net.guard import BlockedSocketError, Guard, socket_factory
from pipeline.net.policy import NetPolicy


def listed(text: str) -> list[str]:
    return re.findall(r"\S+", text)


CLOSED = listed("""
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.1.2.3 127.255.255.254 168.63.129.16 169.254.0.1
169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1
192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
255.255.255.255 100.100.100.200
:: ::1 ::2 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1 ::ffff:0:8.8.8.8 ::8.8.8.8 ::ffff:8.8.8.8
64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::c0a8:1 64:ff9b:1::1 100::1 100:0:0:1::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2
2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 2002:c0a8:101::1 2002:808:808::1 2620:4f:8000::1 3fff::1 5f00::1 fc00::1 fd00::1
fd00:ec2::254 fd20:ce::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1 4000::1 2606:4700::5efe:7f00:1 2606:4700::200:5efe:a00:1
""")
OPEN = listed("""
1.1.1.1 8.8.8.8 93.184.215.14 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1
2606:4700::1111 2a00:1450:4001::200e 64:ff9b::808:808
""")
METADATA = listed(
    "169.254.169.254 169.254.170.2 168.63.129.16 100.100.100.200 192.0.0.192 fd00:ec2::254 fd20:ce::254 ::ffff:169.254.169.254"
)
SPELLINGS = listed("""
127.0.0.1 127.1 0 0.0.0.0 2130706433 0x7f000001 0x7f.1 017700000001 127.0.1 [::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:0:0:1]
[::127.0.0.1] localhost LOCALHOST localhost. ①②⑦.⓪.⓪.① 127。0。0。1
""")


def test_there_are_enough_of_them():
    assert len({*CLOSED, *SPELLINGS}) >= 60


@pytest.mark.parametrize("address", CLOSED)
def test_closed(address):
    assert Guard().reason(address)
    with pytest.raises(BlockedSocketError):
        socket_factory(Guard())((socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)))


@pytest.mark.parametrize("address", OPEN)
def test_open(address):
    assert Guard().reason(address) is None


@pytest.mark.parametrize("address", METADATA)
def test_metadata_stays_closed_whatever_is_allowed(address):
    assert "metadata" in (Guard(["0.0.0.0/0", "::/0"]).reason(address) or "")


def test_a_laboratory_may_open_networks():
    guard = Guard(["127.0.0.0/8", "fd12::/16"])
    assert guard.reason("127.0.0.1") is None
    assert guard.reason("::ffff:127.0.0.1") is None
    assert guard.reason("fd12::1") is None
    assert guard.reason("10.0.0.1")
    with pytest.raises(ConfigError, match=r"10\.1\.0\.0/16"):
        Guard(["10.1.2"])


@pytest.fixture
async def trap():
    """A server on loopback that counts who comes, and redirects wherever it is told."""
    seen: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.path_qs)
        if to := request.query.get("to"):
            raise web.HTTPFound(to)
        return web.Response(text="inside")

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    yield port, seen
    await runner.cleanup()


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_no_spelling_of_loopback_is_connected_to(trap, spelling):
    port, seen = trap
    async with Fetcher(NetPolicy()) as fetcher:
        with pytest.raises(FetchError) as error:
            await fetcher.get(f"http://{spelling}:{port}/")
    assert seen == []
    assert isinstance(error.value, BlockedAddressError) or error.value.code in {"dns", "bad_url"}


async def test_a_redirect_cannot_lead_inside(trap):
    """From an address that is open (a laboratory's) to one that is not."""
    port, seen = trap
    async with Fetcher(NetPolicy(allow_networks=("127.0.0.1/32",))) as fetcher:
        for inside in ("http://127.0.0.2:{}/x", "http://[::1]:{}/x", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/"):
            with pytest.raises(BlockedAddressError):
                await fetcher.get(f"http://127.0.0.1:{port}/?to={inside.format(port)}")
        for nowhere in ("file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/x", "javascript:1"):
            with pytest.raises(FetchError, match="no web address"):
                await fetcher.get(f"http://127.0.0.1:{port}/?to={nowhere}")
    assert all("to=" in path for path in seen)


async def test_a_name_that_changes_its_answer_is_caught_at_the_socket(trap, monkeypatch):
    """Rebinding: whoever asked first heard a public address, the connection hears a private one."""
    port, seen = trap
    answers = iter(["93.184.215.14", "127.0.0.1", "127.0.0.1"])

    def lookup(_host, port, _family):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr("pipeline.net.connect._lookup", lookup)
    resolver = Resolver()
    first = await resolver.resolve("rebind.example", port)
    assert Guard().reason(first[0]["host"]) is None
    await resolver.close()
    async with Fetcher(NetPolicy()) as fetcher:
        with pytest.raises(BlockedAddressError):
            await fetcher.get(f"http://rebind.example:{port}/")
    assert seen == []


async def test_a_name_with_an_open_and_a_closed_address_uses_the_open_one(trap, monkeypatch):
    port, _ = trap

    def lookup(_host, port, _family):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("127.0.0.9", "127.0.0.1")]

    monkeypatch.setattr("pipeline.net.connect._lookup", lookup)
    async with Fetcher(NetPolicy(allow_networks=("127.0.0.1/32",))) as fetcher:
        assert (await fetcher.get(f"http://two.example:{port}/")).body == b"inside"


async def test_webhooks_pass_the_same_guard(trap):
    port, seen = trap
    async with Fetcher(NetPolicy()) as fetcher:
        with pytest.raises(BlockedAddressError):
            await fetcher.post(f"http://127.0.0.1:{port}/hook", body=b"{}", headers={})
    assert seen == []


async def test_behind_a_proxy_what_can_be_resolved_is_asked_for_first(trap):
    port, seen = trap
    async with Fetcher(NetPolicy(proxy=f"http://127.0.0.1:{port}")) as fetcher:
        with pytest.raises(BlockedAddressError):
            await fetcher.get("http://127.0.0.1:1/")
        answer = await fetcher.get("http://93.184.215.14/page")
    assert answer.body == b"inside"
    assert seen == ["/page"]
