"""Which language is this text in?

The detector speaks (py3langid, a naive Bayes model on byte n-grams); the page's own ``lang`` attribute decides only where
the text is too short to tell. Knows nothing of pages beyond that attribute.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

LANGUAGES: Final = (
    "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "gl", "he",
    "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "mr", "ms", "nl", "no", "pl", "pt",
    "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "uz", "vi", "zh",
)  # fmt: skip
"""ISO 639-1 codes of languages that news is written in; rarer ones only take articles away from these."""
ENOUGH: Final = 120
"""Letters from which the detector is believed over the page's attribute."""
SAMPLE: Final = 2_000
"""Letters read: the answer does not change beyond, the cost does."""
_TWINS: Final = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "sh": "sr", "ji": "yi", "hbs": "sr"}
_CODE: Final = re.compile(r"^\s*([a-zA-Z]{2,3})(?:[-_]|\s*$)")


def declared(attribute: str | None) -> str | None:
    """``lang="pt-BR"`` to ``pt``; None where it is no code."""
    found = _CODE.match(attribute or "")
    if not found:
        return None
    code = found[1].lower()
    code = _TWINS.get(code, code)
    return code if len(code) == 2 else None  # ISO 639-1


def detect(text: str, attribute: str | None = None) -> str | None:
    """ISO 639-1 code of ``text``, or None when neither the text nor the page's ``lang`` attribute tells."""
    said = declared(attribute)
    sample = text[:SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if letters < ENOUGH and said:
        return said
    if not letters:
        return None
    code = str(_identifier().classify(sample)[0])
    return _TWINS.get(code, code)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    known = set(identifier.nb_classes)
    identifier.set_languages([code for code in LANGUAGES if code in known])
    return identifier
