"""How does an article look on its paper's site? Three layouts, each with what real ones put around and between the text.

``broadsheet`` marks everything up as the standards ask; ``blocks`` splits the story over several containers with adverts
between them; ``tabloid`` drops links and prompts into the text itself. Pure: words in, HTML out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import Final

from workers.demo.edition import Article, Layout
from workers.demo.furniture import Furniture, around


@dataclass(frozen=True, kw_only=True, slots=True)
class Print:
    """One article as it is printed now."""

    article: Article
    url: str
    published: str
    """ISO 8601."""
    modified: str
    """ISO 8601; the same as ``published`` until it is edited."""
    edited: bool
    """Whether the later paragraphs stand on the page."""
    furniture: Furniture

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The story as printed, with dateline and credit where an agency wrote it."""
        first, *rest = self.article.paragraphs
        opening = f"{self.furniture.dateline} {first}" if self.furniture.dateline else first
        added = self.article.edit.paragraphs if self.edited and self.article.edit else ()
        return (opening, *rest, *added, *((self.furniture.credit,) if self.furniture.credit else ()))


def render(article: Article, *, seed: int, url: str, published: str, modified: str, edited: bool) -> bytes:
    """The page's bytes in the paper's encoding."""
    page = Print(article=article, url=url, published=published, modified=modified, edited=edited, furniture=around(article, seed))
    html = (
        f'<!doctype html>\n<html lang="{article.paper.language}">\n<head>\n{_head(page)}\n</head>\n'
        f"<body>\n{_LAYOUTS[article.paper.layout](page)}\n</body>\n</html>\n"
    )
    return html.encode(article.paper.encoding, "xmlcharrefreplace")


def _head(page: Print) -> str:
    article, paper = page.article, page.article.paper
    title, standfirst = escape(article.title), escape(article.standfirst or article.paragraphs[0])
    lines = [
        f'<meta charset="{paper.encoding}">',
        f"<title>{title} | {escape(paper.name)}</title>",
        f'<link rel="canonical" href="{page.url}">',
        f'<meta name="description" content="{standfirst}">',
        f'<meta property="og:title" content="{title}">',
        '<meta property="og:type" content="article">',
        f'<meta property="og:site_name" content="{escape(paper.name)}">',
        f'<meta property="article:published_time" content="{page.published}">',
        f'<meta property="article:modified_time" content="{page.modified}">',
        "<style>body{font:16px serif}.ad{background:#eee}</style>",
        '<script>window.consent=window.consent||[];consent.push(["init",{"partners":214}]);</script>',
    ]
    if paper.layout is Layout.BROADSHEET:
        lines.append(f'<script type="application/ld+json">{_linked_data(page)}</script>')
    return "\n".join(lines)


def _linked_data(page: Print) -> str:
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.article.title,
        "datePublished": page.published,
        "dateModified": page.modified,
        "mainEntityOfPage": page.url,
        "author": [{"@type": "Person", "name": page.furniture.author}],
        "publisher": {"@type": "NewsMediaOrganization", "name": page.article.paper.name},
    }
    return json.dumps(said).replace("<", "\\u003c")


def _broadsheet(page: Print) -> str:
    around = page.furniture
    body = _between(page.paragraphs, {2: _related_aside(around), 3: _advert(around, 0)})
    return f"""{_cookie(around)}
<header><a class="logo" href="/">{escape(page.article.paper.name)}</a><nav><ul>{_links(around.nav)}</ul></nav></header>
<main>
<article>
<h1>{escape(page.article.title)}</h1>
{_standfirst(page, "p", "standfirst")}
<div class="byline">{escape(around.by)} <a rel="author" href="/author">{escape(around.author)}</a>
 <time datetime="{page.published}">{page.published[:10]}</time></div>
<ul class="share">{_links(around.share)}</ul>
<figure><img src="/lead.jpg" alt="">
<figcaption>{escape(around.caption)} <span class="credit">{escape(around.photo)}</span></figcaption></figure>
{body}
<section class="newsletter-signup"><p>{escape(around.newsletter)}</p><form><input type="email"><button>OK</button></form></section>
<div class="tags">{escape(around.topics)} <a href="/t/1">{escape(around.nav[1])}</a></div>
</article>
<section id="comments"><h2>{escape(around.comments)}</h2><p>{escape(around.join)}</p></section>
</main>
<aside class="sidebar"><h2>{escape(around.most)}</h2><ol>{_links(around.read)}</ol></aside>
{_footer(around)}"""


