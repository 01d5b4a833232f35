"""Words on pages that stand in front of an article: challenges, consent dialogues, shells that need a browser.

Data only, in the syntax of ``re``, searched without regard to case.
"""

from __future__ import annotations

import re
from typing import Final

CHALLENGE: Final = re.compile(
    r"just a moment|checking your browser|(?:verify|confirm|prove) (?:that )?you(?:'re| are) (?:a |not a )?(?:human|robot)|are you a (?:robot|human)|"
    r"attention required|enable (?:javascript and )?cookies|captcha|access (?:to this page )?(?:has been )?denied|pardon our interruption|request unsuccessful|"
    r"unusual (?:traffic|activity)|ddos protection|security check|cloudflare|incapsula|datadome|perimeterx|akamai|you have been blocked|403 forbidden|"
    r"bot (?:detection|protection)|error 1020|ray id|not available in your (?:country|region)|unavailable (?:for legal reasons|in your)|451 unavailable|"
    r"sind sie ein (?:mensch|roboter)|überprüf\w+ (?:ihres|ihren) browser|vous n'êtes pas un robot|vérif\w+ que vous êtes|no eres un robot|non sei un robot|você não é um robô|"
    r"geen robot|nie jesteś robotem|вы не робот|подтвердите, что|доступ (?:ограничен|запрещ)|ви не робот|robot olmadığınız|ロボットではない|不是机器人|人机验证|安全验证|로봇이 아닙",
    re.IGNORECASE,
)
CONSENT: Final = re.compile(
    r"before you continue|we (?:value|respect|care about) your privacy|your privacy (?:choices|matters)|accept (?:all )?(?:cookies|and continue)|consent to|manage (?:cookies|preferences|settings)|"
    r"(?:wir|unsere partner).{0,60}(?:cookies|datenschutz|einwilligung)|zustimmen|alle akzeptieren|pur-abo|mit werbung (?:weiter)?lesen|accepter et (?:continuer|fermer)|continuer sans accepter|tout accepter|"
    r"nos partenaires|votre consentement|aceptar (?:y continuar|todas|todo)|tu consentimiento|accetta (?:e continua|tutti)|il tuo consenso|aceitar (?:todos|e continuar)|alles accepteren|akkoord|"
    r"godkänn alla|acceptera alla|akceptuję|zgadzam się|przejdź do serwisu|twoja prywatność|zaufani partnerzy|przetwarzani\w+ danych|souhlas|принять (?:все|и продолжить)|согласие|прийняти|kabul et|çerez|同意して|同意并",
    re.IGNORECASE,
)
SCRIPT: Final = re.compile(
    r"(?:enable|turn on|requires?|need|activate|support) (?:\w+ )?java-?script|java-?script (?:is )?(?:required|disabled|must|to run|aktivier\w+|activ\w+|einschalt\w+|habilit\w+|inschakel\w+)|"
    r"aktivieren sie java-?script|activez java-?script|active javascript|attiva javascript|ative o javascript|включите javascript|увімкніть javascript|włącz javascript|javascript'?i etkinleştir|javascript ?を有効|启用 ?javascript",
    re.IGNORECASE,
)
