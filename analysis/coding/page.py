"""What the briefing says of the sample that people coded."""

from markupsafe import Markup

from analysis import evidence
from analysis.brief import Brief
from analysis.coding import frames, telling
from analysis.coding.scoring import Scores, score
from analysis.report import ROOT
from analysis.show import Cell, caveat, note, number, sentence, table


def section(brief: Brief) -> Markup:
    """Return agreement, precision, recall and corrected counts beside the raw ones. Raises ``CodingError``.

    Counts are corrected only where the sample was drawn from the very rows that the briefing counts.
    """
    if not brief.parameters.coded:
        return note(
            "No sample of this corpus was coded by people. To draw one: python -m analysis code-sheet"
        )
    scores = score(ROOT / brief.parameters.coded)
    is_same = scores.coded.key["tables"].iloc[0] == frames.identity(brief.connection)
    said = [*telling.sample(scores), *(telling.totals(scores) if is_same else [])]
    parts = [sentence("{said}", said=" ".join(said))]
    if not is_same:
        parts.append(caveat(
            "The coded sample was drawn from other rows than this briefing counts: another corpus, period, choice of regions, word list or version. "
            "Its figures hold for those, so no count is corrected; to correct these, draw a new sample: python -m analysis code-sheet"
        ))  # fmt: skip
    parts += [
        table("How far the coders agree", telling.AGREEMENT, telling.agreement_rows(scores)), note(telling.ALPHA),
        table("Labels that are right, in the coders' judgement", telling.RIGHT, telling.right_rows(scores)),
        table("Counts, and what the coders say of them", telling.ESTIMATES, _counts(brief, scores, is_same)), note(telling.CORRECTION),
    ]  # fmt: skip
    return Markup("\n").join(parts)


def _counts(brief: Brief, scores: Scores, is_same: bool) -> list[list[Cell]]:
    return [
        [
            evidence.label(count.measure, count.group),
            number(brief.number(count.measure, count.group)),
            *telling.estimate_cells(count, corrected=is_same),
        ]
        for count in scores.counts
    ]
