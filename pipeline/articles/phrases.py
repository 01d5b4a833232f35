"""Is this line furniture by its words alone?

Matches one line against the tables of ``calls``, ``furniture`` and ``residue``. It sees no markup and no neighbours, so it
answers only where the words leave little doubt; a line that quotes somebody is never a call, whatever it says.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from pipeline.articles import calls, furniture, residue
from pipeline.articles.words import size_of

LONGEST: Final = 45
"""Words beyond which no line is taken for furniture by its words: a paragraph that long says something of its own."""
_LEAD: Final = re.compile(r"^[\s\-–—―•*·>»›→⇒↓▶►▸▼■□●○◆◇☞✔❤✉⬇+#=:|\[(（【「\]~_/\\.,…\U0001f000-\U0001faff️]+")
_TRAIL: Final = re.compile(r"[\s.!:;»>›→▼|\])）】」…\-–—+\U0001f000-\U0001faff️]+$")
_OPEN_QUOTE: Final = re.compile(r"^\s*(?:[-–—]\s*)?[\"“”„«»‘‚‹›「『《']")
_DIGIT: Final = re.compile(r"\d")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_FOLLOW: Final = re.compile(r"(?<!\w)(?:follow|tweets? (?:at|from|as)|reach|dm|folgen sie|suivez|seguilo|seguila|sígu\w+|siga)(?!\w)")
_HANDLE: Final = re.compile(r"(?<!\w)@\w{3,}")


def plain(line: str) -> str:
    """The line as the tables spell: lower case, straight apostrophes, without bullets, arrows and brackets around it."""
    text = line.lower().replace("i̇", "i").replace("’", "'").replace("`", "'").replace("\xa0", " ")
    return _TRAIL.sub("", _LEAD.sub("", text))


def opens_quoting(line: str) -> bool:
    """Whether the line opens with somebody's words."""
    return _OPEN_QUOTE.match(line) is not None


def quotes(line: str) -> bool:
    """Whether the line opens with somebody's words or says who spoke."""
    return opens_quoting(line) or _speech().search(line.lower()) is not None


@lru_cache(maxsize=4096)
def reason_of(line: str) -> str | None:
    """The reason code by which ``line`` is furniture, or None."""
    words = size_of(line)
    if words > LONGEST * 2 or len(line) > LONGEST * 20:
        return None
    text = plain(line)
    if not text:
        return None
    code = _as_a_whole(text) or _in_parts(text, words)
    if code:
        return code
    if words > LONGEST:
        return "copyright" if _copyright().match(text) and not quotes(line) else None
    quoted = quotes(line)
    if not quoted:
        code = _opening(text) or _call(text, words)
        if code:
            return code
    return _by_shape(line, text, words, quoted=quoted)


def _as_a_whole(text: str) -> str | None:
    counted = _COUNT.sub("", text) if _COUNTED.search(text) else ""
    for code, pattern in _whole():
        if pattern.fullmatch(text) or (counted and pattern.fullmatch(counted)):
            return code
    return None


_COUNT: Final = re.compile(r"\s*[(\[（]?\d{1,5}[)\]）]?$")
_COUNTED: Final = re.compile(r"[\d)\]）]\n?\Z")
"""Ends as a count does; looked at first, since hardly any line does."""
_BARRED: Final = re.compile(r"[|•·]|\s[–—/\s-]")
"""Holds what ``_BARS`` divides at, for a quick no."""
_BARS: Final = re.compile(r"\s+[|–—•·/-]\s+|\s{2,}|\s*[|•·]\s*")
_WIDE: Final = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")


def _in_parts(text: str, words: int) -> str | None:
    """A row of labels: every part between bars (or, in scripts without spaces, between spaces) is furniture by itself."""
    if words > 24:  # a row of labels
        return None
    parts = [part for part in _BARS.split(text) if part.strip()] if _BARRED.search(text) else [text]
    if len(parts) < 2 and _WIDE.search(text):
        parts = text.split()
    if not 2 <= len(parts) <= 8:
        return None
    codes = [_as_a_whole(plain(part)) or ("date" if is_date(part) else None) or _opening(plain(part)) for part in parts]
    return codes[0] if all(codes) else None


def _opening(text: str) -> str | None:
    return next((code for code, pattern in _openings() if pattern.match(text)), None)


def _by_shape(line: str, text: str, words: int, *, quoted: bool) -> str | None:
    if _is_credit(line, text, words):
        return "credit"
    if is_date(text):
        return "date"
    if not quoted and _is_contact(line, text):
        return "author_bio"
    if not quoted and _copyright().match(text):
        return "copyright"
    if not quoted and any(_copyright().match(part) for part in re.split(r"(?<=[.!?。|])\s*", text)[1:4]):
        return "copyright"
    return None


