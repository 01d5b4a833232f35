"""Is this really the article?

Says what a page turned out to be, beside the text and without touching it: a paywall's first paragraphs, a challenge, an empty
application shell, mojibake. ``paywalled`` needs a cut body and not only a flag: half the pages that call themselves closed are open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.articles.blocks import Block
from pipeline.articles.metadata import Metadata
from pipeline.articles.words import size_of
from pipeline.model import PageStatus, RemovedLine

STUB: Final = 40
"""Words below which a text is no article."""
WALL: Final = 150
"""Words that a challenge or consent page has at most."""
TEASER: Final = 90
"""Words below which a closed page's text is its teaser."""
_BROKEN: Final = re.compile("[�\x80-\x9f]|[ÃÂÐÑØÙ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ ]")
_CHALLENGE: Final = re.compile(
    r"just a moment|checking your browser|(?:verify|confirm|prove) (?:that )?you(?:'re| are) (?:a |not a )?(?:human|robot)|are you a (?:robot|human)|"
    r"attention required|enable (?:javascript and )?cookies|captcha|access (?:to this page )?(?:has been )?denied|pardon our interruption|request unsuccessful|"
    r"unusual (?:traffic|activity)|ddos protection|security check|cloudflare|incapsula|datadome|perimeterx|akamai|you have been blocked|403 forbidden|"
    r"bot (?:detection|protection)|error 1020|ray id|not available in your (?:country|region)|unavailable (?:for legal reasons|in your)|451 unavailable|"
    r"sind sie ein (?:mensch|roboter)|überprüf\w+ (?:ihres|ihren) browser|vous n'êtes pas un robot|vérif\w+ que vous êtes|no eres un robot|non sei un robot|você não é um robô|"
    r"geen robot|nie jesteś robotem|вы не робот|подтвердите, что|доступ (?:ограничен|запрещ)|ви не робот|robot olmadığınız|ロボットではない|不是机器人|人机验证|安全验证|로봇이 아닙",
    re.IGNORECASE,
)
_CONSENT: Final = re.compile(
    r"before you continue|we (?:value|respect|care about) your privacy|your privacy (?:choices|matters)|accept (?:all )?(?:cookies|and continue)|consent to|manage (?:cookies|preferences|settings)|"
    r"(?:wir|unsere partner).{0,60}(?:cookies|datenschutz|einwilligung)|zustimmen|alle akzeptieren|pur-abo|mit werbung (?:weiter)?lesen|accepter et (?:continuer|fermer)|continuer sans accepter|tout accepter|"
    r"nos partenaires|votre consentement|aceptar (?:y continuar|todas|todo)|tu consentimiento|accetta (?:e continua|tutti)|il tuo consenso|aceitar (?:todos|e continuar)|alles accepteren|akkoord|"
    r"godkänn alla|acceptera alla|akceptuję|zgadzam się|przejdź do serwisu|twoja prywatność|zaufani partnerzy|przetwarzani\w+ danych|souhlas|принять (?:все|и продолжить)|согласие|прийняти|kabul et|çerez|同意して|同意并",
    re.IGNORECASE,
)
_SCRIPT: Final = re.compile(
    r"(?:enable|turn on|requires?|need|activate|support) (?:\w+ )?java-?script|java-?script (?:is )?(?:required|disabled|must|to run|aktivier\w+|activ\w+|einschalt\w+|habilit\w+|inschakel\w+)|"
    r"aktivieren sie java-?script|activez java-?script|active javascript|attiva javascript|ative o javascript|включите javascript|увімкніть javascript|włącz javascript|javascript'?i etkinleştir|javascript ?を有効|启用 ?javascript",
    re.IGNORECASE,
)
_ENDS: Final = re.compile(r"[.!?…:;)\]\"'”’»“›」』。！？।؟۔%–—*]$|[\U0001f000-\U0001faff]$")
_CUT: Final = re.compile(r"(?:\.\.\.|…|\[\+\]|\[…\]|\(…\))$")


def status_of(
    text: str, *, mojibake: bool, blocks: Sequence[Block], about: Metadata, removed: Sequence[RemovedLine], said: str, shell: bool
) -> PageStatus:
    """What the page is.

    ``mojibake``: its letters had to be mended throughout. ``said``: the visible words of the page, ``noscript`` included.
    ``shell``: its markup is an application that draws itself.
    """
    words = size_of(text)
    seen = size_of(said)
    if mojibake or len(_BROKEN.findall(text)) > max(8, len(text) // 60):
        return PageStatus.GARBLED
    if seen <= WALL and _blocked(said, about):
        return PageStatus.BLOCKED
    if words < TEASER and seen <= 4 * WALL and _CONSENT.search(said) and len(_CONSENT.findall(said)) > 1 and not _storied(blocks):
        return PageStatus.BLOCKED
    if words < STUB and (_SCRIPT.search(said) or (shell and seen < STUB)):
        return PageStatus.SCRIPT_ONLY
    if _closed(text, words, about, removed):
        return PageStatus.PAYWALLED
    return PageStatus.STUB if words < STUB else PageStatus.OK


def _blocked(said: str, about: Metadata) -> bool:
    return _CHALLENGE.search(f"{about.title or ''}\n{said}") is not None


def _storied(blocks: Sequence[Block]) -> bool:
    """Whether the page holds an ``article`` of its own behind the dialogue."""
    return sum(size_of(block.text) for block in blocks if block.frame.story) > TEASER


def _closed(text: str, words: int, about: Metadata, removed: Sequence[RemovedLine]) -> bool:
    """Whether the story breaks off for those who have not paid."""
    asked = any(line.reason == "subscription" for line in removed)
    last = text.rstrip().rsplit("\n", 1)[-1]
    broken = bool(_CUT.search(last)) or (len(last) > 60 and not _ENDS.search(last))  # noqa: PLR2004 - a last line may be a name
    if about.free is False:
        return broken or words < TEASER or (asked and words < 4 * TEASER)
    return about.free is None and asked and broken and words < WALL
