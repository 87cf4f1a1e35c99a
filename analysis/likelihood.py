"""Estimative language: which words say how likely something is, on the scale of ICD 203.

Scale and percentages: Intelligence Community Directive 203, *Analytic Standards* (2015), D.6.e(2)(a). Hedges without a
probability (*may*, *could*) are ``possible``.
"""

import re
from functools import cache
from typing import NamedTuple

from analysis import lexicons

#: Upper bound of each band in per cent; a stated percentage falls into the first band whose bound it does not pass.
BANDS = (
    (5, "almost no chance"),
    (20, "very unlikely"),
    (45, "unlikely"),
    (55, "roughly even chance"),
    (80, "likely"),
    (95, "very likely"),
    (100, "almost certain"),
)
_OPPOSITE = {
    "likely": "unlikely",
    "very likely": "unlikely",
    "almost certain": "unlikely",
    "unlikely": "possible",
    "very unlikely": "possible",
    "almost no chance": "possible",
    "possible": "almost no chance",
    "roughly even chance": "unlikely",
}
_NEGATOR = r"(?:not|never|no longer|by no means|far from|neither|nor|hardly)"
_COPULA = r"(?:is|are|was|were|be|been|being|seems?|seemed|looks?|looked|appears?|appeared|remains?|remained|becomes?|became)"
_BEFORE = re.compile(
    rf"(?i)(?:\b{_COPULA}(?:n[’']t)?\s+)?(?:\b(?P<no>{_NEGATOR})\s+(?:at all |very |that |so )?)?$"
)
_AFTER = re.compile(r"\s+(?:to|that)\b")
_PERCENT = re.compile(
    r"(?i)\b(?:an? )?(?:about |roughly |around |at least |some )?(\d{1,3})(?:\.\d+)?(?:\s*(?:to|-|–)\s*(\d{1,3}))?\s*(?:%|per ?cent|percent)"
    r"\s+(?:chance|probability|likelihood|risk)\b|\b(?:chance|probability|likelihood|risk)\s+(?:\w+\s+){0,3}?(?:of|at|is)\s+"
    r"(?:about |roughly |around )?(\d{1,3})(?:\s*(?:to|-|–)\s*(\d{1,3}))?\s*(?:%|per ?cent|percent)"
)


class Estimate(NamedTuple):
    """A term of likelihood: its span, negation and copula included, its band, and ``clause`` or ``phrase`` as its scope."""

    start: int
    end: int
    likelihood: str
    scope: str


@cache
def _terms() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    lines = lexicons.read("likelihood", "term", "likelihood", "scope")
    bands = {line["term"].replace("’", "'"): (line["likelihood"], line["scope"]) for line in lines}
    ordered = sorted(bands, key=lambda t: (-len(t), t))
    choices = "|".join(re.escape(t).replace(r"\ ", r"\s+").replace("'", "[’']") for t in ordered)
    return re.compile(rf"(?<![\w-])(?:{choices})(?![\w-])", re.IGNORECASE), bands


def find(text: str, start: int = 0, end: int | None = None) -> list[Estimate]:
    """Return the terms of likelihood in ``text[start:end]``, in order, each with its negation resolved.

    Offsets are those of ``text``. *not likely* is ``unlikely``, *cannot be ruled out* is ``possible``, *a 60 percent chance*
    is ``likely``. The longest term wins.
    """
    end = len(text) if end is None else end
    pattern, bands = _terms()
    found = [Estimate(m.start(), m.end(), _band(m), "clause") for m in _PERCENT.finditer(text, start, end)]
    for match in pattern.finditer(text, start, end):
        if match[0] in ("May", "Might") or any(
            e.start < match.end() and match.start() < e.end for e in found
        ):
            continue
        band, scope = bands[" ".join(match[0].lower().replace("’", "'").split())]
        if band == "none":
            continue
        head = _BEFORE.search(text, start, match.start())
        first = head.start() if head else match.start()
        first += len(text[first : match.start()]) - len(text[first : match.start()].lstrip())
        negated = bool(head and (head["no"] or re.search(r"n[’']t\s", text[first : match.start()])))
        tail = _AFTER.match(text, match.end(), end) if band != "possible" else None
        found.append(
            Estimate(first, tail.end() if tail else match.end(), _OPPOSITE[band] if negated else band, scope)
        )
    return sorted(found)


def _band(match: re.Match[str]) -> str:
    numbers = [int(n) for n in match.groups() if n]
    middle = sum(numbers) / len(numbers)
    return next((band for bound, band in BANDS if middle <= bound), "almost certain")


def strongest(found: list[Estimate]) -> Estimate | None:
    """Return the estimate that a reader takes away: the first with a probability, else the first *possible*, else None."""
    return next((e for e in found if e.likelihood != "possible"), found[0] if found else None)


def of_clauses(found: list[Estimate]) -> list[Estimate]:
    """Return the estimates that speak of what is said, without adjectives that speak of their noun alone."""
    return [e for e in found if e.scope == "clause"]
