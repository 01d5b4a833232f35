"""When may this host be asked again? So many at a time, so long between two starts, and nothing while it wants to be left alone.

One rule for feeds, articles, robots.txt and discovery, shared by all processes through Redis when there is one. Without Redis, or
while it is away, each process keeps the rule by itself. Waiting is in order of arrival.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any, Final

from redis.exceptions import RedisError

from pipeline.model import Politeness
from pipeline.net.policy import NetPolicy
from pipeline.telemetry import log

LEASE: Final = 9.0
"""Seconds after which a turn that nobody renewed counts as given back: its process is gone, and the host must not wait for it."""
RENEWALS: Final = 3
"""Renewals within one lease: two may fail, or come late from a busy process, and the turn is still held."""
MOST_HOSTS: Final = 4096
"""Hosts that are remembered before those with nothing left to remember are forgotten."""
AWAY: Final = 15.0
"""Seconds for which a Redis that did not answer is not asked again."""
LONGEST_GAP: Final = 30.0
"""A Crawl-delay beyond this is taken for this."""
_LONGEST_NAP: Final = 0.25
"""Longest wait before asking Redis again when all turns are taken; starts that are only early sleep as long as they must."""

# KEYS: turns taken (sorted set of token by expiry), earliest next start. ARGV: most turns, gap in ms, lease in ms, token.
# Answers 0 when it is our turn, otherwise how many ms to wait; -1 means that all turns are taken. The server's clock decides.
_TAKE: Final = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return -1 end
local next = tonumber(redis.call('GET', KEYS[2]) or '0')
if next > now then return next - now end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if tonumber(ARGV[2]) > 0 then redis.call('SET', KEYS[2], now + ARGV[2], 'PX', ARGV[2]) end
return 0
"""


# KEYS: turns taken. ARGV: lease in ms, tokens. A turn that has run out is not taken back: somebody else may have it.
_RENEW: Final = """
local t = redis.call('TIME')
local till = t[1] * 1000 + math.floor(t[2] / 1000) + ARGV[1]
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], 'XX', till, ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
"""


@dataclass(slots=True)
class _Host:
    """What this process knows of a host."""

    politeness: Politeness
    turns: asyncio.Semaphore
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_start: float = 0.0
    users: int = 0


class Rules:
    """Which politeness holds for a host: its own, its domain's, its network's, or the general one."""

    def __init__(self, policy: NetPolicy, hosts: Mapping[str, Politeness] | None = None) -> None:
        """``hosts`` adds to and wins over ``policy.hosts``: what feeds.yaml and sites.yaml say."""
        self._hosts = {name.lower(): rule for name, rule in {**policy.hosts, **(hosts or {})}.items()}
        self._networks = [(ip_network(network, strict=False), rule) for network, rule in policy.networks.items()]
        self._general = policy.politeness
        self.of = lru_cache(maxsize=4096)(self._of)
        """The politeness of a host."""

    def _of(self, host: str) -> Politeness:
        if rule := self._hosts.get(host):
            return rule
        labels = host.split(".")
        for cut in range(len(labels)):
            if rule := self._hosts.get("." + ".".join(labels[cut:])):
                return rule
        try:
            address = ip_address(host)
        except ValueError:
            return self._general
        return next((rule for network, rule in self._networks if address.version == network.version and address in network), self._general)