def is_date(text: str) -> bool:
    """Whether a lower-cased line holds a date or a time and next to nothing else."""
    if not _DIGIT.search(text):
        return False
    body = _dateline().sub(" ", text)
    if not re.search(r"\d", body) or re.search(r"[$€£¥₽₹%]", body):
        return False
    rest = re.sub(r"[\d\W_]+", " ", body).split()
    labelled = body != text
    known = _months()
    foreign = [word for word in rest if word not in known]
    strong = bool(_YEAR.search(body) or re.search(r"\d{1,2}[.:/]\d{2}", body) or re.search(r"\d{1,2}月\d{1,2}日", body))
    if labelled:
        return len(foreign) <= 1 and len(rest) <= 14  # "Published Mon 11 Mar 2024 06.00 | Modified 3 hours ago"
    return strong and not foreign and len(rest) <= 8 and len(text) <= 60  # a bare date is short


_ABBREVIATED: Final = re.compile(r"\([a-zà-ÿ]+[A-Z]+[a-z]*\)\.?")
"""A short form in brackets after its long one, spelt as no agency is: the electronic file (ePA)."""


def _is_credit(line: str, text: str, words: int) -> bool:
    if words <= 14 and _credit_line().match(text):  # names and an agency
        return True
    if words > 40 or not _may_credit(line):  # captions are one or two sentences
        return False
    found = _credit_end().search(line)
    return found is not None and not _ABBREVIATED.fullmatch(found[0])


_CREDITED: Final = re.compile(r"[(\[（【:：/©摄攝]|PHOTO|FOTO|ФОТО")


def _may_credit(line: str) -> bool:
    """Whether a line holds what each alternative of ``_credit_end`` needs; a quick no for most."""
    if _CREDITED.search(line):
        return True
    lowered = line.lower()
    return "via " in lowered or "by" in lowered


def _is_contact(line: str, text: str) -> bool:
    if "@" not in line:
        return False
    if _EMAIL.search(line):
        return _contact().search(text) is not None or _bio_noun().search(text) is not None
    return _HANDLE.search(line) is not None and _FOLLOW.search(text) is not None


def _call(text: str, words: int) -> str | None:
    """The object that the reader is called to, where action and object are in the same language."""
    if words > 36 or not _has_action(text):  # calls are short
        return None
    for action, objects in _calls():
        if action.search(text):
            for code, pattern in objects:
                if pattern.search(text):
                    return code
    return None


def _join(table: dict[str, str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in table.values())


@cache
def _whole() -> tuple[tuple[str, re.Pattern[str]], ...]:
    ads = _join(furniture.ADVERTISEMENT)
    return (
        ("advertisement", re.compile(rf"(?:{ads})(?:[\s\W]+(?:{furniture.AD_TAIL}))*|(?:{_join(furniture.CONTINUES)})")),
        ("related", re.compile(rf"(?:{_join(furniture.HEADINGS)})|(?:{_join(furniture.READ_MORE)})")),
        ("interface", re.compile(_join(residue.INTERFACE))),
        ("social", re.compile(residue.SHARE_ROW)),
        ("credit", re.compile(rf"(?:{furniture.CREDIT_NAMES})(?:\s*[/|,&+]\s*(?:{furniture.CREDIT_NAMES}))*")),
    )


@cache
def _openings() -> tuple[tuple[str, re.Pattern[str]], ...]:
    more = _join(furniture.READ_MORE)
    return (
        ("related", re.compile(rf"(?:{more}|{_join(furniture.HEADINGS)})\s*(?:[:：|»›>→▶]|\.\.\.|[–—-]\s)")),
        ("related", re.compile(furniture.POINTERS)),
        ("newsletter", re.compile(rf"(?:{furniture.INBOX})$")),
        ("subscription", re.compile(rf"(?:{furniture.MEMBERS_ONLY})$")),
        ("tags", re.compile(rf"(?:{residue.TAG_PREFIX})\s*[:：].*")),
        ("consent", re.compile(rf"(?:{_join(furniture.CONSENT)})$")),
        ("feedback", re.compile(rf"(?:{_join(residue.MISTAKES)})$")),
        ("source", re.compile(rf"(?:{_join(residue.SOURCE_LINES)})$")),
    )


@cache
def _copyright() -> re.Pattern[str]:
    return re.compile(rf"(?:(?:copyright|©|\(c\)\s*\d|ⓒ).{{0,200}}|{_join(furniture.COPYRIGHT)})")


@cache
def _credit_line() -> re.Pattern[str]:
    words, names = furniture.CREDIT_WORDS, furniture.CREDIT_NAMES
    return re.compile(
        rf"(?:{words})(?:\s(?:by|von|par|de|di|door|av|courtesy of|courtesy|d'archives?))?\s*[:：/|=©]\s*.{{1,90}}$"
        rf"|(?:{words})\.?\s+(?:(?:by|via|courtesy|courtesy of)\s+.{{1,60}}|(?:{names})\b.{{0,30}})$"
        rf"|(?:©|\(c\)|ⓒ).{{1,60}}$"
        rf"|.{{1,40}}[/|]\s?(?:{names})(?:\b.{{0,25}})?$"
        r"|(?:写真|文|撮影|取材|図|摄影|文字|图文)(?:[・、/](?:写真|文|撮影|取材|図))*[\s　:：=/＝].{1,20}$"
    )


@cache
def _credit_end() -> re.Pattern[str]:
    words, names = furniture.CREDIT_WORDS, furniture.CREDIT_NAMES
    return re.compile(
        rf"(?i:[(\[（【]\s*(?:{words})\s*(?:by|:|：|/|credit|courtesy|von|©)\s*[^()\[\]]{{1,70}}[)\]）】]\s*\.?$)"
        rf"|(?i:[.!?…”\"]\s*(?:{words})\s*(?:by\s|:|：|/)\s*.{{1,60}}$)"
        rf"|(?i:\s(?:photo|foto|fotos|picture|image|bild|фото|fot\.|crédit photo|写真)\s*[:：/]\s*.{{1,40}}$)"
        rf"|(?i:[.!?…]\s*(?:©|\(c\))\s*.{{1,50}}$)"
        rf"|(?i:\((?:{names})(?:\s*[/,]\s*[\w. ]{{1,30}})?(?:\s+(?:photo|via [\w ]{{2,20}}))?\)\.?$)"
        rf"|(?i:\bvia (?:getty|reuters|ap|afp|shutterstock|x|twitter|instagram|facebook)\b.{{0,15}}$)"
        r"|[。.\s　]\s?\w{2,5}\s?[摄攝]$"
        r"|[.\w»”\"]\s+/\s+[A-ZÀ-ÞА-ЯЁІЇЄҐ][A-ZÀ-ÞА-ЯЁІЇЄҐ.'’\- ]{3,40}$"
        r"|\s(?:PHOTO|FOTO|ФОТО)[^a-zà-ÿа-я]{3,50}$"
    )


@cache
def _speech() -> re.Pattern[str]:
    return re.compile(residue.SPEECH)


@cache
def _dateline() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{residue.DATELINE})(?!\w)")


