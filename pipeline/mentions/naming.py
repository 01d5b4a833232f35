"""Which names does an entity go by, and what is each worth when it stands alone?

The table of worth is the watchlist's contract (docs/matching.md). This module knows one entity at a time and no text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final

from pipeline.mentions import rarity
from pipeline.mentions.concepts import translations
from pipeline.mentions.fold import LOWER_PARTICLES, WORD, fold, is_name_like
from pipeline.mentions.watchlist import Entity
from pipeline.model import Kind


class Worth(IntEnum):
    """What a name is worth alone, without a veto."""

    WEAK = 0
    """``weak_aliases``: possible at most."""
    SURNAME = 1
    """The surname of a person, not listed: it follows the full name, and needs support without it."""
    RARE_SURNAME = 2
    """The same where nothing else is called so."""
    SHORT = 3
    """A company's name without its legal form, not listed."""
    COMMON = 4
    """One word that is also a word, a surname or a place: possible."""
    RARE = 5
    """One word in no list: probable."""
    SHARED = 6
    """A full name that a namesake has too, or that is common by itself: probable."""
    FULL = 7
    """Two words or more: confirmed."""
    STRONG = 8
    """``strong_aliases``: confirmed."""


SURNAMES: Final = (Worth.SURNAME, Worth.RARE_SURNAME)
"""Names that nobody listed."""


LEGAL_FORMS: Final = frozenset(
    "inc incorporated corp corporation co company ltd limited llc llp plc lp ag gmbh kg kgaa se sa sas sarl spa srl nv bv ab asa oyj oy as "
    "aps kk pjsc ojsc jsc oao pao ooo zao ао оао пао ооо зао тов пат прат doo dd ad ead eood spzoo sro fze fzco fzc pty sdn bhd cv "
    "sab fc cf afc".split()
)
"""Company forms as they stand behind (or, in Russian, before) a name, folded and without dots."""
SAME_FORM: Final = {
    "corporation": ("Corp", "Inc"),
    "corp": ("Corporation", "Inc"),
    "inc": ("Incorporated", "Corp"),
    "incorporated": ("Inc", "Corp"),
    "company": ("Co", "Inc"),
    "co": ("Company",),
    "limited": ("Ltd",),
    "ltd": ("Limited",),
}
"""How newspapers write a company form that a register writes out."""
_SUFFIXES: Final = frozenset("jr sr ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi phd md".split())


def split(name: str) -> tuple[str, ...]:
    """The words of a name."""
    plain = name.split(" ")
    return tuple(plain) if name.isascii() and "".join(plain).isalpha() and "" not in plain else tuple(WORD.findall(name))


words_of = lru_cache(maxsize=1 << 14)(split)
"""``split``, remembered: texts ask for the same few names over and over."""


@lru_cache(maxsize=1 << 13)
def core_words(name: str) -> tuple[str, ...]:
    """The words of a company's name without its legal form, ``S.A.`` and ``F.C.`` as one; all of them where nothing else would be left."""
    words = words_of(_DOTTED.sub(lambda match: match[0].replace(".", ""), name) if "." in name else name)
    while len(words) > 1 and fold(words[-1]) in LEGAL_FORMS:
        words = words[:-1]
    while len(words) > 1 and words[0].isupper() and fold(words[0]) in LEGAL_FORMS:
        words = words[1:]
    return words


_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}")


def surname_of(entity: Entity) -> str | None:
    """The word of a person's name that stands alone in news, or None where the name has none (a title, a stage name)."""
    return _surname(split(entity.name)) if entity.kind is Kind.PERSON else None


def _surname(words: Sequence[str]) -> str | None:
    body = [word for word in words if word.lower() not in _SUFFIXES]
    if len(body) < 2 or not _NO_SURNAME.isdisjoint(map(str.lower, body)):
        return None
    return body[-1] if len(body[-1]) > 1 and is_name_like(body[-1]) else None


_NO_SURNAME: Final = frozenset(["of", "the", "and"])
"""Words in the names of those who have none: Catherine of Aragon."""


def given_and_surname(words: Sequence[str]) -> tuple[str, str]:
    """The two words of a person's name that news always give; generational suffixes are neither."""
    body = [word for word in words if word.lower() not in _SUFFIXES] if len(words) > 2 else list(words)
    return (body[0], body[-1]) if len(body) > 1 else (words[0], words[-1])


def given_of(name: str) -> tuple[str, ...]:
    """The words before the surname, without particles (van, al)."""
    words = [word for word in words_of(name) if fold(word) not in _SUFFIXES]
    return tuple(word for word in words[:-1] if word.lower() not in LOWER_PARTICLES)


