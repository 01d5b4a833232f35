"""What would these names have found in the articles that are kept? The archive, read again at the speed of the dictionary.

Texts are matched as they were extracted, in forked processes that share the compiled names; nothing is fetched, nothing is
extracted again, nothing is written.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice

from pipeline.flow.reading import as_document
from pipeline.mentions.match import Matcher
from pipeline.model import Document, Extraction, Instant, PageStatus, RemovedLine, Verdict
from pipeline.store import Store
from pipeline.store.articles import Article
from workers.cores import cores

_BATCH = 200
_AHEAD = 3
"""Batches waiting for each process."""
_MARK_EVERY = 5
"""Batches between two marks of how far an interrupted search has come."""
_shared: list[Matcher] = []
"""What forked processes find without having it sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An archived article in which somebody is named."""

    article: Article
    document: Document
    verdicts: tuple[Verdict, ...]
    """Those with a tier."""


def extraction_of(article: Article) -> Extraction:
    """What was extracted when the article came in."""
    return Extraction(
        status=PageStatus(article.status),
        title=article.title,
        text=article.text,
        captions=article.captions,
        removed=tuple(RemovedLine(text=line["text"], reason=line["reason"]) for line in article.removed),
        author=article.author,
        published=article.published,
        language=article.language,
        canonical_url=article.canonical_url,
    )


def document_of(article: Article) -> Document:
    """An archived article as the matcher read it. Its title is kept as it was decided by: the page's or the feed's."""
    return as_document(
        extraction_of(article),
        ident=article.id,
        feed_title=article.title,
        summary=article.summary,
        url=article.url,
        source=article.feed_id,
    )


def search(
    store: Store,
    matcher: Matcher,
    *,
    since: Instant,
    after: int = 0,
    progress: Callable[[int, int], None] | None = None,
    processes: int = 0,
) -> Iterator[Found]:
    """Every kept article since then that names somebody, in the order they came in.

    ``progress`` is told after each batch how many articles it had and the last one's ``seq``, where a later call can go on
    with ``after``.
    """
    _shared[:] = [matcher]
    batches = iter(store.articles.iterate_texts(since, after, batch=_BATCH))
    workers = processes or cores()
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        waiting: deque[tuple[list[Article], Future[list[tuple[int, tuple[Verdict, ...]]]]]] = deque()
        for batch in islice(batches, workers * _AHEAD):
            waiting.append((batch, pool.submit(_match, [document_of(one) for one in batch])))
        while waiting:
            articles, answer = waiting.popleft()
            for place, verdicts in answer.result():
                yield Found(article=articles[place], document=document_of(articles[place]), verdicts=verdicts)
            if progress is not None:
                progress(len(articles), articles[-1].seq)
            following = next(batches, None)
            if following is not None:
                waiting.append((following, pool.submit(_match, [document_of(one) for one in following])))


def resumed(
    store: Store,
    matcher: Matcher,
    *,
    name: str,
    since: Instant,
    now: Instant,
    progress: Callable[[int, int], None] | None = None,
    processes: int = 0,
) -> Iterator[Found]:
    """As ``search``, but one that was interrupted under the same ``name`` and for the same names goes on where it stopped.

    How far it came, and the ids of what it found, stand in the ledger until it is through. What it found before is matched
    again, not searched again. A call for an earlier ``since`` begins anew.
    """
    place = f"backfill.{name}"
    mark = store.reports.get_meta(place) or {}
    if mark.get("revision") != matcher.revision or mark.get("since", since) > since:
        mark = {}
    found, after, batches = list(mark.get("found", ())), int(mark.get("after", 0)), 0
    for ident in tuple(found):
        article = store.articles.get(ident)
        if article is not None and (named := _named(matcher, document_of(article))):
            yield Found(article=article, document=document_of(article), verdicts=named)

    def passed(count: int, seq: int) -> None:
        nonlocal batches
        batches += 1
        if batches % _MARK_EVERY == 0:
            store.reports.put_meta(place, {"revision": matcher.revision, "since": since, "after": seq, "found": found}, now)
        if progress is not None:
            progress(count, seq)

    for one in search(store, matcher, since=since, after=after, progress=passed, processes=processes):
        found.append(one.article.id)
        yield one
    store.reports.put_meta(place, None, now)


def _match(documents: list[Document]) -> list[tuple[int, tuple[Verdict, ...]]]:
    found = []
    for place, document in enumerate(documents):
        named = _named(_shared[0], document)
        if named:
            found.append((place, named))
    return found


def _named(matcher: Matcher, document: Document) -> tuple[Verdict, ...]:
    return tuple(verdict for verdict in matcher.match(document) if verdict.tier is not None)
