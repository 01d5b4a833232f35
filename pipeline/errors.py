"""Everything that can go wrong, as one tree.

The message of each error is written for the person who has to mend it: what is wrong, where, and the fix.
``retryable`` is the one bit that policy reads: can the same attempt succeed later without anybody acting?
"""

from __future__ import annotations


class WirewatchError(Exception):
    """Base of all errors that Wirewatch raises on purpose."""

    retryable: bool = False


class ConfigError(WirewatchError):
    """The configuration or the call is wrong; nothing was changed. Exit code 2.

    ``problems`` holds one line for each fault, ``file:line:column: what, and the likely fix``.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class InputError(WirewatchError):
    """What was handed in (a line, a feed, a page) cannot be read at all."""


class FetchError(WirewatchError):
    """A request did not give a usable answer. ``code`` is the stable class name shown in health and metrics."""

    def __init__(self, code: str, message: str, *, retryable: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable
        self.retry_after = retry_after


class BlockedAddressError(FetchError):
    """The address behind a name is private, reserved or cloud metadata, and no allow list names it."""

    def __init__(self, message: str) -> None:
        super().__init__("blocked_address", message, retryable=False)


class StoreError(WirewatchError):
    """The database refused or is out of reach; the transaction did not happen."""

    retryable = True


class BrokerError(WirewatchError):
    """Redis is out of reach or refused; the ledger still holds everything."""

    retryable = True


class ModelMissingError(WirewatchError):
    """A language model that the settings name is not installed; the service runs without it."""
