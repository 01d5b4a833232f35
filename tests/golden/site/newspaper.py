"""A newspaper site that does not exist, with the truth about every line of it.

Written by someone who had not read the rules under `pipeline/`. Its furniture (slogan, begging line, aphorism of the week, line of
the desk, weather strip) stands in the text column as ordinary paragraphs, is worded by the seed, and resembles no known phrase: only a
memory of the site can tell it from the story. Against that stand lines that repeat and are true: a refrain quoted twice in one story,
and a subhead, a sentence of background and a statement that two stories share.

    python newspaper.py --seed 7            # input for `wirewatch extract --jsonl`
    python newspaper.py --seed 7 --truth    # what is story and what is furniture, one JSON line a page
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

DEFAULT_PAGES = 20
WEEK = 10
"""Pages that carry the same aphorism before the next one takes its place."""

_TOWNS = ("Orrinmouth", "Castle Wend", "Tolverne", "Skarrow", "Ashby Quay", "Little Maddock", "Penfarrow", "Hob's Reach")
_ANIMALS = ("heron", "eel", "stoat", "rook", "otter", "limpet", "plover", "hare")
_TOOLS = ("lantern", "kettle", "plumb line", "oar", "ladder", "bellows", "ink pot", "spade")
_VIRTUES = ("patience", "thrift", "candour", "stubbornness", "curiosity", "good boots", "doubt", "punctuality")
_WINDS = ("westerly", "northerly", "southerly", "easterly")
_SKIES = ("bright spells", "drizzle by teatime", "fog on the bar")

_SUBJECTS = (
    "tide mill", "fish auction", "school roof", "cable ferry", "lighthouse stairs", "chapel organ", "night bus", "salt works",
    "cattle market", "sea wall", "municipal baths", "bottle factory", "weather mast", "parish archive", "oyster beds", "canal lock",
    "grain store", "town clock", "fire station", "rope walk", "youth orchestra", "quarry road", "library van", "brass foundry",
)  # fmt: skip
_GIVEN = (
    "Agnes", "Bertil", "Carys", "Dov", "Edda", "Fabian", "Greta", "Hamza", "Ines", "Jolyon", "Katya", "Lorcan",
    "Mehmet", "Nadia", "Osric", "Petra", "Quentin", "Rosalind", "Silvan", "Tamsin", "Ulrik", "Verena", "Wilf", "Yusra",
)  # fmt: skip
_FAMILY = (
    "Abernethy", "Brandreth", "Calloway", "Dunmore", "Eskdale", "Fenwick", "Garrowby", "Hollis", "Ibbotson", "Jessop", "Kerrigan", "Lanyon",
    "Mossop", "Nesbit", "Oakeshott", "Penhale", "Quayle", "Ruddock", "Skelton", "Trevanion", "Umfreville", "Verrall", "Wragby", "Yelland",
)  # fmt: skip
_REASONS = (
    "the pumps failed",
    "a beam was found to be rotten",
    "the insurer withdrew",
    "nobody had renewed the licence",
    "the money ran out",
)
_BODIES = ("the county auditor", "the harbour commissioners", "the planning inspector", "the water board", "the district court")
_COUNTRIES = ("Norway", "Pakistan", "Georgia", "Chile", "Ireland", "Moldova")
_FIRMS = ("Vantor Dredging", "Halcombe and Reeve", "Nordlys Marine", "Pellow Estates", "Cardew Power", "Mistral Freight")

_TEMPLATES = (
    "The {subject} in {town} will stay closed for {n} weeks after {reason}, {body} said on {day}.",
    "{one}, who has run the {subject} for {n} years, said the first warning came in {month}.",
    '"I wrote to them in {month} and I wrote again in the spring," {one} told this newspaper. "The second letter came back."',
    "Repairs to the {subject} are put at {money} pounds, of which {body} has promised a third.",
    "{two} sees it differently. In a report of {n} pages the engineer argues that the {subject} could have reopened in {month}.",
    '"There is nothing wrong with the {subject} that a dry summer would not cure," {two} said.',
    "About {n} people in {town} earn their living from the {subject}, most of them for part of the year.",
    "Councillors voted {n} to {m} to put the {subject} on the agenda again, with {one} abstaining.",
    "A first inquiry into the {subject} ended without a finding because {reason}; {body} has since kept its papers under seal.",
    "{two} was born within sight of the {subject} and remembers when {n} carts a day went past it.",
    "Records show that the {subject} has been out of use {m} times since the war, never for longer than a season.",
    "On {day} evening some {n} residents met at {town} to hear {one} explain what the {subject} would cost them.",
    '"We can have the {subject} or we can have the road," said {two}. "I know which of them my mother would pick."',
    "{firm} has offered to lease the {subject} for {m} years, an offer that {one} called {adjective}.",
    "Whether {firm} still wants the {subject} once {body} has spoken is, {two} admits, anybody's guess.",
    "The minister is expected in {town} on {day}; {one} means to show her the {subject} from the inside.",
)
_ADJECTIVES = ("generous", "cheeky", "premature", "better than nothing", "an insult with a ribbon on it")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = ("January", "February", "March", "September", "October", "November")


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of the text column: what it says, whether it is story, and what kind of line it is."""

    text: str
    story: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Page:
    """One article page with its markup and the truth about its lines, in page order."""

    id: str
    url: str
    title: str
    author: str
    published: str
    html: str
    lines: tuple[Line, ...]

    @property
    def story(self) -> tuple[str, ...]:
        """The lines that must be in the text, each as often as it stands here."""
        return tuple(line.text for line in self.lines if line.story)

    @property
    def furniture(self) -> tuple[str, ...]:
        """The lines that must be gone once the site is known."""
        return tuple(line.text for line in self.lines if not line.story)

    @property
    def repeated(self) -> tuple[str, ...]:
        """Story lines that repeat, in this story or in one other, and must stay all the same."""
        return tuple(line.text for line in self.lines if line.story and line.kind != "story")