def is_common_full(name: str) -> bool:
    """Whether the full name of a person is borne by many: a frequent given name with a frequent surname."""
    return _is_common(split(name))


def _is_common(words: Sequence[str]) -> bool:
    if len(words) != 2:
        return False
    first, last = fold(words[0]), fold(words[1])
    if last in FREQUENT_SURNAMES and first in FREQUENT_GIVEN:
        return True
    return any((first in given and last in family) or (last in given and first in family) for given, family in ELSEWHERE)


def namings(entity: Entity) -> dict[str, Worth]:
    """Every name once, at its best worth, in the order of the alphabet; that of the aliases does not matter."""
    listed = {text: split(text) for text in map(str.strip, (entity.name, *entity.aliases))}
    others = [fold(other.name) for other in entity.namesakes]
    if fold(entity.name) in others:  # then its other spellings are shared, too
        others += [fold(text) for text, words in listed.items() if len(words) > 1]
    best = {text: _worth(text, words, entity.kind, others) for text, words in listed.items()}
    for text in entity.weak_aliases:
        best[text.strip()] = Worth.WEAK
    for text in entity.strong_aliases:
        best[text.strip()] = Worth.STRONG
    for text, words in listed.items():
        if len(words) == 1 and not text[1:].islower() and (parted := _camel(text)):
            best.setdefault(parted, Worth.FULL)
    own = listed[entity.name.strip()]
    for text, worth in _of_person(own) if entity.kind is Kind.PERSON else _of_company(entity.name, own):
        best.setdefault(text, worth)
    best.pop("", None)
    return {text: best[text] for text in sorted(best)}


def _of_person(words: Sequence[str]) -> list[tuple[str, Worth]]:
    """Names that follow from a person's: the title in other languages, the surname."""
    found = [(text, Worth.FULL) for text in _entitled(words)]
    if surname := _surname(words):
        found.append((surname, Worth.RARE_SURNAME if rarity.is_rare(surname) else Worth.SURNAME))
    return found


def _of_company(name: str, words: Sequence[str]) -> list[tuple[str, Worth]]:
    """Names that follow from a company's: another legal form, and none."""
    if not words or (words[-1].lower() not in LEGAL_FORMS and words[0].lower() not in LEGAL_FORMS and "." not in name):
        return []
    core, found = core_words(name), list[tuple[str, Worth]]()
    if len(core) == 1 and len(words) == 2:
        found = [(f"{core[0]} {form}", Worth.FULL) for form in SAME_FORM.get(fold(words[1]), ())]
    if len(core) < len(words) and len(core[0]) > 1:
        found.append((" ".join(core), Worth.SHORT if len(core) == 1 else Worth.FULL))
    return found


_CAMEL: Final = re.compile(r"(?:[A-Z][a-z]{3,}){2,}")


