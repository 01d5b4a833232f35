"""Which lines are not the story, and by which reason?

Each rule looks at one line with its neighbours, its markup and the page's metadata, and gives a reason code or nothing. A rule
removes only what it can name; the caller keeps every removed line with its reason. No rule knows a site.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Final

from pipeline.articles import byline, phrases, residue, speaking
from pipeline.articles.blocks import Block
from pipeline.articles.lines import PROSE, Layout, Line, survey
from pipeline.articles.markup import Role
from pipeline.articles.metadata import Metadata
from pipeline.articles.words import WORD, key_of
from pipeline.model import RemovedLine

MOST: Final = 0.6
"""Share of the words beyond which the rules on markup are not believed: the page is a list of links or unlike any news page."""
LINKED: Final = 0.85
"""Share of a line's characters from which it is a link and nothing else."""
LINK_PAGE: Final = 0.25
"""Share of the words in such lines from which a page is a list of links, where they are the story."""
LINK_WORDS: Final = 80
"""Words in such lines below which a page is no list of links but a very short story with some."""
SPARSE: Final = 120
"""Words below which a page may be next to nothing but furniture."""
LONGEST_HEAD: Final = 60
"""Lines that may stand above the first paragraph before nobody looks for a title among them."""
HEADLESS: Final = 20
"""Words from which a line is the first paragraph, before which title, kicker, byline and date stand."""


@dataclass(slots=True)
class Verdicts:
    """What became of the lines of a page."""

    kept: list[Line]
    removed: list[RemovedLine]
    captions: list[str]


@dataclass(slots=True)
class Sheet:
    """One page under the rules."""

    lines: Sequence[Line]
    layout: Layout
    about: Metadata
    titles: tuple[str, ...]
    """Compact forms of everything that the page calls itself."""
    names: frozenset[str]
    """Words of the authors' names."""
    captions: frozenset[str]
    """Keys of the lines that stand under pictures."""
    first: int
    """Number of the first paragraph; what is before it is the head of the page."""
    last: int
    """Number of the last paragraph of the body; what is after it is the tail."""
    headline: int
    """Number of the last line of the head that is the title, or -1."""
    link_page: bool
    addressing: bool
    """The story itself speaks to its reader."""
    sections: int
    """How many headings that are links stand over a long paragraph."""
    refrains: frozenset[str]
    """Pointers that each part of the story ends with: a list of reviews."""
    reasons: list[str | None] = field(default_factory=list)


def judge(lines: Sequence[Line], blocks: Sequence[Block], about: Metadata) -> Verdicts:
    """Split ``lines`` into the story and what is not, with a reason for each line that goes."""
    sheet = _sheet(lines, blocks, about)
    reasons = [_reason(sheet, number) for number in range(len(lines))]
    gone = sum(line.words for line, reason in zip(lines, reasons, strict=True) if reason)
    if gone > MOST * sheet.layout.words > MOST * SPARSE:
        reasons = [phrases.reason_of(line.text) for line in lines]
    sheet.reasons = reasons
    _lists(sheet)
    _tail(sheet)
    _orphans(sheet)
    kept, removed, captions = [], [], []
    for line, reason in zip(lines, sheet.reasons, strict=True):
        if reason is None:
            kept.append(line)
            continue
        removed.append(RemovedLine(text=line.text, reason=reason))
        if reason == "caption":
            captions.append(line.text)
    removed.extend(_passed_over(sheet, blocks, kept))
    return Verdicts(kept, removed, captions)


def _sheet(lines: Sequence[Line], blocks: Sequence[Block], about: Metadata) -> Sheet:
    layout = survey(lines)
    captions = frozenset(block.key for block in blocks if layout.roles(block) & Role.CAPTION and len(block.key) > 20)
    prose = [
        number
        for number, line in enumerate(lines)
        if line.words >= HEADLESS and line.link_share < 0.5 and not (line.block and line.block.heading) and line.key not in captions
    ]
    home = [number for number in prose if layout.at_home(lines[number])] or prose
    linked = sum(line.words for line in lines if line.link_share >= LINKED)
    first = min(prose[:1] + home[:1], default=len(lines))
    titles = _titles(blocks, about)
    return Sheet(
        lines=lines,
        layout=layout,
        about=about,
        titles=titles,
        headline=max(
            (number for number, line in enumerate(lines[: min(first + 1, LONGEST_HEAD)]) if compact(line.text) in titles), default=-1
        ),
        names=frozenset(WORD.findall((about.author or "").lower())),
        captions=captions,
        first=first,
        last=home[-1] if home else len(lines),
        addressing=_addressing(lines, about.language or ""),
        sections=sum(
            above.block is not None and above.block.heading and above.link_share >= LINKED and below.words > 2 * HEADLESS
            for above, below in pairwise(lines)
        ),
        refrains=_refrains(lines),
        link_page=linked > max(LINK_PAGE * layout.words, LINK_WORDS),
    )


