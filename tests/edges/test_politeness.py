"""A host is asked as often as the rule allows, by all processes together, and not at all while it wants to be left alone."""

from __future__ import annotations

import asyncio
import sys
from itertools import pairwise

import pytest
from aiohttp import web
from redis.asyncio import Redis

from pipeline.model import Politeness
from pipeline.net.fetch import Fetcher
from pipeline.net.policy import NetPolicy
from pipeline.net.politeness import Governor, Rules
from pipeline.net.robots import Robots

QUICK = Politeness(in_flight=2, gap=0.05)
LAB = NetPolicy(allow_networks=("127.0.0.0/8",), politeness=QUICK)


async def visit(governors, host, visits, *, stay=0.0):
    """The starts of ``visits`` turns, and the most that were taken at once."""
    clock = asyncio.get_running_loop().time
    starts, at_once, most = [], 0, 0

    async def one(governor):
        nonlocal at_once, most
        async with governor.turn(host):
            starts.append(clock())
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(stay)
            at_once -= 1

    await asyncio.gather(*(one(governors[number % len(governors)]) for number in range(visits)))
    return sorted(starts), most


def gaps(starts):
    return [later - earlier for earlier, later in pairwise(starts)]


async def test_starts_keep_their_distance_and_turns_are_few():
    starts, most = await visit([Governor(Rules(LAB))], "a.example", 6, stay=0.2)
    assert min(gaps(starts)) >= 0.045
    assert most == 2


async def test_hosts_do_not_wait_for_each_other():
    governor = Governor(Rules(LAB))
    clock = asyncio.get_running_loop().time
    before = clock()
    await asyncio.gather(*(visit([governor], f"{number}.example", 1, stay=0.1) for number in range(20)))
    assert clock() - before < 1.0


async def test_without_a_gap_nobody_waits():
    governor = Governor(Rules(NetPolicy(networks={"127.0.0.0/8": Politeness(in_flight=4, gap=0.0)})))
    _, most = await visit([governor], "127.1.2.3", 12, stay=0.02)
    assert most == 4


async def test_two_processes_share_the_rule_through_redis(server):
    first, second = (Redis.from_url(server.url) for _ in range(2))
    governors = [Governor(Rules(LAB), first), Governor(Rules(LAB), second)]
    starts, most = await visit(governors, "a.example", 8, stay=0.15)
    assert min(gaps(starts)) >= 0.04
    assert most == 2
    assert not await first.zcard("wirewatch:host:{a.example}:turns")
    await first.aclose()
    await second.aclose()


HOLDER = """
import asyncio, sys
from redis.asyncio import Redis
from pipeline.model import Politeness
from pipeline.net.policy import NetPolicy
from pipeline.net.politeness import Governor, Rules

async def hold(governor):
    async with governor.turn("a.example"):
        print("held", flush=True)
        await asyncio.sleep(60)

async def main():
    governor = Governor(Rules(NetPolicy(politeness=Politeness(in_flight=2, gap=0.05))), Redis.from_url(sys.argv[1]), lease=0.6)
    await asyncio.gather(hold(governor), hold(governor))

asyncio.run(main())
"""


async def test_a_killed_process_holds_a_host_no_longer_than_its_lease_and_a_living_one_as_long_as_it_must(server):
    holder = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLDER, server.url, stdout=asyncio.subprocess.PIPE)
    client = Redis.from_url(server.url)
    try:
        for _ in range(2):
            assert await holder.stdout.readline() == b"held\n"
        governor = Governor(Rules(LAB), client, lease=0.6)
        waiting = asyncio.create_task(visit([governor], "a.example", 1))
        await asyncio.sleep(2.0)
        assert not waiting.done()  # three leases long, its turns were renewed
        holder.kill()
        async with asyncio.timeout(10):
            await waiting
    finally:
        if holder.returncode is None:
            holder.kill()
        await holder.wait()
        await client.aclose()


async def test_a_turn_that_was_renewed_is_given_back_at_once(server):
    client = Redis.from_url(server.url)
    governor = Governor(Rules(LAB), client, lease=0.15)
    await visit([governor], "a.example", 2, stay=0.4)
    assert not await client.zcard("wirewatch:host:{a.example}:turns")
    await client.aclose()