@cache
def _months() -> frozenset[str]:
    return frozenset(residue.MONTHS.split())


@cache
def _contact() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{residue.CONTACT_WORDS})")


@cache
def _bio_noun() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{residue.BIO_NOUNS})(?!\w)")


def names_a_writer(line: str) -> bool:
    """Whether the line calls somebody a reporter, an editor, an author."""
    return _bio_noun().search(line.lower()) is not None


def _clause(actions: str, language: str) -> str:
    """An action where a clause begins; anywhere in languages that put the verb last, without word ends in those without spaces."""
    if language in calls.VERB_LAST:
        return f"(?:{actions})"
    end = "" if language in _UNSPACED else r"(?!\w)"
    return rf"{_CLAUSE}(?:{actions}){end}"


_CLAUSE: Final = r"(?:^|[.!?…|•»›>:;–—\-]\s*|\s{2,}|[。！？：，])(?:[¡¿\"'(\[]\s*)?"


def _has_action(text: str) -> bool:
    """Whether any language's action is there; a quick no for nearly all lines."""
    if _first_actions().search(text):
        return True
    return (_turkish() if text.isascii() else _last_actions()).search(text) is not None


@cache
def _turkish() -> re.Pattern[str]:
    """The one language that puts the verb last and may do without a letter that is not ASCII."""
    return re.compile(calls.ACTIONS["tr"])


@cache
def _first_actions() -> re.Pattern[str]:
    spaced = "|".join(actions for language, actions in calls.ACTIONS.items() if language not in calls.VERB_LAST | {"zh"})
    return re.compile(rf"{_CLAUSE}(?:(?:{spaced})(?!\w)|(?:{calls.ACTIONS['zh']}))")


@cache
def _last_actions() -> re.Pattern[str]:
    return re.compile("|".join(calls.ACTIONS[language] for language in sorted(calls.VERB_LAST)))


@cache
def _calls() -> tuple[tuple[re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]], ...]:
    return tuple(
        (
            re.compile(_clause(actions, language)),
            tuple((code, _object(code, language if language in table else "any")) for code, table in calls.OBJECTS.items()),
        )
        for language, actions in calls.ACTIONS.items()
    )


@cache
def _object(code: str, language: str) -> re.Pattern[str]:
    table = calls.OBJECTS[code]
    shared, own = table.get("any", "(?!)"), table.get(language, "(?!)")
    return re.compile(rf"(?<!\w)(?:{shared})(?!\w)|" + (own if language in _UNSPACED else rf"(?<!\w)(?:{own})(?!\w)"))


_UNSPACED: Final = frozenset({"ja", "ko", "zh", "th"})