def _addressing(lines: Sequence[Line], language: str) -> bool:
    spoken = sum(phrases.reason_of(line.text) in _ADDRESSES or _speaks(line) for line in lines if line.link_share < 0.5)
    return spoken > max(3.0, ADDRESSED * len(lines)) or _told_to_you(lines, language)


def _told_to_you(lines: Sequence[Line], language: str) -> bool:
    """Whether so many paragraphs say "you" that the story is advice."""
    you = _second_person(language)
    if you is None:
        return False
    prose = [line.text for line in lines if line.words >= HEADLESS and line.link_share < 0.5]
    return sum(you.search(text) is not None for text in prose) > max(3.0, TOLD_TO_YOU * len(prose))


TOLD_TO_YOU: Final = 0.3
"""Share of the paragraphs with a "you" beyond which a story is advice; news has it in a quotation or two."""


@cache
def _second_person(language: str) -> re.Pattern[str] | None:
    words = residue.SECOND_PERSON.get(language[:2].lower())
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)") if words else None


def _refrains(lines: Sequence[Line]) -> frozenset[str]:
    """Lines with a link that open alike and stand, each alone, in many places of a story."""
    found: dict[str, list[str]] = {}
    for above, line in pairwise(lines):
        if 4 < line.words < PROSE and line.link_share and ":" not in line.text and above.link_share < LINKED:
            found.setdefault(" ".join(line.key.split()[:2]), []).append(line.text)
    return frozenset(text for texts in found.values() if len(texts) >= REFRAIN for text in texts)


REFRAIN: Final = 5
"""Lines that open alike from which they are part of how a story is built; a news page has three pointers or four."""


def _titles(blocks: Sequence[Block], about: Metadata) -> tuple[str, ...]:
    said = [about.title, *about.titles]
    first_level = [block.text for block in blocks if block.tag == "h1"]
    said += first_level if len(first_level) <= 2 else first_level[:1]  # more, and they are subheads
    forms = dict.fromkeys(compact(text) for text in said if text)
    return tuple(form for form in forms if len(form) >= 8)  # shorter titles read like words of the story


def compact(text: str) -> str:
    """A line without anything but letters and digits, so that kickers glued to headlines compare."""
    return key_of(text).replace(" ", "")


def _reason(sheet: Sheet, number: int) -> str | None:
    line = sheet.lines[number]
    for rule in RULES:
        reason = rule(sheet, number, line)
        if reason:
            return reason
    return None


def _title(sheet: Sheet, number: int, line: Line) -> str | None:
    """The page's own headline, in its head or in a heading."""
    heading = line.block is not None and line.block.heading
    if not (number < sheet.first or number == 0 or heading):
        return None
    form = compact(line.text)
    if form in sheet.titles:
        return "title"
    if number > sheet.first or line.words > 45:  # no headline is that long
        return None
    if line.block is not None and line.block.tag == "h1":
        return "title"
    return "title" if any(_same_title(form, title) for title in sheet.titles) else None


def _same_title(form: str, title: str) -> bool:
    if len(form) < 12 or len(title) < 12:  # too short to tell
        return False
    shorter, longer = sorted((form, title), key=len)
    return shorter in longer and len(shorter) > 0.5 * len(longer)


def _kicker(sheet: Sheet, number: int, line: Line) -> str | None:
    """What stands over the headline: a section, a breadcrumb, a place."""
    if number >= sheet.first or line.words > 8:  # a kicker is a few words
        return None
    roles = sheet.layout.roles(line.block)
    if roles & (Role.KICKER | Role.BREADCRUMB | Role.NAV):
        return "kicker"
    if line.key in {key_of(section) for section in sheet.about.sections}:
        return "kicker"
    return "kicker" if number < sheet.headline else None