async def test_hosts_with_nothing_left_to_remember_are_forgotten(monkeypatch):
    monkeypatch.setattr("pipeline.net.politeness.MOST_HOSTS", 8)
    governor = Governor(Rules(LAB))
    for number in range(40):
        await visit([governor], f"{number}.example", 1, stay=0.02)
    assert len(governor._hosts) <= 8


async def test_without_redis_the_rule_is_kept_alone(server):
    client = Redis.from_url(server.url)
    governor = Governor(Rules(LAB), client)
    server.stop()
    starts, most = await visit([governor], "a.example", 4)
    assert min(gaps(starts)) >= 0.045
    assert most <= 2
    await client.aclose()


async def test_a_host_that_wants_to_be_left_alone():
    governor = Governor(Rules(LAB))
    assert governor.held("a.example") == 0
    governor.hold("a.example", 60)
    governor.hold("a.example", 1)
    assert 59 < governor.held("a.example") <= 60
    assert governor.held("b.example") == 0


@pytest.mark.parametrize(
    ("host", "gap"),
    [
        ("news.example", 5.0),
        ("www.slow.example", 7.0),
        ("slow.example", 7.0),
        ("notslow.example", 1.0),
        ("10.1.2.3", 0.0),
        ("10.2.2.3", 1.0),
        ("other.example", 1.0),
    ],
)
def test_the_most_particular_rule_holds(host, gap):
    policy = NetPolicy(
        hosts={"news.example": Politeness(gap=5.0), ".slow.example": Politeness(gap=7.0)},
        networks={"10.1.0.0/16": Politeness(gap=0.0)},
    )
    assert Rules(policy).of(host).gap == gap


def test_what_a_feed_says_of_its_host_wins():
    rules = Rules(NetPolicy(hosts={"news.example": Politeness(gap=5.0)}), {"news.example": Politeness(gap=0.5)})
    assert rules.of("news.example").gap == 0.5


# -- robots.txt -------------------------------------------------------------------------------------------------------


@pytest.fixture
async def site():
    """A site whose robots.txt is what the test says."""
    said = {"status": 200, "text": "", "asked": 0}

    async def answer(_request: web.Request) -> web.Response:
        said["asked"] += 1
        return web.Response(status=said["status"], text=said["text"])

    app = web.Application()
    app.router.add_get("/robots.txt", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    bound = web.TCPSite(runner, "127.0.0.1", 0)
    await bound.start()
    yield f"http://127.0.0.1:{bound._server.sockets[0].getsockname()[1]}", said
    await runner.cleanup()


RULES = """
User-agent: wirewatch
Disallow: /private
Crawl-delay: 3
User-agent: *
Disallow: /
Sitemap: https://x.example/news.xml
"""


async def test_robots_are_asked_once_and_obeyed(site):
    home, said = site
    said["text"] = RULES
    async with Fetcher(LAB) as fetcher:
        robots = Robots(fetcher, "Wirewatch/0.1")
        open_, closed = await asyncio.gather(robots.ruling(f"{home}/news/1"), robots.ruling(f"{home}/private/1"))
        assert (open_.allowed, closed.allowed, open_.delay) == (True, False, 3.0)
        assert not (await Robots(fetcher, "Other").ruling(f"{home}/news/1")).allowed
        assert await robots.sitemaps(home) == ("https://x.example/news.xml",)
    assert said["asked"] == 2


@pytest.mark.parametrize(
    ("status", "allowed", "reachable"), [(404, True, True), (403, True, True), (500, False, False), (429, False, False)]
)
async def test_what_a_missing_file_means(site, status, allowed, reachable):
    home, said = site
    said["status"] = status
    async with Fetcher(LAB) as fetcher:
        ruling = await Robots(fetcher, "Wirewatch").ruling(f"{home}/news/1")
    assert (ruling.allowed, ruling.reachable) == (allowed, reachable)


async def test_a_site_that_cannot_be_reached_is_asked_again_later():
    time = 0.0
    async with Fetcher(LAB) as fetcher:
        robots = Robots(fetcher, "Wirewatch", clock=lambda: time)
        first = await robots.ruling("http://127.0.0.1:1/a")
        assert (first.reachable, first.retry_in) == (False, 600.0)
        time = 599.0
        assert (await robots.ruling("http://127.0.0.1:1/a")).retry_in == 1.0
