"""What would fire on this text or this address, and why? The same reading and the same decision as the service's, with nothing kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import Field

from pipeline.alerts.rules import Action, StoryFacts, decide
from pipeline.model import Document, Evidence, Mention, Verdict
from workers.dashboard.answers.articles import Named, RemovedPart
from workers.dashboard.answers.shared import EvidenceLine, Word
from workers.dashboard.board import Board, RefusedError

LONGEST: Final = 200_000
"""Characters of a pasted text: three times the longest article seen."""
DEADLINE: Final = 15.0
"""Seconds to fetch an address in, while a person waits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """A text or an address to try."""

    text: Annotated[str, Field(max_length=LONGEST)] = ""
    title: Annotated[str, Field(max_length=1000)] = ""
    url: Annotated[str, Field(max_length=2000)] = ""
    """Fetched where no text is given."""
    language: Word = ""
    """ISO 639-1, where it is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """What would become of one entity."""

    entity: str
    name: str
    tier: str | None
    score: float
    role: str
    fires: bool
    """Whether an alert would go out, now or with the digest."""
    says: str
    """Why, or why not."""
    mentions: tuple[Named, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialAnswer:
    """What would happen."""

    title: str
    text: str
    url: str
    status: str
    """What the page is; ``ok`` for a text."""
    language: str | None
    author: str | None
    published: str | None
    removed: tuple[RemovedPart, ...]
    entities: tuple[Tried, ...]
    archived: str | None
    """Id of the article in the archive, where the address is known."""


def try_it(board: Board, said: Trial) -> TrialAnswer:
    """Read and decide as the service would.

    Raises:
        RefusedError: neither a text nor an address was given, or the address cannot be fetched.
    """
    if said.text.strip() or said.title.strip():
        document = Document(
            id="try", title=said.title, text=said.text.replace("\r\n", "\n"), language=said.language or None, url=said.url or None
        )
        return _answer(board, document, status="ok")
    if not said.url.strip():
        raise RefusedError("paste a text, or give an address")
    return _fetched(board, said.url.strip())


def _fetched(board: Board, url: str) -> TrialAnswer:
    from pipeline.articles.extract import extract
    from pipeline.errors import FetchError
    from pipeline.flow.reading import as_document

    if urlsplit(url).scheme not in {"http", "https"}:
        raise RefusedError("an address begins with http:// or https://")
    try:
        final_url, charset, body = asyncio.run(_get(board, url))
    except FetchError as error:
        raise RefusedError(f"the address cannot be fetched: {error}") from error
    read = extract(body, url=final_url, declared_charset=charset, policy=board.configuration.settings.extraction)
    document = as_document(read, ident="try", url=final_url)
    removed = tuple(RemovedPart(text=line.text, reason=line.reason) for line in read.removed)
    return _answer(board, document, status=read.status, author=read.author, published=read.published, removed=removed)


async def _get(board: Board, url: str) -> tuple[str, str | None, bytes]:
    from pipeline.flow.reading import charset_of
    from pipeline.net.fetch import Fetcher

    async with Fetcher(board.configuration.settings.net) as fetcher:
        response = await fetcher.get(url, headers={"Accept": "text/html,application/xhtml+xml"}, cut=True, deadline=DEADLINE)
    if not response.ok:
        raise RefusedError(f"the address answers {response.status}")
    return response.url, charset_of(response.headers), response.body


def _answer(
    board: Board,
    document: Document,
    *,
    status: str,
    author: str | None = None,
    published: str | None = None,
    removed: tuple[RemovedPart, ...] = (),
) -> TrialAnswer:
    verdicts = board.reader.matcher.match(document, board.reader.recogniser)
    known = board.store.articles.by_url(document.url) if document.url else None
    tried = (_tried(board, verdict, verdicts, document) for verdict in verdicts if verdict.entity in board.reader.watched)
    return TrialAnswer(
        title=document.title,
        text=document.text,
        url=document.url or "",
        status=status,
        language=document.language,
        author=author,
        published=published,
        removed=removed,
        entities=tuple(sorted(tried, key=lambda each: (not each.fires, -each.score))),
        archived=known.id if known else None,
    )


def _tried(board: Board, verdict: Verdict, verdicts: Sequence[Verdict], document: Document) -> Tried:
    fires, says = _would(board, verdict, verdicts, document)
    return Tried(
        entity=verdict.entity,
        name=board.name_of(verdict.entity),
        tier=verdict.tier,
        score=verdict.score,
        role=verdict.role,
        fires=fires,
        says=says,
        mentions=tuple(_named(board, mention) for mention in verdict.mentions),
    )


def _would(board: Board, verdict: Verdict, verdicts: Sequence[Verdict], document: Document) -> tuple[bool, str]:
    from pipeline.flow.telling import policy_of, standing
    from pipeline.mentions.rules import ruling

    if verdict.tier is None:
        return False, "what speaks for it is not enough for any tier"
    watched = board.reader.watched[verdict.entity]
    ruled = ruling(watched.watchlist, verdict, tuple(verdicts), document)
    if not ruled.passes:
        return False, ruled.says
    now, policy = board.now(), policy_of(board.configuration.settings.alerts, watched)
    facts = StoryFacts(story="", article=document.id, source="", domain=urlsplit(document.url or "").hostname or "")
    mutes = standing(asdict(row) for row in board.store.alerts.mutes(now))
    decision = decide(facts, verdict, policy, now, mutes=mutes)
    where = f". Goes to {', '.join(decision.to)}." if decision.to else ". It would be kept and shown, and sent nowhere."
    return decision.action is not Action.SUPPRESS, decision.says + (where if decision.action is not Action.SUPPRESS else "")


def _named(board: Board, mention: Mention) -> Named:
    names = ("entity", "field", "start", "end", "surface", "alias", "tier", "score")
    plain = {name: getattr(mention, name) for name in names}
    return Named(**plain, why=_lines(mention.why), against=_lines(mention.against), name=board.name_of(mention.entity))


def _lines(found: Sequence[Evidence]) -> tuple[EvidenceLine, ...]:
    return tuple(EvidenceLine(code=line.code, weight=round(line.weight, 4), detail=line.detail) for line in found)
