"""How does a receiver want to be told? One message as the request that its kind of endpoint expects.

The standard webhook is sent byte for byte as it was kept; chat channels and mail get a text made from the same payload,
never longer than the channel takes, because an alert must not fail for being long. This module refuses to know how a
request travels and whether it arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from pipeline.alerts import cloudevents, signature
from pipeline.alerts.endpoints import EndpointKind, EndpointSpec, Mode
from pipeline.alerts.wording import Line, Telegram, telegram


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """One HTTP POST, ready to go."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def outgoing(endpoint: EndpointSpec, *, ident: str, body: bytes, sent: int) -> Outgoing:
    """The request for one attempt at ``sent`` (Unix seconds). ``ident`` is the ``webhook-id``, ``body`` the kept payload.

    Raises ConfigError where the endpoint's secret cannot sign. Not for kinds ``email`` and ``apprise``.
    """
    if endpoint.kind is EndpointKind.STANDARD:
        signed = signature.headers(endpoint.secrets, ident=ident, sent=sent, body=body)
        enveloped = cloudevents.headers(ident, body) if endpoint.mode is Mode.CLOUDEVENTS else {}
        headers = {**endpoint.headers, "content-type": "application/json", **enveloped, **signed}
        return Outgoing(url=endpoint.url, headers=headers, body=body)
    render = _RENDER[endpoint.kind]
    url, headers, written = render(endpoint, telegram(orjson.loads(body)))
    return Outgoing(url=url, headers={"content-type": "application/json", **headers, **endpoint.headers}, body=orjson.dumps(written))


Rendered = tuple[str, dict[str, str], dict[str, Any]]

SLACK_TEXT: Final = 2_900
"""A section holds 3,000 characters: https://api.slack.com/reference/block-kit/blocks#section"""
DISCORD_TEXT: Final = 4_000
DISCORD_TITLE: Final = 256
"""An embed's description holds 4,096, its title 256: https://discord.com/developers/docs/resources/message#embed-object-embed-limits"""
TEAMS_BYTES: Final = 20_000
"""A message holds 28 KB with all its markup: https://learn.microsoft.com/microsoftteams/limits-specifications-teams"""
NTFY_BYTES: Final = 3_500
"""A message over 4,096 bytes becomes an attachment: https://docs.ntfy.sh/publish/#limitations"""
APPRISE_TEXT: Final = 1_800
"""The shortest limit of the services that people reach through it is some 2,000."""
SUBJECT: Final = 200


def _slack(endpoint: EndpointSpec, told: Telegram) -> Rendered:
    blocks: list[dict[str, Any]] = [{"type": "header", "text": {"type": "plain_text", "text": cut(told.title, 150)}}]
    texts = _packed(told.lines, _slack_line, SLACK_TEXT)[:40]
    blocks += [{"type": "section", "text": {"type": "mrkdwn", "text": text}} for text in texts]
    return endpoint.url, {}, {"text": cut(told.title, SLACK_TEXT), "blocks": blocks, "unfurl_links": False}


def _slack_line(line: Line) -> str:
    text = _slack_escaped(line.text)
    return f"<{_slack_escaped(line.url).replace('|', '%7C')}|{text.replace('|', '¦')}>" if line.url else text


def _slack_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _discord(endpoint: EndpointSpec, told: Telegram) -> Rendered:
    texts = _packed(told.lines, _markdown_line, DISCORD_TEXT)[:1]
    embed = {"title": cut(told.title, DISCORD_TITLE), "description": "".join(texts)}
    # a name in the news must never ring everybody's telephone
    return endpoint.url, {}, {"embeds": [embed], "allowed_mentions": {"parse": []}}


def _markdown_line(line: Line) -> str:
    text = "".join(f"\\{char}" if char in "\\*_`~|[]#>" else char for char in line.text)
    return f"[{text}](<{line.url.replace('>', '%3E')}>)" if line.url else text


def _teams(endpoint: EndpointSpec, told: Telegram) -> Rendered:
    """An Adaptive Card, as Teams' workflows take it (its older connectors end in 2026)."""
    blocks: list[dict[str, Any]] = [{"type": "TextBlock", "text": cut(told.title, 300), "weight": "bolder", "wrap": True}]
    size = 0
    for line in told.lines:
        text = f"[{line.text.replace('[', '(').replace(']', ')')}]({line.url.replace(')', '%29')})" if line.url else line.text
        size += len(text.encode("utf-8", "replace")) + 60
        if size > TEAMS_BYTES:
            break
        blocks.append({"type": "TextBlock", "text": text, "wrap": True, "spacing": "small"})
    card = {"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": blocks}
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return endpoint.url, {}, {"type": "message", "attachments": [attachment]}


def _ntfy(endpoint: EndpointSpec, told: Telegram) -> Rendered:
    """Published as JSON to the server's root, so that any character may stand in the title."""
    parts = urlsplit(endpoint.url)
    base, _, topic = parts.path.rpartition("/")
    message = cut_bytes("\n".join(line.text for line in told.lines), NTFY_BYTES)
    written = {
        "topic": topic,
        "title": cut(told.title, 250),
        "message": message,
        "priority": {"high": 4, "medium": 3}.get(told.severity, 2),
    }
    if told.url:
        written["click"] = told.url
    token = {"authorization": f"Bearer {endpoint.secret}"} if endpoint.secret else {}
    return f"{parts.scheme}://{parts.netloc}{base or '/'}", token, written


_RENDER: Final[dict[EndpointKind, Callable[[EndpointSpec, Telegram], Rendered]]] = {
    EndpointKind.SLACK: _slack,
    EndpointKind.DISCORD: _discord,
    EndpointKind.TEAMS: _teams,
    EndpointKind.NTFY: _ntfy,
}


def mail(endpoint: EndpointSpec, *, ident: str, body: bytes) -> EmailMessage:
    """The same message as an e-mail in plain text. Its Message-ID follows from ``ident``, so that a repeat is seen as one."""
    told = telegram(orjson.loads(body))
    message = EmailMessage(policy=SMTP)
    message["Subject"] = cut(told.title, SUBJECT)
    message["From"] = Address(addr_spec=endpoint.mail_from)
    message["To"] = tuple(Address(addr_spec=reader) for reader in endpoint.mail_to)
    message["Message-ID"] = f"<{ident}@{endpoint.mail_from.rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    text = "\n".join(f"{line.text}\n{line.url}" if line.url else line.text for line in told.lines)
    message.set_content(text.encode("utf-8", "replace").decode() + "\n")
    return message


def cut(text: str, longest: int) -> str:
    """At most ``longest`` characters on one line, with an ellipsis where something was left out."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def cut_bytes(text: str, longest: int) -> str:
    """At most ``longest`` bytes of UTF-8, never ending within a character."""
    raw = text.encode("utf-8", "replace")
    return text if len(raw) <= longest else raw[: longest - 3].decode("utf-8", "ignore") + "…"


def _packed(lines: tuple[Line, ...], write: Callable[[Line], str], longest: int) -> list[str]:
    """The lines written and joined to as few texts as fit ``longest``; a line is never split within its markup."""
    texts: list[str] = []
    for line in lines:
        written = write(line)
        while len(written) > longest:  # shorten the words and write again: cutting the markup would show it
            line = Line(text=cut(line.text, len(line.text) // 2), url=line.url if len(line.url) < longest // 4 else "")  # noqa: PLW2901
            written = write(line)
        if texts and len(texts[-1]) + 1 + len(written) <= longest:
            texts[-1] += "\n" + written
        else:
            texts.append(written)
    return texts
