"""May this address be connected to?

The question is asked for each socket, after the name was resolved and just before ``connect``, because nothing earlier holds:
a resolver is never asked about literal addresses, a name can change its answer between two questions, and a redirect can
lead anywhere. The table is our own, from the IANA special-purpose registries (2025-10), because ``ipaddress.is_global`` of
Python 3.11 lets through a third of it (NAT64, 6to4, Teredo, mapped, multicast). This module knows nothing of HTTP.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

from pipeline.errors import ConfigError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MARK: Final = "refused by the address guard"
"""Stands in every refusal, so that it is known again after a library wrapped it."""

_SPECIAL: Final[dict[str, str]] = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "carrier-grade NAT",
    "127.0.0.0/8": "loopback",
    "168.63.129.16/32": "Azure's host agent",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "protocol assignments",
    "192.0.2.0/24": "documentation",
    "192.31.196.0/24": "AS112",
    "192.52.193.0/24": "AMT",
    "192.88.99.0/24": "6to4 relay",
    "192.168.0.0/16": "private",
    "192.175.48.0/24": "AS112",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
    "2001::/23": "protocol assignments (Teredo, ORCHID and others)",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "2620:4f:8000::/48": "AS112",
    "3fff::/20": "documentation",
    "fc00::/7": "private",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}
_METADATA: Final = frozenset(
    ip_address(address)
    for address in (
        "169.254.169.254",  # AWS, Azure, GCP, OpenStack, DigitalOcean …
        "169.254.169.253",  # AWS DNS
        "169.254.169.123",  # AWS time
        "169.254.170.2",  # AWS containers
        "169.254.170.23",  # AWS pods
        "169.254.0.23",  # Tencent
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure
        "192.0.0.192",  # Oracle, classic
        "fd00:ec2::254",  # AWS
        "fd00:ec2::23",  # AWS pods
        "fd20:ce::254",  # GCP
        "fd00:c1::a9fe:a9fe",  # Oracle
        "fd00:42::42",  # Scaleway
    )
)
_TABLE: Final = tuple((ip_network(network), what) for network, what in _SPECIAL.items())
_GLOBAL_UNICAST: Final = ip_network("2000::/3")
_NAT64: Final = ip_network("64:ff9b::/96")
_MAPPED: Final = (ip_network("::ffff:0:0/96"), ip_network("::ffff:0:0:0/96"), ip_network("::/96"))
_ISATAP: Final = (0x00005EFE, 0x02005EFE)


class BlockedSocketError(PermissionError):
    """The guard's refusal. An OSError, so that a connection race over several addresses goes on with the next one."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(errno.EACCES, f"{MARK}: {address} is {why}")


class Guard:
    """The table, and the networks that a laboratory opens on purpose."""

    def __init__(self, allow_networks: Iterable[str] = ()) -> None:
        """Raises ConfigError where a network is none."""
        try:
            self._allowed = tuple(ip_network(network, strict=False) for network in allow_networks)
        except ValueError as error:
            raise ConfigError(f"net.allow_networks: {error}; write a network such as 10.1.0.0/16") from None

    def reason(self, written: str) -> str | None:
        """Why a literal address must not be connected to, in words; None where it may."""
        try:
            address = ip_address(written.partition("%")[0])
        except ValueError:
            return "not an address"
        inner = _embedded(address)
        if address in _METADATA or inner in _METADATA:
            return "cloud metadata, which nothing may open"
        if any(_inside(candidate, self._allowed) for candidate in (address, inner)):
            return None
        return _special(address, inner)

    def check(self, written: str) -> None:
        """Raises BlockedSocketError where ``reason`` gives one."""
        if why := self.reason(written):
            raise BlockedSocketError(written, why)


def socket_factory(guard: Guard) -> Callable[[tuple[Any, ...]], socket.socket]:
    """For ``aiohttp.TCPConnector``: a socket for one resolved address, or BlockedSocketError."""

    def make(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        guard.check(str(address[0]))
        return socket.socket(family=family, type=kind, proto=protocol)

    return make


@lru_cache(maxsize=8192)
def _special(address: Address, inner: IPv4Address | None) -> str | None:
    if inner is not None:
        why = _special(inner, None)
        return f"{why}, written as IPv6" if why else None if address in _NAT64 else "an IPv4 address written as IPv6"
    for network, what in _TABLE:
        if address.version == network.version and address in network:
            return what
    if address.version == 6 and address not in _GLOBAL_UNICAST:  # noqa: PLR2004 - the protocol's number
        return "outside of global unicast"
    return None


def _embedded(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, compatible, translated, NAT64 or ISATAP.

    Behind NAT64 the whole IPv4 world is written so; therefore a public address within it stays open.
    """
    if isinstance(address, IPv4Address):
        return None
    number = int(address)
    if address in _NAT64 or any(address in network for network in _MAPPED) or (number >> 32) & 0xFFFFFFFF in _ISATAP:
        return IPv4Address(number & 0xFFFFFFFF)
    return None


def _inside(address: Address | None, networks: tuple[Network, ...]) -> bool:
    return address is not None and any(address.version == network.version and address in network for network in networks)
