"""Which corrections were made by hand, by whom and why, and what became of each."""

from collections.abc import Set

from markupsafe import Markup

from analysis.brief import Brief
from analysis.evidence import place_name
from analysis.overrides import Applied, Line, Outcome
from analysis.show import Cell, caveat, clip, listed, note, plain, sentence, table

#: Lines that the table shows.
SHOWN = 200
#: What became of a line: of one, of several.
_BECAME = {
    "applied": ("is applied", "are applied"),
    "followed": (
        "is applied to an article whose text has changed since",
        "are applied to articles whose text has changed since",
    ),
    "stale": ("is stale, so not applied", "are stale, so not applied"),
    "contradictory": ("contradicts another, so is not applied", "contradict others, so are not applied"),
}
#: What a row is that is none.
_NOT_ONE = {
    "attributions": "no attribution",
    "threats": "no threat mention",
    "tones": "no mention of the target",
    "places": "not this place",
}


def section(brief: Brief) -> Markup:
    """How many corrections were made by hand, what became of them, and each with who, when and why."""
    applied = brief.overrides
    lost = applied.of("stale", "contradictory")
    warning = (
        caveat(f"{plain(len(lost), 'correction is', 'corrections are')} not applied; the table says why.")
        if lost
        else Markup("")
    )
    whole = brief.parameters.share == "full"
    return said(applied) + warning + corrections_table(applied, _shown(brief, applied), whole=whole)


def _shown(brief: Brief, applied: Applied) -> set[str]:
    """Return the ids of corrected rows that the briefing has, and so can lead to."""
    ids = {one.row for one in applied.of("applied", "followed") if one.row}
    sql = " UNION ALL ".join(f"SELECT id FROM {name}" for name in ("attributions", "threats", "tones"))
    found = brief.query(f"SELECT id FROM ({sql}) WHERE id IN (SELECT unnest($ids))", {"ids": sorted(ids)})
    return set(found["id"])


def said(applied: Applied) -> Markup:
    """How many corrections there are, and what became of them."""
    n = len(applied.outcomes)
    counts = {status: len(applied.of(status)) for status in _BECAME}
    if not n:
        return sentence("No row was corrected by hand.")
    if n == 1:
        (status,) = (status for status in counts if counts[status])
        return sentence("1 correction was made by hand; it {became}.", became=_BECAME[status][0])
    parts = [f"{k:,} {_BECAME[status][k > 1]}" for status, k in counts.items() if k]
    return sentence("{n} were made by hand: {parts}.", n=plain(n, "correction"), parts=listed(parts))


def corrections_table(applied: Applied, shown: Set[str] = frozenset(), *, whole: bool = False) -> Markup:
    """Every correction: where it stands, what it says, who says so, when and why, and what became of it.

    Words of rows that are ``shown`` lead to their sentence; reasons are clipped unless the ``whole`` may be shared.
    """
    if not applied.outcomes:
        return Markup("")
    rows = [_row(one, one.row in shown, whole) for one in applied.outcomes[:SHOWN]]
    heads = ["File and line", "Words", "Correction", "Who", "When", "Why", "Status"]
    n = len(applied.outcomes)
    more = note(f"The first {SHOWN} of {n:,} corrections.") if n > SHOWN else Markup("")
    return table("Corrections made by hand", heads, rows) + more


def _row(one: Outcome, is_shown: bool, whole: bool) -> list[Cell]:
    line = one.line
    words: Cell = clip(line.quote, 12) or line.article_id
    if is_shown:
        words = Markup('<a href="#e-{}">{}</a>').format(one.row, words)
    status = f"{one.status}: {one.note}" if one.note else one.status
    why = line.why if whole else clip(line.why)
    return [line.place, words, what(line), line.who, line.when, why, status]


def what(line: Line) -> str:
    """Return what a line says: *category: terror*, *no threat mention*."""
    if line.action == "remove":
        return _NOT_ONE[line.kind]
    if line.kind == "stories":
        verbs = {"merge": "one story with", "split": "moved to the story of"}
        return f"{verbs[line.action]} {line.value}" if line.value else "a story of its own"
    value = line.value
    if line.action in ("regions", "place", "actor"):
        value = ", ".join(map(place_name, value.split("; ")))
    return f"{line.action.replace('_', ' ')}: {value or 'none'}"
