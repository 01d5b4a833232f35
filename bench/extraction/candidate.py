"""One extractor in a process of its own: pages in, texts and times out, a JSON line each.

    python candidate.py NAME < PAGES > ANSWERS

Run by ``bench.extraction`` with the interpreter that has the extractor installed. Each has its own process so that none runs on what
another has warmed (trafilatura keeps caches of the page before), and so that one that hangs can be killed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

Extractor = Callable[[str, str], str]
WARM: Final = "<html><body><p>A warm-up page with one sentence.</p></body></html>"


def ours(html: str, url: str) -> str:
    from pipeline.articles.extract import extract

    return extract(html, url=url).text


def trafilatura_default(html: str, url: str) -> str:
    import trafilatura

    return trafilatura.extract(html, url=url) or ""


def resiliparse_main(html: str, _url: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(html, main_content=True))


def readability(html: str, _url: str) -> str:
    from lxml.html import fromstring
    from readability import Document

    return str(fromstring(Document(html).summary()).text_content())


def newspaper(html: str, url: str) -> str:
    from newspaper import Article

    article = Article(url or "https://paper.example/")
    article.download(input_html=html)
    article.parse()
    return str(article.text)


EXTRACTORS: Final[dict[str, Extractor]] = {
    "wirewatch": ours,
    "trafilatura": trafilatura_default,
    "resiliparse": resiliparse_main,
    "readability-lxml": readability,
    "newspaper4k": newspaper,
}
FOREIGN: Final = frozenset({"readability-lxml", "newspaper4k"})
"""Those that are no dependency of ours and live in the environment of the rivals."""


def answer(extractor: Extractor, html: str, url: str) -> dict[str, object]:
    start = time.process_time()
    try:
        text = extractor(html, url)
    except Exception:  # noqa: BLE001 - one that fails on a page has no text for it
        text = ""
    return {"seconds": time.process_time() - start, "text": text}


def main() -> None:
    extractor = EXTRACTORS[sys.argv[1]]
    with suppress(ValueError):  # so little text may be refused; one that is not installed ends here
        extractor(WARM, "https://paper.example/")
    for line in sys.stdin:
        page = json.loads(line)
        print(json.dumps(answer(extractor, page["html"], page.get("url") or "")), flush=True)


if __name__ == "__main__":
    main()
