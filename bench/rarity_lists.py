"""Writes the lists behind rarity.py: run in an environment that has wordfreq, names, faker, english-words and babel.

    python bench/rarity_lists.py pipeline/mentions/data/words.txt.gz

The output is not rewritten by any build step; it is data, and its licences stand beside it.
"""

from __future__ import annotations

import gzip
import importlib
import pathlib
import pkgutil
import re
import sys
import warnings

from pipeline.mentions.spell import roman

LANGUAGES = "en de fr es it pt nl pl cs ru uk bg ro hu sv nb da fi tr el sh sl lt lv sk".split()
TOP = {"en": 25000}
OTHERS = 5000
SURNAMES = 30000
# What frequency lists hold although it means one bearer only: of the tokens that seven languages share, those that are such.
NAMES = set("bmw facebook google hitler instagram iphone microsoft nato obama putin twitter windows youtube".split())


def words() -> set[str]:
    import wordfreq
    from english_words import get_english_words_set

    listed_by_webster = get_english_words_set(["web2"])
    webster = {w for w in listed_by_webster if w.islower()}
    proper = {w.lower() for w in listed_by_webster if w.istitle()}
    found: set[str] = set()
    for language in LANGUAGES:
        listed = wordfreq.top_n_list(language, TOP.get(language, OTHERS))
        good = [w for w in listed if w.isalpha() and len(w) > 1]
        if language == "en":
            found |= {
                roman(w)
                for w in good
                if w in webster
                or w in proper
                or (w.endswith("s") and w[:-1] in webster)
                or (w.endswith(("ed", "ing", "er")) and len(w) > 5)
            }
        else:
            found |= {roman(w) for w in good}
    return found - NAMES


def dictionary() -> set[str]:
    """Frequent English words that Webster writes in lower case."""
    import wordfreq
    from english_words import get_english_words_set

    lower = {w for w in get_english_words_set(["web2"]) if w.islower()}
    return {w for w in wordfreq.top_n_list("en", 15000) if w in lower and len(w) > 2}


def calendar() -> set[str]:
    """Months and days, which carry capitals in some languages."""
    import babel

    names: set[str] = set()
    for language in "en de fr es it pt nl pl cs ru uk bg ro hu sv nb da fi tr el hr sl lt lv sk".split():
        locale = babel.Locale(language)
        for table in (locale.months, locale.days):
            for use in table.values():
                names |= {name for width in ("wide", "abbreviated") for name in use.get(width, {}).values()}
    return {roman(part) for name in names for part in name.split() if part.isalpha()}


def named(kind: str) -> set[str]:
    from faker.providers import person

    found: set[str] = set()
    for _, module, is_package in pkgutil.iter_modules(person.__path__):
        if not is_package:
            continue
        provider = importlib.import_module(f"{person.__name__}.{module}").Provider
        for attribute in dir(provider):
            if kind in attribute and "name" in attribute and not attribute.startswith("_"):
                value = getattr(provider, attribute)
                if isinstance(value, (tuple, list, dict)):
                    found |= {part for name in value if isinstance(name, str) for part in re.split(r"[\s\-’']+", name)}
    return {roman(w) for w in found if len(w) > 1 and w.isalpha()}


def census(name: str, limit: int | None) -> list[str]:
    import names

    path = pathlib.Path(names.__file__).parent / name
    return [line.split()[0].lower() for line in path.read_text().splitlines()][:limit]


def places() -> set[str]:
    import babel
    import pytz

    found = {zone.rsplit("/", 1)[-1].replace("_", " ") for zone in pytz.all_timezones if "/" in zone and not zone.startswith("Etc")}
    for language in "en de fr es it pt nl pl cs ru uk bg ro hu sv nb da fi tr el hr sl lt lv sk".split():
        found |= {name for code, name in babel.Locale(language).territories.items() if not code.isdigit()}
    found |= set(STATES)
    return {roman(name) for name in found if re.fullmatch(r"[\w .\-]+", name) and not re.search(r"\d", name)}


STATES = (
    "Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho Illinois Indiana Iowa Kansas "
    "Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana Nebraska Nevada Ohio Oklahoma Oregon "
    "Pennsylvania Tennessee Texas Utah Vermont Virginia Washington Wisconsin Wyoming England Scotland Wales Bavaria Catalonia "
    "Quebec Ontario "
    "Boston Seattle Philadelphia Miami Dallas Houston Atlanta Baltimore Cleveland Pittsburgh Orlando Liverpool Manchester "
    "Birmingham Glasgow "
    "Edinburgh Cardiff Leeds Sheffield Bristol Cambridge Oxford Milan Turin Naples Venice Florence Genoa Barcelona Valencia Seville Bilbao "
    "Lyon Marseille Bordeaux Toulouse Nice Lille Hamburg Munich Frankfurt Cologne Stuttgart Leipzig Dresden Hanover Bremen Bonn "
    "Geneva Basel "
    "Rotterdam Antwerp Ghent Bruges Krakow Gdansk Wroclaw Poznan Brno Ostrava Kharkiv Odesa Lviv Osaka Kyoto Mumbai Chennai Bangalore "
    "Guangzhou Shenzhen Wuhan Beijing Milano Torino Napoli Roma Firenze Köln München Hannover"
).split()


def main() -> None:
    warnings.simplefilter("ignore")
    given = named("first") | set(census("dist.male.first", None)) | set(census("dist.female.first", None))
    surnames = named("last") | set(census("dist.all.last", SURNAMES))
    sections = {
        "words": words(),
        "surnames": surnames,
        "given": given,
        "places": places(),
        "calendar": calendar(),
        "frequent": set(census("dist.all.last", 3000)),
        "dictionary": dictionary(),
    }
    body = "\n".join("\n".join([f"# {name}", *sorted(w for w in listed if len(w) > 1)]) for name, listed in sections.items())
    with pathlib.Path(sys.argv[1]).open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as out:
        out.write(body.encode())
    for name, listed in sections.items():
        print(name, len(listed))


if __name__ == "__main__":
    main()