class Governor:
    """Gives turns. One for a process; all that share a Redis share the rule."""

    def __init__(
        self,
        rules: Rules,
        redis: Any = None,
        *,
        prefix: str = "wirewatch:host:",
        lease: float = LEASE,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """``redis`` is a ``redis.asyncio`` client, or None.

        ``lease``: seconds for which a turn outlives its process. ``clock`` counts the seconds that hosts are held for; None: the loop does.
        """
        self._rules = rules
        self._redis = redis
        self._take = redis.register_script(_TAKE) if redis is not None else None
        self._renew = redis.register_script(_RENEW) if redis is not None else None
        self._prefix = prefix
        self._lease = lease
        self._taken: dict[str, str] = {}
        self._renewing: asyncio.Task[None] | None = None
        self._hosts: dict[str, _Host] = {}
        self._clock = clock or _now
        self._away_until = 0.0
        self._held: dict[str, float] = {}
        self._slow: dict[str, float] = {}
        self._log = log("politeness")

    def use(self, rules: Rules) -> None:
        """Obey other rules from the next turn on."""
        self._rules = rules

    def hold(self, host: str, seconds: float) -> None:
        """The host asked to be left alone for so long (Retry-After)."""
        self._held[host] = max(self._held.get(host, 0.0), self._clock() + seconds)

    def gap(self, host: str) -> float:
        """Seconds between two starts at this host."""
        return self._rule(host).gap

    def minimum_interval(self, host: str) -> float:
        """Seconds between two polls of a feed of this host, at least."""
        return self._rule(host).minimum_interval

    def slow_down(self, host: str, gap: float) -> None:
        """The host asked for so many seconds between two starts (Crawl-delay); hosts without any gap by configuration stay so."""
        self._slow[host] = min(gap, LONGEST_GAP)

    def held(self, host: str) -> float:
        """For how many seconds the host is still to be left alone; 0 when it may be asked."""
        left = self._held.get(host, 0.0) - self._clock()
        if left <= 0:
            self._held.pop(host, None)
        return max(0.0, left)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Entered when the host may be asked; left when the answer was read."""
        rule = self._rule(host)
        known = self._host(host, rule)
        known.users += 1
        try:
            async with known.turns:
                token = await self._start(host, known, rule)
                try:
                    yield
                finally:
                    await self._give_back(host, token)
        finally:
            known.users -= 1
            if not known.users and known.next_start <= _now():
                self._hosts.pop(host, None)

    def _rule(self, host: str) -> Politeness:
        rule, asked = self._rules.of(host), self._slow.get(host)
        return rule if asked is None or rule.gap <= 0 else replace(rule, gap=max(rule.gap, asked))

    def _host(self, host: str, rule: Politeness) -> _Host:
        known = self._hosts.get(host)
        if known is None or (known.politeness != rule and not known.users):
            if len(self._hosts) >= MOST_HOSTS:
                self._hosts = {name: one for name, one in self._hosts.items() if one.users or one.next_start > _now()}
            known = self._hosts[host] = _Host(rule, asyncio.Semaphore(max(1, rule.in_flight)))
        return known

    async def _start(self, host: str, known: _Host, rule: Politeness) -> str | None:
        """Wait for the gap, here and in Redis. Returns the token of the shared turn, None where there is none."""
        async with known.gate:
            if (early := known.next_start - _now()) > 0:
                await asyncio.sleep(early)
            token = await self._shared(host, rule)
            known.next_start = _now() + rule.gap
            return token

    async def _shared(self, host: str, rule: Politeness) -> str | None:
        if self._take is None or rule.gap <= 0 or _now() < self._away_until:  # a host without a gap has nothing to share
            return None
        token = secrets.token_hex(8)
        keys = [self._turns(host), f"{self._prefix}{{{host}}}:next"]
        args = [rule.in_flight, int(rule.gap * 1000), int(self._lease * 1000), token]
        try:
            while wait := int(await self._take(keys=keys, args=args)):  # noqa: ASYNC110 - what is waited for happens in other processes
                await asyncio.sleep(wait / 1000 if wait > 0 else _LONGEST_NAP)
        except (RedisError, OSError) as error:
            self._away_until = _now() + AWAY
            self._log.warning("politeness_not_shared", error=str(error), next_try_in=AWAY)
            return None
        self._taken[token] = host
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._keep_taken())
        return token

    async def _keep_taken(self) -> None:
        """Renew what is held for long, until nothing is."""
        try:
            while self._taken:
                await asyncio.sleep(self._lease / RENEWALS)
                held: dict[str, list[str]] = {}
                for token, host in self._taken.items():
                    held.setdefault(self._turns(host), []).append(token)
                await self._prolong(held)
        finally:
            self._renewing = None

    async def _prolong(self, held: Mapping[str, Sequence[str]]) -> None:
        assert self._renew is not None
        try:
            for turns, tokens in held.items():
                await self._renew(keys=[turns], args=[int(self._lease * 1000), *tokens])
        except (RedisError, OSError) as error:
            self._log.warning("turns_not_renewed", error=str(error), next_try_in=self._lease / RENEWALS)

    def _turns(self, host: str) -> str:
        return f"{self._prefix}{{{host}}}:turns"

    async def _give_back(self, host: str, token: str | None) -> None:
        if token is None:
            return
        del self._taken[token]
        try:
            await asyncio.shield(self._redis.zrem(self._turns(host), token))
        except (RedisError, OSError):
            return  # the turn's lease runs out by itself


def _now() -> float:
    return asyncio.get_running_loop().time()
