"""Why did this article alert, or why not? The service's own decision, told to a person.

The stages are the service's; this module only asks them and finds the words. An article of the archive is explained by
what is kept of it, so the answer is the decision's and not that of a page that has changed since.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.articles.extract import extract
from pipeline.errors import InputError
from pipeline.flow.glancing import in_full
from pipeline.flow.reading import Reader, as_document, charset_of, refusals, watched_by
from pipeline.mentions.rules import Ruling, ruling
from pipeline.model import Document, Extraction, Field, Mention, PageStatus, Tier, Verdict
from workers.archive import document_of, extraction_of, tagging
from workers.wiring import Wiring

_STYLES = {Tier.CONFIRMED: "bold white on dark_green", Tier.PROBABLE: "bold black on yellow3", Tier.POSSIBLE: "black on grey70"}


def explain(directory: str, target: str, *, entity: str | None = None, as_json: bool = False) -> str:
    """The explanation of a file, of standard input (``-``) or of an address, as text for a terminal or as JSON.

    Raises:
        InputError: there is no such file, or the address gives nothing.
        ConfigError: the configuration is wrong, or it watches no such entity.
    """
    wiring = Wiring.to_look(directory)
    if entity is not None:
        _known(wiring, entity)
    extraction, document, history = _read(wiring, target)
    from workers.desk import reading

    reader, _ = reading(wiring)
    verdicts = reader.matcher.match(document, reader.recogniser)
    told = _told(reader, extraction, document, verdicts, history)
    if entity is not None:
        told["verdicts"] = [one for one in told["verdicts"] if one["entity"] == entity]
        told["why_not"] = _why_not(reader, document, verdicts, history, entity)
    if as_json:
        import orjson

        return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()
    return _render(told, document, verdicts, entity)


def _known(wiring: Wiring, entity: str) -> None:
    import difflib

    from pipeline.errors import ConfigError

    known = sorted(watched_by(wiring.configuration.watchlists))
    if entity not in known:
        near = difflib.get_close_matches(entity, known, n=1)
        raise ConfigError(
            f"--why-not: nobody is watched as {entity!r}; " + (f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known[:8])}")
        )


def _read(wiring: Wiring, target: str) -> tuple[Extraction, Document, list[dict[str, Any]]]:
    if target == "-":
        return (*_from_bytes(sys.stdin.buffer.read(), "file:///stdin"), [])
    if "://" not in target:
        path = Path(target)
        try:
            return (*_from_bytes(path.read_bytes(), path.absolute().as_uri()), [])
        except OSError as error:
            raise InputError(
                f"{target} cannot be read ({error.strerror}); name a file, an address with https://, or - for standard input"
            ) from error
    history = wiring.store.entries.why(target)
    kept = next((one["article"]["id"] for one in history if one["article"]), None)
    article = wiring.store.articles.get(kept) if kept is not None else None
    if article is not None:
        article = in_full(article, wiring.store, wiring.configuration.settings.extraction)
        return extraction_of(article), document_of(article, tagging(wiring.store)(article.feed_id)), history
    body, charset, final = asyncio.run(_fetch(wiring, target))
    return (*_from_page(body, final, charset), history)


def _from_bytes(body: bytes, name: str) -> tuple[Extraction, Document]:
    if b"<" in body[:2000] and (b"<html" in body[:4000].lower() or b"<!doctype" in body[:4000].lower() or b"<body" in body.lower()):
        return _from_page(body, name, None)
    text = body.decode("utf-8", "replace")
    title, _, rest = text.strip().partition("\n")
    if not rest:
        title, rest = "", text.strip()
    return Extraction(status=PageStatus.OK, title=title, text=rest.strip()), Document(id=name, title=title.strip(), text=rest.strip())


def _from_page(body: bytes, url: str, charset: str | None) -> tuple[Extraction, Document]:
    extraction = extract(body, url=url, declared_charset=charset)
    return extraction, as_document(extraction, ident=url, url=url)


async def _fetch(wiring: Wiring, url: str) -> tuple[bytes, str | None, str]:
    from pipeline.net.fetch import Fetcher

    async with Fetcher(wiring.configuration.settings.net) as fetcher:
        reply = await fetcher.get(url, limit=wiring.configuration.settings.net.page_bytes, cut=True)
    if not reply.ok:
        raise InputError(f"{url} answers {reply.status}; save the page and name the file instead")
    return reply.body, charset_of(reply.headers), reply.url


def _told(
    reader: Reader, extraction: Extraction, document: Document, verdicts: tuple[Verdict, ...], history: list[dict[str, Any]]
) -> dict[str, Any]:
    refused = refusals(verdicts, document, reader)
    return {
        "url": document.url,
        "status": extraction.status.value,
        "title": document.title,
        "language": document.language,
        "text": document.text,
        "verdicts": [_verdict(reader, one, document, refused.get(one.entity)) for one in verdicts],
        "removed": [{"text": line.text, "reason": line.reason} for line in extraction.removed],
        "captions": list(extraction.captions),
        "ledger": [
            {
                "entry": one["entry"]["id"],
                "state": one["entry"]["state"],
                "reason": one["entry"]["reason"],
                "alerts": [row["id"] for row in one["alerts"]],
                "suppressed": [
                    {"entity": row["entity"], "reason": row["reason"], "says": (row["detail"] or {}).get("says")}
                    for row in one["suppressions"]
                ],
            }
            for one in history
        ],
    }


def _verdict(reader: Reader, verdict: Verdict, document: Document, refusal: Ruling | None) -> dict[str, Any]:
    watched = reader.watched[verdict.entity]
    threshold = watched.watchlist.alert.at
    return {
        "entity": verdict.entity,
        "name": watched.entity.name,
        "tier": verdict.tier,
        "score": round(verdict.score, 3),
        "role": verdict.role.value,
        "alerts": verdict.tier is not None and verdict.tier.rank >= threshold.rank and refusal is None,
        "refused": refusal.says if refusal is not None else None,
        "at": threshold.value,
        "mentions": [_mention(one, document) for one in verdict.mentions],
    }


def _mention(mention: Mention, document: Document) -> dict[str, Any]:
    from pipeline.alerts.sentence import around

    text = document.part(mention.field)
    left, right = around(text, mention.start, mention.end)
    return {
        "field": mention.field.value,
        "start": mention.start,
        "end": mention.end,
        "surface": mention.surface,
        "alias": mention.alias,
        "tier": mention.tier,
        "score": round(mention.score, 3),
        "sentence": text[left:right],
        "why": [{"code": one.code, "weight": one.weight, "detail": one.detail} for one in mention.why],
        "against": [{"code": one.code, "weight": one.weight, "detail": one.detail} for one in mention.against],
    }


def _why_not(reader: Reader, document: Document, verdicts: Iterable[Verdict], history: list[dict[str, Any]], entity: str) -> str:
    verdict = next((one for one in verdicts if one.entity == entity), None)
    watched = reader.watched[entity]
    if verdict is None:
        return f"no name of {watched.entity.name} stands in the title, text, summary or captions; if one does, add it to aliases"
    if verdict.tier is None or verdict.tier.rank < watched.watchlist.alert.at.rank:
        found = verdict.tier.value if verdict.tier else "below possible"
        return f"its best mention is {found}, and the list alerts at {watched.watchlist.alert.at.value}; the evidence is below"
    said = ruling(watched.watchlist, verdict, tuple(verdicts), document) if watched.watchlist.rules else None
    if said is not None and not said.passes:
        return f"a rule of the list keeps it quiet: {said.says}"
    for one in history:
        for row in one["suppressions"]:
            if row["entity"] == entity:
                return f"it was kept quiet: {(row['detail'] or {}).get('says') or row['reason']}"
        if any(row["entity"] == entity for row in one["alerts"]):
            return "it did alert"
    return "by these words it would alert" + ("" if history else "; the article is not in the archive, so it never came in through a feed")


def _render(told: dict[str, Any], document: Document, verdicts: Iterable[Verdict], entity: str | None) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=sys.stdout.isatty(), width=None if sys.stdout.isatty() else 100, highlight=False)
    console.print(Text(told["title"] or "(no title)", style="bold"))
    console.print(Text(f"{told['url'] or ''}  status {told['status']}, language {told['language'] or 'unknown'}".strip(), style="dim"))
    if "why_not" in told:
        console.print(
            Text(f"\nWhy {entity} {'' if told['why_not'] == 'it did alert' else 'did not alert'}: {told['why_not']}", style="bold")
        )
    for one in told["ledger"]:
        console.print(Text(f"in the ledger: {one['state']}: {one['reason'] or '-'}", style="dim"))
    console.print()
    for line in _marked(document, verdicts, entity):
        console.print(line)
    for verdict in told["verdicts"]:
        _ledger(console, verdict)
    if not told["verdicts"]:
        console.print(Text("No watched name stands here.", style="bold"))
    if told["removed"]:
        console.print(Text("\nLeft out of the story", style="bold"))
        for line in told["removed"]:
            console.print(Text(f"  {line['reason']:<18} {line['text'][:110]}", style="dim"))
    return out.getvalue().rstrip()


def _marked(document: Document, verdicts: Iterable[Verdict], entity: str | None) -> list[Text]:
    mentions = [one for verdict in verdicts if entity in {None, verdict.entity} for one in verdict.mentions]
    lines: list[Text] = []
    for field in (Field.TITLE, Field.SUMMARY, Field.TEXT, Field.CAPTION):
        text = document.part(field)
        here = [one for one in mentions if one.field is field]
        if not text or (field is Field.TITLE and not here):
            continue
        marked = Text(text)
        for one in here:
            marked.stylize(_STYLES[one.tier] if one.tier else "strike dim", one.start, one.end)
        if field is not Field.TEXT:
            lines.append(Text(f"[{field.value}]", style="dim"))
        lines += [*marked.split("\n"), Text()]
    return lines


def _ledger(console: Console, verdict: dict[str, Any]) -> None:
    sure = verdict["tier"].value if verdict["tier"] else "not meant"
    why = verdict["refused"] or f"the list alerts at {verdict['at']}"
    fires = "alerts" if verdict["alerts"] else f"does not alert ({why})"
    console.print(Text(f"{verdict['name']}: {sure}, score {verdict['score']:.2f}, role {verdict['role']}: {fires}", style="bold"))
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    for column in ("where", "surface", "tier", "score", "for", "against"):
        table.add_column(column, overflow="fold")
    for one in verdict["mentions"][:12]:
        table.add_row(
            one["field"],
            one["surface"],
            one["tier"].value if one["tier"] else "-",
            f"{one['score']:.2f}",
            "\n".join(_evidence(line) for line in one["why"]),
            "\n".join(_evidence(line) for line in one["against"]),
        )
    console.print(table)
    if len(verdict["mentions"]) > 12:  # noqa: PLR2004 - what fits on a screen
        console.print(Text(f"… and {len(verdict['mentions']) - 12} more mentions", style="dim"))
    console.print()


def _evidence(line: dict[str, Any]) -> str:
    return f"{line['code']} {line['weight']:+.2f}" + (f" ({line['detail']})" if line["detail"] else "")
