"""``wirewatch receive``: a receiver to try things with. It verifies each signature and prints what arrives."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pipeline.alerts.wording import Telegram
    from workers.sink import Posted

PORT = 8765
"""Where it listens when nobody says otherwise."""


@click.command("receive")
@click.option("--secret", envvar="WIREWATCH_RECEIVE_SECRET", help="The endpoint's secret (or WIREWATCH_RECEIVE_SECRET).")
@click.option("--secret-of", "endpoint", metavar="ID", help="Or: take secret and port from this endpoint of the configuration.")
@click.option("--port", type=click.IntRange(0, 65535), help="0 takes any free port and says which.  [default: 8765, or the endpoint's]")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--json", "as_json", is_flag=True, help="Print each verified body as it came, one a line.")
@click.pass_obj
def command(config: str, /, *, secret: str | None, endpoint: str | None, port: int | None, host: str, as_json: bool) -> None:
    """Listen for webhooks, verify their signatures and print them.

    Answers 204 to what it believes and 401, with the reason, to what it does not. In endpoints.yaml, an endpoint on this
    machine needs `network: local`.
    """
    from pipeline.alerts.signature import key

    secret, known_port = _known(config, endpoint) if endpoint else (secret, None)
    if not secret:
        raise click.UsageError("say --secret SECRET, or --secret-of ID for an endpoint of the configuration")
    key(secret)  # what no sender can sign with is told now, not at the first message
    listen = port if port is not None else known_port if known_port is not None else PORT
    with_interrupt(_serve(secret, host, listen, as_json=as_json))


def _known(config: str, endpoint: str) -> tuple[str, int | None]:
    """The secret and the port of an endpoint of the configuration."""
    from urllib.parse import urlsplit

    from pipeline.errors import InputError
    from workers.wiring import Wiring

    spec = next((one for one in Wiring.to_reach(config, endpoint).endpoints if one.id == endpoint), None)
    if spec is None:
        raise InputError(f"there is no endpoint {endpoint}; endpoints.yaml lists them")
    return spec.secret, urlsplit(spec.url).port


def with_interrupt(listening: Any) -> None:
    """Run until ^C, which ends it in order."""
    try:
        asyncio.run(listening)
    except KeyboardInterrupt:
        return


async def _serve(secret: str, host: str, port: int, *, as_json: bool) -> None:
    from workers.sink import Sink
    from workers.wiring import now

    sink = Sink(secret, clock=now, tell=Printer(as_json=as_json).take)
    click.echo(f"listening on {await sink.start(host, port)}", err=True)
    try:
        await asyncio.Event().wait()
    finally:
        await sink.stop()


class Printer:
    """Prints those webhooks that are believed, and why the others are not."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._seen: dict[str, int] = {}

    def take(self, posted: Posted) -> None:
        """One POST."""
        if posted.refused:
            click.echo(f"refused: {posted.refused}", err=True)
        else:
            self._print(posted.id, posted.body)

    def _print(self, ident: str, body: bytes) -> None:
        times = self._seen[ident] = self._seen.get(ident, 0) + 1
        if self._as_json:
            click.echo(body.decode("utf-8", "replace"))
            return
        import orjson

        from pipeline.alerts.wording import telegram

        again = f"  (for the {times}. time)" if times > 1 else ""
        try:
            payload = orjson.loads(body)
            told = telegram(payload)
        except (orjson.JSONDecodeError, KeyError, TypeError):
            click.echo(f"verified {ident}{again}: {len(body)} bytes that are no message of Wirewatch")
            return
        click.echo("\n".join(_lines(f"{payload['type']}  {ident}{again}", told)))


def _lines(first: str, told: Telegram) -> list[str]:
    head = [click.style(told.title, bold=True), click.style(first, dim=True)]
    return [*head, *(f"  {line.text}" + (f"\n  {line.url}" if line.url else "") for line in told.lines), ""]
