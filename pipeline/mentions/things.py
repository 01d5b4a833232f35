"""Is this the name of a thing: a restaurant, a drone, a statue, a song?

Asked about organisations, whose names ships, taverns and weapons bear too. A noun for such a thing right beside the name says so
for all places of the name in the document, except where a word for its own kind stands beside it.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.mentions.fold import fold
from pipeline.mentions.ledger import Ledger
from pipeline.mentions.locate import Found
from pipeline.mentions.profile import Profile
from pipeline.mentions.reading import Reading
from pipeline.mentions.scene import Scene
from pipeline.mentions.topics import anywhere


def _stems(*lines: str) -> tuple[str, ...]:
    return tuple(fold(word) for line in lines for word in line.split())


_BEFORE: Final = _stems(
    "restaurant restauran ristorante restauracj ресторан مطعم lokanta hotel otel готел отел taverna tavern trattoria gasthaus wirtshaus "
    "кафе кав'ярн",
    "statue statua estatua standbild denkmal posąg pomnik socha sochu статуя статую пам'ятник памятник heykel تمثال",
    "drone drohne dron дрон беспилотник безпілотник аппарат апарат torped торпед silur torpille missile rakete raket misil ракет "
    "füze صاروخ submarine u-boot submarin sottomarin подлодк підводн ponork denizalt",
    "song canción canzon chanson piosenk píseň песн пісн şarkı novel novela roman романе poem opera ópera film película фільм фильм "
    "album álbum",
    "street straße calle rue ulic улиц вулиц cadde river fluss río fleuve rzek řek рек річк nehri hurricane hurrikan uragan ураган",
    "asteroid астероид астероїд operation operación operacj operac операци операці",
)
"""What stands right before the name of a thing, or the beginning of it."""
_AFTER: Final = frozenset(
    _stems(
        "restaurant tavern hotel cafe statue drone torpedo torpedoes warhead song novel poem opera street river lake island constellation "
        "hurricane asteroid statuette temple fountain",
        "statuen-restaurant heykeli lokantası oteli torpidosu füzesi caddesi nehri tapınağı",
    )
)
"""What stands right behind the name of a thing."""
MODEL_TIMES: Final = 1.5
"""How much more the type of an aircraft or a weapon says than a noun."""
_WHOLE: Final = 5
"""Letters up to which a noun must stand alone, and not begin another word."""
_MODEL: Final = re.compile(r"[A-Z]{1,3}\d{1,3}[A-Z]?")


def thing(found: Found, who: Profile, scene: Scene, ledger: Ledger) -> None:
    """Whether the name is that of a thing, here or elsewhere in the document."""
    if ledger.has("role_word"):
        return
    here = (scene.number(found.reading), found.first)
    for place in dict.fromkeys((here, *scene.same_word(found))):
        if noun := _noun(scene.readings[place[0]], place[1], who):
            sure = MODEL_TIMES if any(map(str.isdigit, noun)) else 1.0
            ledger.speak_against("thing", noun, sure if place == here else 0.9 * sure)
            return


def _noun(reading: Reading, index: int, who: Profile) -> str:
    """The noun beside this word that speaks of a thing, or nothing."""
    before, after = index - 1, index + 1
    if before >= 0 and _touches(reading, before):
        word = reading.words[before]
        if _is_model(reading, before):
            return word
        if _begins(fold(word)) and not _is_its_trade(word, who):
            return word
    if after < len(reading.words) and reading.adjacent(index) and reading.folded[after] in _AFTER:
        return "" if _is_its_trade(reading.words[after], who) else reading.words[after]
    return ""


def _begins(plain: str) -> bool:
    return any(plain == stem or (len(stem) > _WHOLE - 1 and plain.startswith(stem) and len(plain) <= len(stem) + 3) for stem in _BEFORE)


def _touches(reading: Reading, left: int) -> bool:
    """Whether nothing but a space or a quotation mark stands behind this word."""
    return not reading.gap(left).strip(" \u00a0\"'«»„“”‘’")


def _is_model(reading: Reading, index: int) -> bool:
    """The type before a name: the P-8 Poseidon, the F22 Raptor."""
    word = reading.words[index]
    if _MODEL.fullmatch(word):
        return True
    return word[:1].isdigit() and index > 0 and reading.gap(index - 1) == "-" and len(reading.words[index - 1]) <= 3


def _is_its_trade(noun: str, who: Profile) -> bool:
    """A restaurant is no other thing to those who run restaurants."""
    return not anywhere(noun).isdisjoint(who.topics) or fold(noun) in who.own
