"""``wirewatch receive``: a receiver to try things with. It verifies each signature and prints what arrives."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from aiohttp import web

    from pipeline.alerts.wording import Telegram

LARGEST = 4 * 1024 * 1024
"""Bytes of a body that is read; a digest of a hundred alerts has some 300 kB."""


@click.command("receive")
@click.option("--secret", required=True, envvar="WIREWATCH_RECEIVE_SECRET", help="The endpoint's secret (or WIREWATCH_RECEIVE_SECRET).")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes any free port and says which.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--json", "as_json", is_flag=True, help="Print each verified body as it came, one a line.")
def command(*, secret: str, port: int, host: str, as_json: bool) -> None:
    """Listen for webhooks, verify their signatures and print them.

    Answers 204 to what it believes and 401, with the reason, to what it does not. In endpoints.yaml, an endpoint on this
    machine needs `network: local`.
    """
    from pipeline.alerts import signature

    signature.key(secret)  # say at once that it cannot verify, not with the first alert
    with_interrupt(_serve(secret, host, port, as_json=as_json))


def with_interrupt(listening: Any) -> None:
    """Run until ^C, which ends it in order."""
    try:
        asyncio.run(listening)
    except KeyboardInterrupt:
        return


async def _serve(secret: str, host: str, port: int, *, as_json: bool) -> None:
    from aiohttp import web

    from pipeline.errors import WirewatchError

    app = web.Application(client_max_size=LARGEST)
    desk = Desk(secret, as_json=as_json)
    app.router.add_post("/{path:.*}", desk.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise WirewatchError(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port") from error
        bound = runner.addresses[0][1]
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"listening on http://{shown}:{bound}/", err=True)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


class Desk:
    """Takes webhooks and prints those that it believes."""

    def __init__(self, secret: str, *, as_json: bool) -> None:
        self._secret = secret
        self._as_json = as_json
        self._seen: dict[str, int] = {}

    async def take(self, request: web.Request) -> web.Response:
        """One POST."""
        from aiohttp import web

        from pipeline.alerts import signature
        from workers.wiring import now

        body = await request.read()
        try:
            signature.verify((self._secret,), headers=request.headers, body=body, now=now())
        except signature.SignatureError as error:
            click.echo(f"refused: {error}", err=True)
            return web.Response(status=401, text=str(error))
        self._print(request.headers["webhook-id"], body)
        return web.Response(status=204)

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
