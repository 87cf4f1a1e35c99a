"""Which language an article is written in, identified from its body alone: headlines are too short to tell."""

import re
from functools import cache

from babel import Locale
from py3langid.langid import MODEL_FILE, LanguageIdentifier

#: Of articles that are read: English, and what is too short or too mixed to tell, which counts as English.
READ = ("en", "")
LONGEST = 1_000  # characters of the body that are looked at
SHORTEST = 20  # words below which no identification can be trusted
SURE = 0.9  # probability from which an identification counts

#: A word; two characters count as one in scripts that part no words (Chinese, Japanese, Thai, Lao, Burmese, Khmer) or long
#: ones (Korean).
_WORD = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003134f]{2}|[^\\W\\d_]+"
)


@cache
def _identifier() -> LanguageIdentifier:
    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages([label for label in found.labels if len(label) == 2])
    return found


def identify(text: str) -> str:
    """Return the ISO 639-1 code of the language of a text, or '' where it is too short or too mixed to tell."""
    start = text[:LONGEST]
    if len(_WORD.findall(start)) < SHORTEST:
        return ""
    label, probability = _identifier().classify(start)
    return str(label) if probability >= SURE else ""


def name(code: str) -> str:
    """Return the English name of a language: *Korean* for ``ko``."""
    return str(Locale("en").languages.get(code, code))
