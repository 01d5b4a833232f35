"""Pages that no newsroom writes, each made by a few lines, to show that every one ends in time with a status.

python bench/extraction/hostile.py --list
python bench/extraction/hostile.py NAME > page.html
python bench/extraction/hostile.py --jsonl | wirewatch extract --jsonl --site-memory off
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import sys
from collections.abc import Callable
from typing import Final

SENTENCE: Final = "The ferry to Tolverne was late again on Tuesday, and nobody on the quay could say why. "
STORY: Final = "".join(f"<p>{SENTENCE * 2}It was the {number}. time this year.</p>" for number in range(20))


def page(body: str, head: str = "") -> bytes:
    """A page around a body."""
    return f"<!doctype html><html lang='en'><head><title>Ferry late again</title>{head}</head><body>{body}</body></html>".encode()


def photograph() -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF" + random.Random(1).randbytes(1_000_000)


def deep_divs() -> bytes:
    return page("<div>" * 100_000 + STORY)


def deep_inline() -> bytes:
    return page("<p>" + "<b><i>" * 50_000 + SENTENCE + "</p>" + STORY)


def unclosed_fonts() -> bytes:
    return page("".join(f"<font size={n % 7}><p>{SENTENCE}" for n in range(20_000)))


def wide_inline() -> bytes:
    return page("<article><p>" + "".join(f"<span>word{n} </span>" for n in range(50_000)) + "</p></article>")


def wide_links() -> bytes:
    return page("<div>" + "".join(f"<a href='/{n}'>story {n}</a> and " for n in range(30_000)) + "</div>")


def line_breaks() -> bytes:
    return page("<div>" + f"{SENTENCE}<br>" * 25_000 + "</div>")


def paragraphs() -> bytes:
    return page("<article>" + "".join(f"<p>{SENTENCE}{n}</p>" for n in range(25_000)) + "</article>")


def just_below_inline() -> bytes:
    return page(
        "<article>"
        + "".join("<p>" + "".join(f"<em>w{n}</em> {SENTENCE[:20]}" for n in range(2_900)) + "</p>" for _ in range(15))
        + "</article>"
    )


def just_below_elements() -> bytes:
    return page("<article>" + "".join(f"<div><p>{SENTENCE}<a href='/{n}'>{n}</a></p></div>" for n in range(19_000)) + "</article>")


def just_below_depth() -> bytes:
    return page("<div>" * 200 + STORY * 20 + "</div>" * 200)


def table_of_tables() -> bytes:
    return page("<table><tr><td>" * 5_000 + SENTENCE)


def wide_table() -> bytes:
    return page("<table>" + ("<tr>" + "<td>12</td>" * 50 + "</tr>") * 1_000 + "</table>" + STORY)


def lists_in_lists() -> bytes:
    return page("<ul><li>x" * 10_000 + STORY)


def quotes_in_quotes() -> bytes:
    return page("<blockquote><p>said " * 8_000 + STORY)


def many_attributes() -> bytes:
    return page("<div " + " ".join(f"data-a{n}='{n}'" for n in range(100_000)) + f">{STORY}</div>")


def long_attribute() -> bytes:
    return page(f"<div class='{'related ' * 300_000}'>{STORY}</div>")


def many_classes() -> bytes:
    return page("".join(f"<div class='c{n} x-{n}-y teaser{n}'><p>{SENTENCE}</p></div>" for n in range(15_000)))


def one_long_line() -> bytes:
    return page("<p>" + "a" * 2_500_000 + "</p>")


def spaces() -> bytes:
    return page("<p>" + " " * 2_500_000 + "x</p>" + STORY)


def dots_and_dashes() -> bytes:
    return page("".join(f"<p>{'. - | » ' * 400}</p>" for _ in range(300)) + STORY)


def call_storm() -> bytes:
    return page("".join("<p>" + "sign up. subscribe! follow us? " * 10 + f"{n}</p>" for n in range(3_000)))


def comment_bomb() -> bytes:
    return page("<!--" * 200_000 + STORY)


def cdata_bomb() -> bytes:
    return page("<![CDATA[" * 100_000 + STORY)


def entities() -> bytes:
    return page("<p>" + "&amp;&lt;&#x1F600;&notanentity;" * 80_000 + "</p>" + STORY)


def nulls() -> bytes:
    return page(STORY.replace(" ", "\x00 "))


def doctype_entities() -> bytes:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l0 "lol">{lol}]><html><body><p>&l11;</p>{STORY}</body></html>'.encode()


def json_ld_bomb() -> bytes:
    return page(STORY, head="<script type='application/ld+json'>" + '{"a":[' * 50_000 + "</script>")


def json_ld_wide() -> bytes:
    nodes = ",".join(f'{{"@type":"NewsArticle","headline":"{n}","author":{{"name":"A {n}"}}}}' for n in range(25_000))
    return page(STORY, head=f"<script type='application/ld+json'>[{nodes}]</script>")


def json_ld_comma() -> bytes:
    return page(STORY, head="<script type='application/ld+json'>{" + ", " * 1_000_000 + "</script>")


def next_data() -> bytes:
    state = json.dumps({"props": [{"text": SENTENCE, "n": n} for n in range(15_000)]})
    return page("<div id='__next'></div>" + f"<script id='__NEXT_DATA__' type='application/json'>{state}</script>")


def many_scripts() -> bytes:
    return page("<script>var a = 1 < 2;</script>" * 40_000 + STORY)


def one_script() -> bytes:
    return page("<script>" + "x='<p>';" * 300_000 + "</script>" + STORY)


def base64_image() -> bytes:
    picture = base64.b64encode(random.Random(2).randbytes(2_000_000)).decode()
    return page(f"<img src='data:image/png;base64,{picture}'>" + STORY)


def big_title() -> bytes:
    return page(STORY, head=f"<title>{SENTENCE * 20_000}</title>")


def many_metas() -> bytes:
    return page(STORY, head="".join(f"<meta property='article:tag' content='t{n}'>" for n in range(40_000)))


def dates() -> bytes:
    return page("".join(f"<p>{1 + n % 28}/{1 + n % 12}/{1990 + n % 40} at {n % 24}:{n % 60:02d}</p>" for n in range(25_000)))


def oversized() -> bytes:
    return page(STORY * 3_000)


def utf16() -> bytes:
    return page(STORY).decode().encode("utf-16")


def random_bytes() -> bytes:
    return b"<html><body><p>" + random.Random(3).randbytes(500_000)


def mojibake() -> bytes:
    return (
        page(("<p>" + "Паром в Толверн снова опоздал, и никто не мог сказать почему. " * 3 + "</p>") * 30)
        .decode()
        .encode()
        .decode("latin-1")
        .encode()
    )


def replacement_soup() -> bytes:
    return page(STORY.replace("e", "\ufffd").replace("a", "\ufffd"))


def forms() -> bytes:
    return page("<form>" * 5_000 + STORY + "<input><select>" * 5_000)


def selects() -> bytes:
    return page("<select>" + "<option>Tolverne</option>" * 50_000 + "</select>" + STORY)


def empty() -> bytes:
    return b""


def bare_text() -> bytes:
    return SENTENCE.encode() * 50


def feed() -> bytes:
    return b"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title><item><title>y</title></item></channel></rss>"


def frameset() -> bytes:
    return b"<html><head><title>x</title></head><frameset>" + b"<frame src='a'>" * 10_000 + b"</frameset></html>"


def gzip_bytes() -> bytes:
    import gzip

    return gzip.compress(page(STORY) * 200)


PAGES: Final[dict[str, Callable[[], bytes]]] = {
    make.__name__: make
    for make in (
        photograph, deep_divs, deep_inline, unclosed_fonts, wide_inline, wide_links, line_breaks, paragraphs, just_below_inline,
        just_below_elements, just_below_depth, table_of_tables, wide_table, lists_in_lists, quotes_in_quotes, many_attributes,
        long_attribute, many_classes, one_long_line, spaces, dots_and_dashes, call_storm, comment_bomb, cdata_bomb, entities,
        nulls, doctype_entities, json_ld_bomb, json_ld_wide, json_ld_comma, next_data, many_scripts, one_script, base64_image,
        big_title, many_metas, dates, oversized, utf16, random_bytes, mojibake, replacement_soup, forms, selects, empty,
        bare_text, feed, frameset, gzip_bytes,
    )
}  # fmt: skip
"""Every page by its name."""


def main() -> None:
    """Print names, one page, or all of them as input for the command line."""
    parser = argparse.ArgumentParser(description="Pages that try to stop an extractor.")
    parser.add_argument("name", nargs="?", choices=sorted(PAGES))
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--jsonl", action="store_true")
    options = parser.parse_args()
    if options.jsonl:
        for name, make in PAGES.items():
            html = make().decode("utf-8", "replace")
            sys.stdout.write(json.dumps({"id": name, "url": f"https://hostile.example/{name}", "html": html}) + "\n")
    elif options.name:
        sys.stdout.buffer.write(PAGES[options.name]())
    else:
        sys.stdout.write("\n".join(PAGES) + "\n")


if __name__ == "__main__":
    main()
