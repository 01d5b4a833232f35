"""Which links in a message let a reader answer without logging in?

A link names an alert and what its page asks; the mark shows that this service wrote it. Opening it changes nothing: the
page behind it holds a form, and the form carries the mark on.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

NOT_RELEVANT: Final = "not-relevant"
MUTE: Final = "mute"
_BYTES: Final = 18
"""Bytes of the mark: 144 bits, 24 characters of an address."""


def mark(key: str, action: str, alert_id: str) -> str:
    """The mark of the link for one action (``NOT_RELEVANT``, ``MUTE``) on one alert. ``key`` is the installation's own secret."""
    said = b"%d:%s:%s" % (len(action), action.encode(), alert_id.encode("utf-8", "replace"))
    return base64.urlsafe_b64encode(hmac.new(key.encode(), said, hashlib.sha256).digest()[:_BYTES]).decode("ascii")


def is_ours(key: str, action: str, alert_id: str, given: str) -> bool:
    """Whether ``given`` is the mark of this link."""
    return hmac.compare_digest(mark(key, action, alert_id).encode(), given.encode("utf-8", "replace"))


def address(base: str, key: str, action: str, alert_id: str) -> str:
    """The whole link, ``base`` being the dashboard's public address; without a key it bears no mark."""
    plain = f"{base.rstrip('/')}/alerts/{alert_id}/{action}"
    return f"{plain}?mark={mark(key, action, alert_id)}" if key else plain
