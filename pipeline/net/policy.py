"""What the service may do on the network: whom it says it is, how much it reads, how long it waits, where it may go.

Data only. The numbers are defaults that a settings file may change, except that cloud metadata addresses stay closed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.model import Duration, Politeness


@dataclass(frozen=True, kw_only=True, slots=True)
class NetPolicy:
    """Limits of every request: feeds, articles, robots.txt, discovery, webhooks."""

    user_agent: str = "Wirewatch/0.1"
    """Product token; ``contact`` is appended so that a publisher can reach a person."""
    contact: str = ""
    """An address of the operator (``https://…`` or ``mailto:…``), sent in the User-Agent."""
    feed_bytes: int = 10 * 1024 * 1024
    """Largest feed body after decompression."""
    page_bytes: int = 8 * 1024 * 1024
    """Largest article body after decompression; the rest of a longer page is not read."""
    reply_bytes: int = 16 * 1024
    """Largest reply of a webhook endpoint that is kept."""
    connect_timeout: Duration = 10.0
    read_timeout: Duration = 20.0
    """Longest silence within a body."""
    deadline: Duration = 45.0
    """Longest time of one request with all its redirects."""
    redirects: int = 10
    """Hops followed before a chain is called a loop."""
    allow_networks: tuple[str, ...] = ()
    """Networks (CIDR) that are private or special and may be reached all the same, for labs: ``127.0.0.0/8``."""
    proxy: str | None = None
    """An HTTP proxy for everything. It is the proxy that resolves names then, so it must guard addresses itself."""
    connections: int = 256
    """Open sockets of one process."""
    politeness: Politeness = field(default_factory=Politeness)
    """Of every host that no rule below names."""
    hosts: dict[str, Politeness] = field(default_factory=dict)
    """Politeness by host name; ``.example.org`` speaks for the domain and everything under it."""
    networks: dict[str, Politeness] = field(default_factory=dict)
    """Politeness by network (CIDR), for hosts given as addresses: ``127.0.0.0/8: {in_flight: 8, gap: 0s}``."""