def _byline(sheet: Sheet, number: int, line: Line) -> str | None:
    """The author's name with little around it, in the head or the tail."""
    if line.words > 14 or sheet.first <= number <= sheet.last:  # two names, a place, a role
        return None
    words = WORD.findall(line.text.lower())
    known = sum(word in sheet.names for word in words)
    if sheet.names and known >= 2 and len(words) - known <= 6:  # a first and a last name
        return "byline"
    if sheet.layout.roles(line.block) & Role.BYLINE and line.words <= 12:
        return "byline"
    return "byline" if byline.SIGNED.match(line.text) and number < sheet.first else None


def _date(sheet: Sheet, number: int, line: Line) -> str | None:
    """A line that is a date: in the head or tail, or labelled."""
    if line.words <= 16 and phrases.is_date(phrases.plain(line.text)) and not (sheet.first < number <= sheet.last):
        return "date"
    return None


def _agency(sheet: Sheet, number: int, line: Line) -> str | None:
    """An agency's or an editor's initials after the last paragraph."""
    return "source" if number >= max(sheet.last, len(sheet.lines) - 4) and line.words <= 8 and _agencies().match(line.text) else None


@cache
def _agencies() -> re.Pattern[str]:
    return re.compile(residue.AGENCY, re.IGNORECASE)


def _caption(sheet: Sheet, _number: int, line: Line) -> str | None:
    """What stands under a picture."""
    if sheet.layout.roles(line.block) & Role.CAPTION or line.key in sheet.captions:
        return "caption"
    return None


def _words(sheet: Sheet, number: int, line: Line) -> str | None:
    """Furniture by its words alone."""
    reason = phrases.reason_of(line.text)
    if reason == "date" and sheet.first < number <= sheet.last:
        return None
    if reason in _ADDRESSES and _of_a_guide(sheet, number, line):
        return None
    if reason == "related" and (line.text in sheet.refrains or (sheet.addressing and _sentence(line))):
        return None
    return None if reason and line.tag == "pre" else reason


def _sentence(line: Line) -> bool:
    """Whether a pointer is written out as a sentence: read more about how many calories you should eat a day."""
    return line.words >= SENTENCE and line.text.rstrip().endswith(".") and ":" not in line.text


SENTENCE: Final = 7


_ADDRESSES: Final = frozenset({"app", "subscription", "social", "feedback", "author_bio", "support"})
"""Reasons that a guide's own advice reads like: log in here, add the app."""


def _of_a_guide(sheet: Sheet, number: int, line: Line) -> bool:
    """Whether a line stands among the paragraphs of a story that speaks to its reader, or is an item of one of its lists."""
    if not sheet.addressing or number <= sheet.first:
        return False
    listed = line.tag == "li" and line.link_share < 0.5
    return listed or (number < sheet.last and sheet.layout.at_home(line))


ADDRESSED: Final = 0.2
"""Share of the lines that speak to the reader beyond which the story itself does: a guide, a letter, a recipe."""


def _notice(sheet: Sheet, number: int, line: Line) -> str | None:
    """A brief line in which the site speaks to its reader, on a page whose story does not."""
    return "notice" if not sheet.addressing and not _enumerated(sheet, number, line) and _speaks(line) else None


_STEP: Final = re.compile(r"\||\d{1,2}[.)]\s|[:;]\s|>>")
"""How a row of a table, a numbered step and the value of a setting begin."""


def _enumerated(sheet: Sheet, number: int, line: Line) -> bool:
    """Whether a line is part of a list, a table or a listing of the story: such parts are terse, as furniture is."""
    if line.tag == "pre" or _STEP.match(line.text):
        return True
    return line.tag == "li" and line.link_share < 0.5 and sheet.first < number < sheet.last


def _speaks(line: Line) -> bool:
    heading = line.block is not None and line.block.heading
    return not heading and line.words <= speaking.MOST_WORDS and speaking.score(line.text) > speaking.THRESHOLD