def _camel(text: str) -> str | None:
    """ExxonMobil is also written Exxon Mobil."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text) if _CAMEL.fullmatch(text) else None


def _entitled(words: Sequence[str]) -> list[str]:
    """Pope Francis, Prophet Muhammad: the title in other languages, in lower case as they write it."""
    if len(words) < 2 or words[0].lower() not in OFFICES:
        return []
    return [f"{title.lower()} {' '.join(words[1:])}" for title in translations(words[0])[1:]]


OFFICES: Final = frozenset(
    "pope prophet prince princess king queen emperor empress sultan emir imam sheikh ayatollah patriarch cardinal saint".split()
)
"""Titles that are half of a name and are translated."""


def _worth(text: str, words: Sequence[str], kind: Kind, namesakes: Sequence[str]) -> Worth:
    if len(words) <= 1:
        return Worth.RARE if words and rarity.is_rare(words[0]) else Worth.COMMON
    if namesakes and fold(text) in namesakes:
        return Worth.SHARED
    return Worth.SHARED if kind is Kind.PERSON and _is_common(words) else Worth.FULL


# The fifty most frequent surnames and given names of the US census of 1990, and the ten of other countries that news meet most.
FREQUENT_SURNAMES: Final = frozenset(
    "smith johnson williams jones brown davis miller wilson moore taylor anderson thomas jackson white harris martin thompson "
    "garcia martinez"
    "robinson clark rodriguez lewis lee walker hall allen young hernandez king wright lopez hill scott green adams baker gonzalez "
    "nelson carter"
    "mitchell perez roberts turner phillips campbell parker evans edwards collins murray stewart murphy kelly hughes singh khan "
    "patel kim park"
    "wang li zhang chen nguyen silva santos muller schmidt novak kowalski ivanov smirnov kuznetsov petrov ivanova rossi dupont".split()
)
FREQUENT_GIVEN: Final = frozenset(
    "james john robert michael william david richard charles joseph thomas christopher daniel paul mark donald george kenneth "
    "steven edward brian"
    "ronald anthony kevin jason matthew gary timothy jose larry jeffrey frank scott eric stephen andrew peter joe will tom chris "
    "steve mike jim"
    "mary patricia linda barbara elizabeth jennifer maria susan margaret dorothy lisa nancy karen betty helen sandra anna laura "
    "sarah kim ana jan"
    "sergei ivan alexander aleksandr andrei dmitry mikhail ali mohammed muhammad ahmed wei jean pierre hans martin juan carlos luis".split()
)

ELSEWHERE: Final = tuple(
    (frozenset(given.split()), frozenset(family.split()))
    for given, family in (
        (
            "wei fang min jing lei jun yang yong jie tao ming chao ping gang hui hong hua bo",
            "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu lin he gao luo zheng",
        ),
        ("min-jun ji-hoon young-soo sung-min jae min-ho ji-young soo-jin", "kim lee park choi jung jeong kang cho yoon jang lim han"),
        (
            "mehmet mustafa ahmet ali huseyin hasan ibrahim murat yusuf osman omer fatma ayse emine hatice zeynep emre can",
            "yilmaz kaya demir sahin celik yildiz yildirim ozturk aydin ozdemir arslan dogan kilic aslan cetin kara koc kurt",
        ),
        (
            "jose antonio manuel francisco juan david javier carlos miguel luis maria carmen ana laura sergio pedro alejandro jorge pablo",
            (
                "garcia rodriguez gonzalez fernandez lopez martinez sanchez perez gomez martin ramos ruiz hernandez diaz "
                "moreno alvarez romero torres"
            ),
        ),
        (
            "joao jose antonio maria ana paulo carlos pedro luis marcos francisco",
            "silva santos oliveira souza sousa rodrigues ferreira alves pereira lima costa gomes ribeiro martins carvalho",
        ),
        (
            "marco andrea giuseppe giovanni antonio francesco luca mario maria anna paolo roberto alessandro",
            "rossi russo ferrari esposito bianchi romano colombo ricci marino greco bruno conti",
        ),
        (
            "jean pierre michel philippe nicolas marie nathalie laurent thomas paul",
            "martin bernard dubois thomas robert richard petit durand leroy moreau simon laurent lefebvre michel",
        ),
        (
            "thomas michael andreas peter stefan hans klaus wolfgang christian martin anna maria sabine",
            "muller mueller schmidt schneider fischer weber meyer wagner becker schulz hoffmann koch bauer richter klein wolf",
        ),
        (
            "jan piotr andrzej krzysztof tomasz pawel michal anna maria katarzyna",
            "nowak kowalski kowalska wisniewski wojcik kowalczyk kaminski lewandowski zielinski",
        ),
        (
            "jan jiri petr josef pavel martin tomas jana marie eva daniel",
            "novak novakova svoboda svobodova novotny dvorak cerny prochazka kucera vesely horak",
        ),
        (
            "александр сергеи владимир дмитрии андреи алексеи иван михаил николаи елена ольга наталья анна татьяна",
            "иванов смирнов кузнецов попов васильев петров соколов михаилов новиков федоров иванова смирнова кузнецова попова петрова",
        ),
        (
            "aleksandr alexander sergei sergey vladimir dmitry andrei andrey alexei ivan mikhail nikolai elena olga natalia anna",
            "ivanov smirnov kuznetsov popov vasiliev petrov sokolov novikov fedorov ivanova smirnova popova petrova",
        ),
        (
            "mohammed muhammad mohamed ahmed ali hassan hussein omar abdullah mahmoud ibrahim",
            "ali ahmed hassan hussein khan mohammed ibrahim mahmoud abdullah saleh",
        ),
        ("rahul amit raj rajesh sanjay anil sunil priya pooja deepak", "kumar singh sharma gupta patel verma shah yadav"),
        ("van minh anh thi hung tuan duc", "nguyen tran le pham hoang vu vo dang bui"),
        (
            "lars anders johan erik karl per jan peter anna maria",
            "andersson johansson karlsson nilsson eriksson larsson olsson hansen johansen olsen larsen nielsen jensen pedersen andersen",
        ),
        ("jan peter johan hendrik maria anna", "vries jansen bakker visser smit meijer mulder bos"),
    )
)
"""Given names and surnames that, together, many people bear: the most frequent of each country, in either order. General
knowledge, not taken from any list; by country."""
