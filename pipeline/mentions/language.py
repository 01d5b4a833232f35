"""Does this text's language put endings on names? A guess from script and little words, for texts that do not say."""

from __future__ import annotations

import re
from typing import Final

from pipeline.mentions.reading import Reading

_LITTLE: Final[dict[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to in that for with was his are from has have which their were been would",
        "de": "der die das und den von mit ist des im nicht ein eine dem auch sich wird werden hat",
        "fr": "le la les des et en du une est dans que pour qui sur pas au par avec ses sont",
        "es": "el la los las de y en que una por con para del su se como más fue pero",
        "it": "il di che la e per una del con non sono della nel gli ha alla dei le",
        "pt": "o de que e do da em um para com não uma os no se na por mais as dos",
        "nl": "de het een van en in is dat op te met voor zijn niet aan er om ook",
        "pl": "w i na z do nie się że jest to po od za przez który jak dla ale są oraz",
        "cs": "a se na v je že s z do o to i k ve pro by jako si po byl které však",
        "sk": "a sa na v je že s z do o to aj k vo pre by ako si po bol ktoré však",
        "sl": "in je na v se za da so z ki ne po pa bi tudi pri kot bo od do iz",
        "hr": "i u je na se za da su s od ne to će bi koji što kao iz do nije",
        "hu": "a az és hogy nem is egy ez meg volt el már csak de szerint vagy mint",
        "fi": "ja on ei että oli se hän mutta ovat kun mukaan myös joka kuin sen",
        "sv": "och i att det som en på är av för den med till inte om har ett",
        "da": "og i at det er en til på som med for af den ikke der har et",
        "nb": "og i det er på som en å til at for av med har den ikke et",
        "ro": "și în de la a cu pe din care nu este pentru că au fost mai",
        "tr": "ve bir bu için da de ile olan olarak çok daha ne gibi kadar sonra",
        "lt": "ir kad į su yra iš tai bet apie nuo buvo po per dėl kaip",
        "lv": "un ir ka uz ar no par kas bija pēc tas arī lai bet",
        "et": "ja on et ei ka oli see mis ta oma kui aga selle ning",
    }.items()
}
CASELESS: Final = frozenset("en fr es it pt nl ca gl".split())
"""Languages in which a name never changes its ending."""
_ENOUGH: Final = 3
_SCRIPTS: Final = ((re.compile("[іїєґ]"), "uk"), (re.compile("[ъщ]\\b|\\bна\\b.*\\bот\\b"), "bg"), (re.compile("[ыэё]"), "ru"))


_BY_WORD: Final[dict[str, tuple[str, ...]]] = {
    word: tuple(language for language, little in _LITTLE.items() if word in little) for word in frozenset().union(*_LITTLE.values())
}
_READ: Final = 300
"""Words of each field that are looked at."""


def guess(readings: list[Reading]) -> str | None:
    """ISO 639-1 of the language whose little words are most frequent, or None."""
    words = [word for reading in readings for word in reading.words[:_READ]]
    if sum(word[0] >= "\u0400" and word[0] <= "\u04ff" for word in words) * 2 > len(words):
        body = " ".join(words).lower()
        return next((language for pattern, language in _SCRIPTS if pattern.search(body)), "ru")
    counts: dict[str, int] = {}
    for word in words:
        for language in _BY_WORD.get(word, ()):
            counts[language] = counts.get(language, 0) + 1
    best = max(counts, key=lambda language: counts[language], default="")
    return best if counts.get(best, 0) >= _ENOUGH else None


def has_cases(language: str | None) -> bool:
    """Whether names take endings; an unknown language may."""
    return (language or "")[:2].lower() not in CASELESS