def _blocks(page: Print) -> str:
    around = page.furniture
    blocks = "\n".join(
        f'<div class="article__block">{"".join(f"<p>{escape(text)}</p>" for text in pair)}</div>\n{extra}'
        for pair, extra in zip(_pairs(page.paragraphs), (_advert(around, 0), _promo(around), _advert(around, 1)), strict=False)
    )
    return f"""<div class="top"><div class="logo"><a href="/">{escape(page.article.paper.name)}</a></div>
<div class="menu">{"".join(f'<a href="/s/{n}">{escape(word)}</a> ' for n, word in enumerate(around.nav))}</div></div>
<div class="page">
<div class="article__head"><h1>{escape(page.article.title)}</h1>{_standfirst(page, "div", "article__lead")}
<div class="article__meta"><span>{escape(around.by)} {escape(around.author)}</span> | <span>{page.published[:10]}</span></div></div>
<div class="article__image"><img src="/lead.jpg" alt="">
<div class="image__caption">{escape(around.caption)} {escape(around.photo)}</div></div>
{blocks}
<div class="teasers"><h3>{escape(around.related)}</h3>{_teasers(around.headlines)}</div>
<div class="comments-count"><a href="#c">{escape(around.comments)}</a> {escape(around.join)}</div>
</div>
{_cookie(around)}
{_footer(around)}"""


def _tabloid(page: Print) -> str:
    around = page.furniture
    more = f'<p class="more"><strong>{escape(around.related)}</strong> <a href="/a/1">{escape(around.headlines[0])}</a></p>'
    prompt = f'<p class="nl">{escape(around.newsletter)} <a href="/letter">{escape(around.nav[-1])}</a></p>'
    text = _between(page.paragraphs, {1: more, 2: _advert(around, 1), 3: prompt})
    return f"""{_cookie(around)}
<div id="head"><a href="/">{escape(page.article.paper.name)}</a><ul class="nav">{_links(around.nav)}</ul></div>
<div id="wrap">
<div id="left"><h4>{escape(around.most)}</h4><ul>{_links(around.read)}</ul>{_advert(around, 0)}</div>
<div id="content">
<h1>{escape(page.article.title)}</h1>
{_standfirst(page, "p", "lead")}
<p class="meta">{escape(around.by)} {escape(around.author)}, {page.published[:10]}</p>
<div class="pic"><img src="/lead.jpg" alt=""><p class="caption">{escape(around.caption)} {escape(around.photo)}</p></div>
<div id="text">
{text}
</div>
<ul class="related">{_links(around.headlines)}</ul>
<div class="share">{" | ".join(f'<a href="#s">{escape(word)}</a>' for word in around.share)}</div>
<h3>{escape(around.comments)}</h3><p class="join">{escape(around.join)}</p>
</div>
</div>
{_footer(around)}"""


_LAYOUTS: Final[dict[Layout, Callable[[Print], str]]] = {
    Layout.BROADSHEET: _broadsheet,
    Layout.BLOCKS: _blocks,
    Layout.TABLOID: _tabloid,
}


def _standfirst(page: Print, tag: str, name: str) -> str:
    return f'<{tag} class="{name}">{escape(page.article.standfirst)}</{tag}>' if page.article.standfirst else ""


def _between(paragraphs: Iterable[str], inserts: dict[int, str]) -> str:
    """The paragraphs, with what stands after the n-th."""
    lines: list[str] = []
    for number, text in enumerate(paragraphs, 1):
        lines.append(f"<p>{escape(text)}</p>")
        if number in inserts:
            lines.append(inserts[number])
    return "\n".join(lines)


def _pairs(paragraphs: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Three containers at most: two paragraphs, one, and the rest."""
    return [part for part in (paragraphs[:2], paragraphs[2:3], paragraphs[3:]) if part]


def _links(words: Iterable[str]) -> str:
    return "".join(f'<li><a href="/s/{number}">{escape(word)}</a></li>' for number, word in enumerate(words))


def _teasers(headlines: Iterable[str]) -> str:
    return "".join(f'<div class="teaser"><a href="/a/{number}">{escape(line)}</a></div>' for number, line in enumerate(headlines))


def _cookie(around: Furniture) -> str:
    buttons = "".join(f"<button>{escape(word)}</button>" for word in around.consent)
    return f'<div class="cookie-banner" role="dialog"><p>{escape(around.cookie)}</p>{buttons}</div>'


def _advert(around: Furniture, which: int) -> str:
    return f'<div class="ad"><span>{escape(around.advert)}</span><p>{escape(around.adverts[which])}</p></div>'


def _promo(around: Furniture) -> str:
    return f'<div class="promo"><p>{escape(around.newsletter)}</p><input type="email"></div>'


def _related_aside(around: Furniture) -> str:
    return f'<aside class="related"><h3>{escape(around.related)}</h3><ul>{_links(around.headlines)}</ul></aside>'


def _footer(around: Furniture) -> str:
    return f'<footer><ul>{_links(around.footer)}</ul><p class="copyright">{escape(around.copyright)}</p></footer>'
