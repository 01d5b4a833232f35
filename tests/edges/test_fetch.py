"""Bodies are unpacked within bounds, hops are told only what they may know, and every error has a name."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import tracemalloc
import zlib

import brotli
import pytest
from aiohttp import web
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import FetchError
from pipeline.net.fetch import Fetcher, Validators
from pipeline.net.inflate import BrokenEncodingError, decoder
from pipeline.net.policy import NetPolicy

LAB = NetPolicy(allow_networks=("127.0.0.0/8",), contact="https://desk.example/about", deadline=5.0, read_timeout=1.0)
TEXT = ("Ferry service resumes. " * 500).encode()


def raw_deflate(data: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeeze.compress(data) + squeeze.flush()


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": lambda data: gzip.compress(data[:1000]) + gzip.compress(data[1000:]),  # two members
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "ZSTD": lambda data: zstd.compress(data[:1000]) + zstd.compress(data[1000:]),  # two frames
    "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
    "identity": lambda data: data,
    "": lambda data: data,
}


def unpack(encoding: str, data: bytes, step: int = 700) -> bytes:
    opened = decoder(encoding)
    out = b"".join(piece for at in range(0, len(data), step) for piece in opened.feed(data[at : at + step]))
    opened.finish()
    return out


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("step", [1, 700, 10**6])
def test_every_encoding_comes_back(encoding, step):
    assert unpack(encoding, PACKERS[encoding](TEXT), step) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, br"])
def test_a_body_that_ends_too_early_is_an_error(encoding):
    packed = PACKERS[encoding](TEXT)
    with pytest.raises(BrokenEncodingError):
        unpack(encoding, packed[: len(packed) // 2])


def test_what_is_called_gzip_and_is_not_comes_as_it_is():
    assert unpack("gzip", b"<rss/>", 1) == b"<rss/>"


@pytest.mark.parametrize("encoding", ["compress", "gzip, gzip, gzip"])
def test_unknown_encodings_are_refused(encoding):
    with pytest.raises(BrokenEncodingError):
        decoder(encoding)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd"]))
def test_rubbish_raises_nothing_else(data, encoding):
    with contextlib.suppress(BrokenEncodingError):
        unpack(encoding, data, 50)


def gzip_bomb() -> bytes:
    """1 GB of zeros in 1 MB: one block of 1 MB, a thousand times. What is wrong at its end nobody should live to see."""
    squeeze = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    head = squeeze.compress(bytes(2**20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    block = squeeze.compress(bytes(2**20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return head + block * 1000


BOMBS = {"gzip": gzip_bomb, "br": lambda: brotli.compress(bytes(10**8), quality=3), "zstd": lambda: zstd.compress(bytes(10**7)) * 100}


@pytest.fixture(scope="module")
def bombs():
    return {name: make() for name, make in BOMBS.items()}


@pytest.fixture
async def site(bombs):
    """A site with one page for each thing that can go wrong; it notes the headers that it was sent."""
    seen: list[tuple[str, dict[str, str]]] = []
    app = web.Application()
    never = asyncio.Event()

    async def page(request: web.Request) -> web.StreamResponse:  # noqa: PLR0911
        seen.append((request.path_qs, dict(request.headers)))
        match request.path:
            case "/bomb":
                name = request.query["kind"]
                return web.Response(body=bombs[name], headers={"Content-Encoding": name})
            case "/hop":
                return web.Response(status=int(request.query.get("status", "302")), headers={"Location": request.query["to"]})
            case "/circle":
                return web.Response(status=302, headers={"Location": "/circle"})
            case "/further":
                return web.Response(status=302, headers={"Location": f"/further?n={int(request.query['n']) + 1}"})
            case "/hang":
                response = web.StreamResponse(headers={"Content-Length": "100"})
                await response.prepare(request)
                await response.write(b"half")
                await never.wait()
            case "/short":
                response = web.StreamResponse(headers={"Content-Length": "100"})
                await response.prepare(request)
                await response.write(b"half")
                request.transport.close()
                return response
            case "/same":
                if request.headers.get("If-None-Match") == '"1"':
                    return web.Response(status=304, headers={"ETag": '"1"'})
                return web.Response(text="body", headers={"ETag": '"1"', "Set-Cookie": "a=b"})
            case "/text":
                return web.Response(body=TEXT)
            case "/status":
                return web.Response(status=int(request.query["code"]), text="why")
        return web.Response(text="ok")

    app.router.add_route("*", "/{tail:.*}", page)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    bound = web.TCPSite(runner, "0.0.0.0", 0)
    await bound.start()
    port = bound._server.sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", f"http://127.0.0.2:{port}", seen
    never.set()
    await runner.cleanup()


@pytest.fixture
async def fetcher():
    async with Fetcher(LAB) as opened:
        yield opened


@pytest.mark.parametrize("kind", BOMBS)
async def test_a_bomb_costs_what_the_cap_says(site, fetcher, kind):
    home, _, _ = site
    await fetcher.get(f"{home}/text")
    tracemalloc.start()
    with pytest.raises(FetchError) as error:
        await fetcher.get(f"{home}/bomb?kind={kind}", limit=8 * 2**20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.value.code == "too_large"
    assert peak < 20 * 2**20


async def test_a_long_page_may_be_cut(site, fetcher):
    home, _, _ = site
    answer = await fetcher.get(f"{home}/text", limit=100, cut=True)
    assert (answer.body, answer.truncated) == (TEXT[:100], True)


async def test_it_says_who_it_is_and_nothing_else(site, fetcher):
    home, _, seen = site
    await fetcher.get(f"{home}/same")
    await fetcher.get(f"{home}/same")
    _, headers = seen[-1]
    assert headers["User-Agent"] == "Wirewatch/0.1 (+https://desk.example/about)"
    assert headers["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert not {"Cookie", "Referer", "Authorization", "If-None-Match"} & headers.keys()


async def test_validators_go_to_the_address_that_they_came_from_alone(site, fetcher):
    home, other, seen = site
    known = Validators(url=f"{home}/same", etag='"1"', last_modified="yesterday, as written")
    assert (await fetcher.get(f"{home}/same", validators=known)).status == 304
    assert seen[-1][1]["If-Modified-Since"] == "yesterday, as written"
    via = await fetcher.get(f"{other}/hop?to={home}/same", validators=known)
    assert via.status == 304
    assert "If-None-Match" not in seen[-2][1]
    assert (await fetcher.get(f"{other}/same", validators=known)).status == 200


async def test_what_is_ours_stays_with_the_first_host(site, fetcher):
    home, other, seen = site
    secret = {"Authorization": "Bearer x", "X-Subscriber": "7"}
    await fetcher.get(f"{home}/hop?to={home}/a", headers=secret)
    assert seen[-1][1]["Authorization"] == "Bearer x"
    await fetcher.get(f"{home}/hop?to={other}/a", headers=secret)
    assert not secret.keys() & seen[-1][1].keys()


async def test_hops_are_told(site, fetcher):
    home, _, _ = site
    answer = await fetcher.get(f"{home}/hop?status=301&to={home}/hop?to%3D/end")
    assert [hop.status for hop in answer.hops] == [301, 302]
    assert [hop.permanent for hop in answer.hops] == [True, False]
    assert answer.url == f"{home}/end"
    assert answer.timings.first_byte is not None


async def test_posts_do_not_follow(site, fetcher):
    home, _, seen = site
    answer = await fetcher.post(f"{home}/hop?status=307&to={home}/x", body=b"{}", headers={})
    assert answer.status == 307
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("path", "code", "retryable"),
    [
        ("/hang", "timeout", True),
        ("/short", "truncated", True),
        ("/hop?to=", "bad_redirect", False),
        ("/hop?to=ftp://x.example/", "bad_redirect", False),
    ],
)
async def test_errors_have_names(site, fetcher, path, code, retryable):
    home, _, _ = site
    with pytest.raises(FetchError) as error:
        await fetcher.get(f"{home}{path}")
    assert (error.value.code, error.value.retryable) == (code, retryable)
    assert "\n" not in str(error.value)


async def test_a_circle_of_redirects_ends(site, fetcher):
    home, _, seen = site
    with pytest.raises(FetchError) as error:
        await fetcher.get(f"{home}/circle")
    assert error.value.code == "redirect_loop"
    assert len(seen) == 1
    with pytest.raises(FetchError) as error:
        await fetcher.get(f"{home}/further?n=0")
    assert error.value.code == "redirect_loop"
    assert len(seen) == 1 + LAB.redirects


async def test_a_closed_port_and_an_unknown_name_have_names(fetcher):
    for url, code in (("http://127.0.0.1:1/", "connect"), ("http://no-such-name.invalid/", "dns"), ("nonsense", "bad_url")):
        with pytest.raises(FetchError) as error:
            await fetcher.get(url)
        assert error.value.code == code


async def test_statuses_are_answers(site, fetcher):
    home, _, _ = site
    for code in (200, 403, 404, 410, 429, 500, 503):
        assert (await fetcher.get(f"{home}/status?code={code}")).status == code