@dataclass(frozen=True, slots=True)
class _House:
    """What every page of one site has in common."""

    name: str
    host: str
    slogan: str
    begging: str
    aphorisms: tuple[str, ...]
    desks: tuple[str, ...]
    weather: str


def newspaper(seed: int = 0, pages: int = DEFAULT_PAGES) -> Iterator[Page]:
    """Yield the pages of one site in the order of their publication; the same seed gives the same bytes."""
    if not 1 <= pages <= len(_SUBJECTS):
        raise ValueError(f"pages must be from 1 to {len(_SUBJECTS)}, not {pages}")
    rng = random.Random(seed)
    house = _house(rng, pages)
    subjects, given, family = (rng.sample(words, len(words)) for words in (_SUBJECTS, _GIVEN, _FAMILY))
    second = family[7:] + family[:7]
    shared = _shared(rng, pages)
    start = datetime(2024, 3, 4, 6, 0, tzinfo=UTC)
    for number in range(pages):
        one, two = f"{given[number]} {family[number]}", f"{given[-1 - number]} {second[number]}"
        story = _story(rng, subjects[number], one, two)
        for line, share in shared.get(number, ()):
            _insert(story, line, share)
        author = f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}"
        title = f"{one.split()[1]} fights on for the {subjects[number]}, whatever {two.split()[1]} may say"
        slug = re.sub(r"[^a-z]+", "-", f"{subjects[number]} {one}".lower())
        published = (start + timedelta(hours=7 * number)).isoformat()
        lines = _column(rng, house, story, number)
        url = f"https://{house.host}/{1 + number // WEEK}/{slug}"
        markup = _markup(house, lines, title=title, author=author, published=published, url=url)
        yield Page(f"site-{seed}-{number:02d}", url, title, author, published, markup, tuple(lines))