_SURE: Final = (
    (Role.NEWSLETTER, "newsletter"),
    (Role.ADVERT, "advertisement"),
    (Role.SHARE, "social"),
    (Role.BREADCRUMB, "kicker"),
    (Role.BIO, "author_bio"),
    (Role.COMMENTS, "comments"),
    (Role.BUTTON, "interface"),
    (Role.FORM, "interface"),
    (Role.FOOTER, "footer"),
    (Role.HIDDEN, "hidden"),
    (Role.FACTS, "infobox"),
)


def _markup(sheet: Sheet, _number: int, line: Line) -> str | None:
    """What the container's own name gives away."""
    if line.block is None or sheet.layout.at_home(line):
        return None
    roles = sheet.layout.roles(line.block)
    for role, reason in _SURE:
        if roles & role:
            return reason
    if roles & Role.PAYWALL and line.words < PROSE:
        return "subscription"
    if roles & (Role.TAGS | Role.RELATED | Role.NAV | Role.ASIDE) and (line.link_share > 0.5 or line.words < PROSE):
        return "tags" if roles & Role.TAGS else "related"
    return None


def _link(sheet: Sheet, number: int, line: Line) -> str | None:
    """A line that is one link to another story, or an item of a list of such links."""
    if (
        sheet.link_page
        or line.block is None
        or line.words < 3
        or line.text in sheet.refrains
        or (line.block.href.startswith("#") and sheet.first < number)
        or not sheet.about.internal(line.block.href)
    ):
        return None
    if line.link_share >= LINKED and (line.block.links <= 1 or line.key != line.block.key):
        return None if line.block.heading and _of_the_story(sheet, number, line) else "related"
    if line.tag == "li" and line.link_share > 0.5 and line.words < 2 * PROSE and not sheet.layout.at_home(line):
        neighbours = [other for other in sheet.lines[max(0, number - 6) : number + 7] if other.parent == line.parent]
        if len(neighbours) > 1 and all(other.link_share > 0.4 for other in neighbours):
            return "related"
    return None


def _of_the_story(sheet: Sheet, number: int, line: Line) -> bool:
    """Whether a heading that is a link leads nowhere, stands over a paragraph like the others, or over one part of a list of stories."""
    home = sheet.layout.at_home(line)
    if home and line.block is not None and not line.block.href:
        return True
    return _heads_prose(sheet, number) and (home or sheet.sections >= SECTIONS)


SECTIONS: Final = 3
"""Linked headings over long paragraphs from which they are the parts of a story: the year in stories, a list of films."""


def _heads_prose(sheet: Sheet, number: int) -> bool:
    below = sheet.lines[number + 1 : number + 2]
    return bool(below) and sheet.layout.at_home(below[0]) and below[0].words >= PROSE and below[0].link_share < LINKED


def _standfirst(sheet: Sheet, number: int, line: Line) -> str | None:
    """The standfirst, only when its words come again in the body or under a picture."""
    if number > sheet.first or number > 6 or line.words < 8 or phrases.opens_quoting(line.text):
        return None
    roles = sheet.layout.roles(line.block)
    if sheet.layout.at_home(line) and not roles & Role.STANDFIRST:
        return None
    if not (roles & Role.STANDFIRST or line.key == key_of(sheet.about.description or "") or number < sheet.first):
        return None
    mine = _shingles(line.key)
    for other in (*(o.key for o in sheet.lines[number + 1 :]), *sheet.captions):
        if other != line.key and mine and len(mine & _shingles(other)) > 0.7 * len(mine):
            return "standfirst"
    return None


def _shingles(key: str) -> set[tuple[str, ...]]:
    words = key.split()
    return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}


def _bio(sheet: Sheet, number: int, line: Line) -> str | None:
    """In the tail, a line that introduces one of the authors."""
    if number < len(sheet.lines) - 4 or not sheet.names or line.words > 90:
        return None
    opening = WORD.findall(line.text.lower())[:8]
    return "author_bio" if sum(word in sheet.names for word in opening) >= 2 and phrases.names_a_writer(line.text) else None


_COMPARABLE: Final = 1_500
"""Lines from which they are no longer compared with each other."""


