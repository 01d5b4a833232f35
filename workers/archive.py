"""What would these names have found in the articles that are kept? The archive, read again at the speed of the dictionary.

Texts are matched as they were extracted, in forked processes that share the compiled names; nothing is fetched, nothing is
written. An article that was only glanced at when it came is extracted from its kept page where it names somebody.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from itertools import islice

from pipeline.flow.glancing import in_full
from pipeline.flow.reading import Reader, as_document, refusals
from pipeline.flow.refire import Case
from pipeline.model import Document, Extraction, Instant, PageStatus, RemovedLine
from pipeline.store import Store
from pipeline.store.articles import Article
from workers.cores import cores

_BATCH = 200
_AHEAD = 3
"""Batches waiting for each process."""
_MARK_EVERY = 5
"""Batches between two marks of how far an interrupted search has come."""
_shared: list[Reader] = []
"""What forked processes find without having it sent."""


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


def document_of(article: Article, tags: tuple[str, ...]) -> Document:
    """An archived article as the matcher read it, with the tags of its feed, which the archive does not keep.

    Its title is kept as it was decided by: the page's or the feed's.
    """
    return as_document(
        extraction_of(article),
        ident=article.id,
        feed_title=article.title,
        summary=article.summary,
        url=article.url,
        source=article.feed_id,
        tags=tags,
    )


def tagging(store: Store) -> Callable[[str], tuple[str, ...]]:
    """Feed id → its tags as they are now; none where the feed has gone. Each feed is asked about once."""

    @cache
    def tags(feed_id: str) -> tuple[str, ...]:
        feed = store.feeds.get(feed_id)
        return feed.tags if feed is not None else ()

    return tags


def search(
    store: Store,
    reader: Reader,
    *,
    since: Instant,
    after: int = 0,
    progress: Callable[[int, int], None] | None = None,
    processes: int = 0,
) -> Iterator[Case]:
    """Every kept article since then that names somebody, in the order they came in, decided as the service would.

    A case's verdicts are those with a tier. ``progress`` is told after each batch how many articles it had and the last
    one's ``seq``, where a later call can go on with ``after``.
    """
    _shared[:] = [reader]
    tags = tagging(store)
    batches = iter(store.articles.iterate_texts(since, after, batch=_BATCH))
    workers = processes or cores()
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        waiting: deque[tuple[list[Article], Future[list[Case]]]] = deque()
        for batch in islice(batches, workers * _AHEAD):
            waiting.append((batch, pool.submit(_cases, batch, [tags(one.feed_id) for one in batch])))
        while waiting:
            articles, answer = waiting.popleft()
            for case in answer.result():
                read = _in_full(case, store, reader, tags)
                if read is not None:
                    yield read
            if progress is not None:
                progress(len(articles), articles[-1].seq)
            following = next(batches, None)
            if following is not None:
                waiting.append((following, pool.submit(_cases, following, [tags(one.feed_id) for one in following])))


def resumed(
    store: Store,
    reader: Reader,
    *,
    name: str,
    since: Instant,
    now: Instant,
    progress: Callable[[int, int], None] | None = None,
    processes: int = 0,
) -> Iterator[Case]:
    """As ``search``, but one that was interrupted under the same ``name`` and for the same names goes on where it stopped.

    How far it came, and the ids of what it found, stand in the ledger until it is through. What it found before is matched
    again, not searched again. A call for an earlier ``since`` begins anew.
    """
    place, revision = f"backfill.{name}", reader.matcher.revision
    mark = store.reports.get_meta(place) or {}
    if mark.get("revision") != revision or mark.get("since", since) > since:
        mark = {}
    found, after, batches = list(mark.get("found", ())), int(mark.get("after", 0)), 0
    tags = tagging(store)
    for ident in tuple(found):
        article = store.articles.get(ident)
        if article is not None and (case := _case(reader, in_full(article, store, reader.extraction), tags(article.feed_id))) is not None:
            yield case

    def passed(count: int, seq: int) -> None:
        nonlocal batches
        batches += 1
        if batches % _MARK_EVERY == 0:
            store.reports.put_meta(place, {"revision": revision, "since": since, "after": seq, "found": found}, now)
        if progress is not None:
            progress(count, seq)

    for one in search(store, reader, since=since, after=after, progress=passed, processes=processes):
        found.append(one.article.id)
        yield one
    store.reports.put_meta(place, None, now)


def _in_full(case: Case, store: Store, reader: Reader, tags: Callable[[str], tuple[str, ...]]) -> Case | None:
    """The case as the extraction has its article: one that was only glanced at is read in full before anything is decided."""
    article = in_full(case.article, store, reader.extraction)
    return case if article is case.article else _case(reader, article, tags(article.feed_id))


def _cases(articles: list[Article], tags: list[tuple[str, ...]]) -> list[Case]:
    found = (_case(_shared[0], article, each) for article, each in zip(articles, tags, strict=True))
    return [case for case in found if case is not None]


def _case(reader: Reader, article: Article, tags: tuple[str, ...]) -> Case | None:
    document = document_of(article, tags)
    verdicts = reader.matcher.match(document, reader.recogniser)
    named = tuple(verdict for verdict in verdicts if verdict.tier is not None)
    if not named:
        return None
    return Case(article=article, document=document, verdicts=named, refused=refusals(verdicts, document, reader))