def _house(rng: random.Random, pages: int) -> _House:
    """Word the furniture of a site; two seeds seldom share a line."""
    town, animal, tool = rng.choice(_TOWNS), rng.choice(_ANIMALS), rng.choice(_TOOLS)
    first, other = rng.sample(_VIRTUES, 2)
    name = f"The {town} {rng.choice(('Packet', 'Weigher', 'Bellman', 'Almanack'))}"
    aphorisms = tuple(
        f"{rng.choice(('A wise', 'An idle', 'No honest', 'Every old'))} {who} keeps its {thing} dry when the neighbours talk of {virtue}."
        for who, thing, virtue in zip(
            rng.sample(_ANIMALS, 1 + (pages - 1) // WEEK),
            rng.sample(_TOOLS, 1 + (pages - 1) // WEEK),
            rng.sample(_VIRTUES, 1 + (pages - 1) // WEEK),
            strict=True,
        )
    )
    desks = tuple(
        f"From the {where} table, where the {what} is never put away."
        for where, what in zip(rng.sample(("harbour", "uplands", "council", "winter", "corner"), 3), rng.sample(_TOOLS, 3), strict=True)
    )
    return _House(
        name=name,
        host=f"www.{re.sub('[^a-z]', '', name.lower())}.example",
        slogan=f"One {animal}, two tides, and the whole of {town} before breakfast.",
        begging=f"Our {tool} burns on what neighbours leave in the jar; a coin of yours buys an hour of {first} and a little {other}.",
        aphorisms=aphorisms,
        desks=desks,
        weather=f"{town} bar: {{degrees}} degrees, {{wind}} {{force}}, {{sky}}, high water {{hour}}.{{minute:02d}}",
    )


def _shared(rng: random.Random, pages: int) -> dict[int, list[tuple[Line, float]]]:
    """Choose true lines that repeat, and the pages and the depth in the story at which they stand."""
    chosen: dict[int, list[tuple[Line, float]]] = {}

    def place(line: Line, *spots: tuple[int, float]) -> None:
        for page, share in spots:
            chosen.setdefault(page, []).append((line, share))

    refrain = f'"{rng.choice(("Row", "Dig", "Ring", "Wait"))} on, {rng.choice(_GIVEN)}, the water is not at the door."'
    page = rng.randrange(pages)
    place(Line(refrain, story=True, kind="refrain"), (page, 0.4), (page, 0.85))
    if pages == 1:
        return chosen
    for country in rng.sample(_COUNTRIES, 2):
        first, second = rng.sample(range(pages), 2)
        place(Line(country, story=True, kind="shared_subhead"), (first, 0.5), (second, 0.6))
    for firm in rng.sample(_FIRMS, 2):
        first, second = rng.sample(range(pages), 2)
        background = f"{firm}, founded in {rng.randrange(1890, 1990)}, owns {rng.randrange(3, 30)} ships and is listed in Oslo."
        place(Line(background, story=True, kind="shared_background"), (first, 0.9), (second, 0.75))
    first, second = rng.sample(range(pages), 2)
    objection = rng.choice(("its first page", "all but its maps", "every comma of it"))
    statement = f'"We have read the report and we disagree with {objection}," {rng.choice(_FIRMS)} said in a statement.'
    place(Line(statement, story=True, kind="shared_statement"), (first, 0.3), (second, 0.55))
    return chosen


def _story(rng: random.Random, subject: str, one: str, two: str) -> list[Line]:
    """Tell one story; every line names the subject or one of the two people, so that no other page can say the same."""
    templates = [_TEMPLATES[0], *rng.sample(_TEMPLATES[1:], rng.randint(8, 11))]
    town, body, firm = rng.choice(_TOWNS), rng.choice(_BODIES), rng.choice(_FIRMS)
    lines = []
    for template in templates:
        text = template.format(
            subject=subject,
            one=one,
            two=two,
            town=town,
            body=body,
            firm=firm,
            reason=rng.choice(_REASONS),
            adjective=rng.choice(_ADJECTIVES),
            day=rng.choice(_DAYS),
            month=rng.choice(_MONTHS),
            money=f"{rng.randrange(40, 900)},000",
            n=rng.randrange(12, 80),
            m=rng.randrange(3, 12),
        )
        lines.append(Line(text[0].upper() + text[1:], story=True, kind="story"))
    return lines


def _insert(story: list[Line], line: Line, share: float) -> None:
    """Put a line at the given depth, but never first and, as it may be a subhead, never last."""
    story.insert(max(1, min(len(story) - 1, round(share * len(story)))), line)


def _column(rng: random.Random, house: _House, story: list[Line], number: int) -> list[Line]:
    """Lay the furniture among the lines of a story where this site always puts it."""
    weather = house.weather.format(
        degrees=rng.randrange(4, 19),
        wind=rng.choice(_WINDS),
        force=rng.randrange(2, 8),
        sky=rng.choice(_SKIES),
        hour=rng.randrange(1, 24),
        minute=rng.randrange(60),
    )
    desk = house.desks[rng.randrange(len(house.desks))]
    middle = 3 + rng.randrange(2)
    return [
        Line(weather, story=False, kind="weather"),
        *story[:middle],
        Line(house.begging, story=False, kind="begging"),
        *story[middle:],
        Line(desk, story=False, kind="desk"),
        Line(house.aphorisms[number // WEEK], story=False, kind="aphorism"),
        Line(house.slogan, story=False, kind="slogan"),
    ]


def _markup(house: _House, lines: list[Line], *, title: str, author: str, published: str, url: str) -> str:
    """Write the page; story and furniture get the same tags, so that nothing but the words tells them apart."""
    column = "\n".join(
        f"<h2>{escape(line.text, quote=False)}</h2>" if line.kind == "shared_subhead" else f"<p>{escape(line.text, quote=False)}</p>"
        for line in lines
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(title)} - {escape(house.name)}</title>
<link rel="canonical" href="{escape(url)}"><meta name="author" content="{escape(author)}">
<meta property="article:published_time" content="{published}"></head>
<body><header><a href="/">{escape(house.name)}</a>
<nav><ul><li><a href="/1">This week</a></li><li><a href="/2">Last week</a></li><li><a href="/jar">The jar</a></li></ul></nav></header>
<main><article><h1>{escape(title)}</h1>
<div class="k4">
{column}
</div></article></main>
<footer><a href="/who">Who we are</a> <a href="/small-print">Small print</a></footer></body></html>
"""


def main(arguments: list[str] | None = None) -> int:
    """Print a site as JSON lines: the pages, or the truth about them."""
    parser = argparse.ArgumentParser(description="A generated newspaper site with the truth about its lines.")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pages", type=int, default=DEFAULT_PAGES)
    parser.add_argument("--truth", action="store_true", help="print the truth instead of the pages")
    options = parser.parse_args(arguments)
    for page in newspaper(options.seed, options.pages):
        row: dict[str, object] = {"id": page.id, "url": page.url}
        if options.truth:
            row |= {"title": page.title, "story": page.story, "furniture": page.furniture, "repeated": page.repeated}
        else:
            row["html"] = page.html
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