def _pull_quote(sheet: Sheet, number: int, line: Line) -> str | None:
    """A quotation set apart that stands in a paragraph as well."""
    if line.words < 5 or len(sheet.lines) > _COMPARABLE or not sheet.layout.roles(line.block) & Role.QUOTE:  # short quotes occur by chance
        return None
    others = (other.key for place, other in enumerate(sheet.lines) if place != number and len(other.key) > len(line.key))
    return "pull_quote" if any(line.key in other for other in others) else None


Rule = Callable[[Sheet, int, Line], str | None]
RULES: Final[tuple[Rule, ...]] = (
    _title,
    _caption,
    _kicker,
    _byline,
    _date,
    _words,
    _notice,
    _agency,
    _bio,
    _standfirst,
    _pull_quote,
    _markup,
    _link,
)


_OPENERS: Final = frozenset({"related", "newsletter", "subscription", "app", "social", "source", "support", "consent"})
"""Reasons after which a list belongs to what was removed."""


def _lists(sheet: Sheet) -> None:
    """The items of a list under a removed line go with it."""
    above: str | None = None
    parent = -1
    for number, line in enumerate(sheet.lines):
        reason = sheet.reasons[number]
        if line.tag != "li" or sheet.layout.at_home(line):
            above, parent = (reason if reason in _OPENERS and line.words <= PROSE else None), -1
            continue
        if parent not in (-1, line.parent):
            above = None
        parent = line.parent
        if reason is None and above and line.words < 2 * PROSE:
            sheet.reasons[number] = above


_TAIL: Final = frozenset(
    {"newsletter", "subscription", "app", "social", "support", "feedback", "copyright", "related", "comments", "consent", "advertisement"}
)


def _tail(sheet: Sheet) -> None:
    """Short lines among the furniture at the very end."""
    number = len(sheet.lines) - 1
    run = 0
    while number > max(sheet.first, 0):
        line, reason = sheet.lines[number], sheet.reasons[number]
        between = sheet.reasons[number - 1] in _TAIL
        if reason is None and (run == 0 or not between or line.words >= HEADLESS):
            return
        if reason is None:
            sheet.reasons[number] = "tail"
        run += reason in _TAIL
        number -= 1


def _passed_over(sheet: Sheet, blocks: Sequence[Block], kept: Sequence[Line]) -> list[RemovedLine]:
    """Lines of the text column that the extractor left out: they are kept apart like all others."""
    standing = [line.block for line in kept if line.block]
    if not standing:
        return []
    first, last = min(block.order for block in standing), max(block.order for block in standing)
    stories = {block.frame.story for block in standing if block.frame.story}
    known = {line.key for line in sheet.lines} | {key_of(sheet.about.title or "")}
    found: dict[str, RemovedLine] = {}
    for block in blocks:
        inside = first < block.order < last or block.frame.story in stories
        if not (inside or first - BEFORE <= block.order <= last + BEHIND) or block.key in known or not block.key:
            continue
        reason = phrases.reason_of(block.text) or _role_reason(sheet.layout.roles(block)) or ("passed_over" if inside else None)
        if reason and len(found) < MOST_PASSED_OVER:
            found.setdefault(block.key, RemovedLine(text=block.text, reason=reason))
    return list(found.values())


MOST_PASSED_OVER: Final = 150
BEFORE: Final = 8
"""Blocks above the story in which known furniture is told as well."""
BEHIND: Final = 25
"""The same below it."""


def _role_reason(roles: int) -> str | None:
    if roles & Role.CAPTION:
        return "caption"
    return next((reason for role, reason in _SURE if roles & role), "related" if roles & Role.RELATED else None)


def _orphans(sheet: Sheet) -> None:
    """Headings over nothing: those whose lines are all gone, and those that end the text."""
    following = "gone"
    for number in range(len(sheet.lines) - 1, -1, -1):
        line = sheet.lines[number]
        reason = sheet.reasons[number]
        if reason:
            following = "gone" if reason in _OPENERS or reason in ("advertisement", "infobox", "author_bio", "tail") else following
            continue
        heading = line.block is not None and line.block.heading
        colon = line.words <= PROSE and line.text.rstrip().endswith(":")
        if following == "gone" and (heading or colon) and line.words <= 2 * PROSE and number > sheet.last:
            sheet.reasons[number] = "orphan_heading"
            continue
        following = "kept"
