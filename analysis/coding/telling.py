"""What a coded sample says, in sentences and rows of tables: for the report beside the sheets and for the briefing."""

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis import schema
from analysis.coding.agreement import RELIABLE, TENTATIVE
from analysis.coding.drawing import ADJUDICATE
from analysis.coding.estimates import Estimate
from analysis.coding.questions import SHEETS
from analysis.coding.scoring import Count, Scores, table
from analysis.coding.writing import save_csv
from analysis.evidence import label
from analysis.show import plain
from analysis.summary import FEWEST

#: The words for what is counted, by the measure that counts all of it.
_NOUNS = {"attributions": "attribution", "threats": "threat mention", "tones": "mention of a target"}
_PLURALS = {"mention of a target": "mentions of targets"}

AGREEMENT = ["Sheet", "Question", "Rows", "Coded alike", "Alpha", "95 % interval", "By Krippendorff's rule"]
RIGHT = ["Sheet", "Question", "Rows", "Label right", "95 % interval"]
ESTIMATES = [
    "Measure",
    "Counted",
    "Precision",
    "Corrected for what was found",
    "Recall",
    "With what was missed",
]


def sample(scores: Scores) -> list[str]:
    """Return sentences on the sample and on the gold."""
    key, coders = scores.coded.key, len(scores.coded.codes)
    drawn = ", ".join(
        f"{n} of {name}"
        for name, n in key["sheet"].value_counts().reindex(list(SHEETS)).dropna().astype(int).items()
    )
    coded, known = (sum(share[i] for share in scores.shares.values()) for i in (0, 1))
    who = "Two coders were" if coders == 2 else "One coder was"
    said = [
        f"{who} given {len(key)} rows ({drawn}), drawn in strata by the machine's labels with known probabilities (seed {key['seed'].iloc[0]}); the labels were not shown.",
        f"{plain(coded, 'row')} {'is' if coded == 1 else 'are'} coded, and {known} of them ({_percent(known, coded)}) have a gold for all that is counted.",
    ]  # fmt: skip
    open_cells = _undecided(scores)
    if coders < 2:
        said.append("The gold is what one coder gave, so nothing is known of agreement.")
    elif len(scores.disagreements) == open_cells:
        said.append("The gold is what both gave alike.")
    else:
        said.append(
            "The gold is what both gave alike, and what they agreed on afterwards where they had not."
        )
    if open_cells:
        said.append(
            f"{plain(open_cells, 'cell')} that they gave differently {'is' if open_cells == 1 else 'are'} undecided and their rows left out; these are the harder ones, so decide them before you quote a figure."
        )
    return said


def totals(scores: Scores) -> list[str]:
    """Return a sentence for each total that is corrected."""
    found = []
    for count in scores.counts:
        if count.measure not in _NOUNS or count.group or not count.corrected:
            continue
        noun = _NOUNS[count.measure]
        text = f"The machine counts {plain(count.raw, noun, _PLURALS.get(noun))}; by the coders' judgement about {_number(count.corrected)} would be right"
        if count.there and not math.isinf(count.there.high):
            text += f", and about {_number(count.there)} with those that it missed"
        found.append(text + ".")
    return found


#: What the figures mean.
ALPHA = (
    f"Krippendorff's alpha is 1 where coders agree and 0 where they agree no more than by chance; his rule (2004) is to rely on {RELIABLE:.3f} and more, "
    f"and to draw tentative conclusions only from {TENTATIVE:.3f}. Intervals: bootstrap over rows."
)
CORRECTION = (
    "Corrected counts are the machine's count, plus what coders found more and minus what they found less, each weighted by the inverse of its probability "
    "to be drawn (difference estimator; the design-based supervised learning of Egami and others, 2023). Their intervals cover the draw of the coded rows, "
    "not the choice of articles nor the coders' own errors. Recall is of whole sentences, where as many are taken for the same. No share is printed of fewer "
    f"than {FEWEST} coded. In brackets: 95 % intervals."
)  # fmt: skip


def agreement_rows(scores: Scores) -> list[list[str | int]]:
    """Return the rows of the table of agreement."""
    rows: list[list[str | int]] = []
    for (sheet, question), one in scores.agreements.items():
        if one.n:
            interval = "" if one.low is None or one.high is None else f"{one.low:.2f}–{one.high:.2f}"
            rows.append(
                [
                    SHEETS[sheet].title,
                    question,
                    one.n,
                    _real(one.alike),
                    _real(one.alpha, 3),
                    interval,
                    one.verdict,
                ]
            )
    return rows


def right_rows(scores: Scores) -> list[list[str | int]]:
    """Return the rows of the table of labels that are right."""
    return [
        [SHEETS[one.sheet].title, one.question, one.n, f"{one.right.value:.2f}", f"{one.right.low:.2f}–{one.right.high:.2f}"]
        for one in scores.judged
        if one.right
    ]  # fmt: skip


def estimate_cells(count: Count, *, corrected: bool = True) -> list[str]:
    """Return what stands beside a count; without what is ``corrected`` where the count is not the one that was coded."""
    there = [count.corrected if corrected else None, count.there if corrected else None]
    shares = [
        _share(one) if n >= FEWEST else ""
        for one, n in ((count.precision, count.n), (count.recall, count.n_there))
    ]
    return [shares[0], _number(there[0]), shares[1], _number(there[1])]


def save(scores: Scores, folder: Path) -> None:
    """Write ``scores.csv``, ``confusion.csv``, ``report.md`` and ``adjudicate.csv``, which keeps what was agreed on, into the folder."""
    save_csv(table(scores).astype(object).where(lambda f: f.notna(), ""), folder / "scores.csv")
    save_csv(scores.confusion, folder / "confusion.csv")
    schema.write_atomically(folder / "report.md", report(scores).encode())
    if len(scores.disagreements) or (folder / ADJUDICATE).exists():
        save_csv(scores.disagreements, folder / ADJUDICATE)


def as_json(scores: Scores) -> str:
    """Return all figures and warnings as one JSON object."""
    shares = {name: {"coded": coded, "gold": known} for name, (coded, known) in scores.shares.items()}
    figures = schema.records(table(scores).astype(object).where(lambda f: f.notna(), None))
    content = {
        "warnings": scores.coded.warnings,
        "rows": shares,
        "undecided": _undecided(scores),
        "figures": figures,
    }
    return json.dumps(content, ensure_ascii=False)


def _undecided(scores: Scores) -> int:
    return int((scores.disagreements["agreed"] == "").sum())


def report(scores: Scores) -> str:
    """Return all that a coding folder tells, as Markdown."""
    counts = [[label(c.measure, c.group), c.raw, *estimate_cells(c)] for c in scores.counts]
    parts = [
        "# What the coded sample says",
        "",
        *(f"- {line}" for line in (*sample(scores), *totals(scores), *scores.coded.warnings)),
        "",
    ]
    for title, note, heads, rows in (
        ("Agreement", ALPHA, AGREEMENT, agreement_rows(scores)),
        (
            "Labels",
            "Among rows that are what their sheet is about, weighted to all of them.",
            RIGHT,
            right_rows(scores),
        ),
        ("Counts", CORRECTION, ESTIMATES, counts),
    ):
        parts += [f"## {title}", "", note, "", *_markdown(heads, rows), ""]
    parts += ["## Confusion", "", "Coded rows, not weighted: the machine's label down, the gold across.", ""]
    for key, found in scores.confusion.groupby(["sheet", "question"], sort=False):
        sheet, question = map(str, key)
        grid = found.pivot_table(
            index="machine", columns="gold", values="n", fill_value=0, aggfunc="sum"
        ).astype(int)
        cells = [
            [machine, *values] for machine, values in zip(grid.index, grid.to_numpy().tolist(), strict=True)
        ]
        parts += [
            f"### {SHEETS[sheet].title}: {question}",
            "",
            *_markdown([question, *grid.columns], cells),
            "",
        ]
    undecided = _undecided(scores)
    if undecided:
        parts += [
            f"{plain(undecided, 'cell')} to decide: fill the column agreed of {ADJUDICATE} together, save it, and score again.",
            "",
        ]
    return "\n".join(parts)


def _markdown(heads: Sequence[object], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [f"| {' | '.join(map(str, row))} |" for row in rows]
    return [f"| {' | '.join(map(str, heads))} |", "|" + "---|" * len(heads), *lines] if lines else ["None."]


def _percent(n: int, of: int) -> str:
    return f"{100 * n / of:.0f} %" if of else "0 %"


def _real(value: float | None, digits: int = 2) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _share(estimate: Estimate | None) -> str:
    return f"{estimate.value:.2f} ({estimate.low:.2f}–{estimate.high:.2f})" if estimate else ""


def _number(estimate: Estimate | None) -> str:
    """Return an estimated count, rounded outwards so that no more is promised than was found."""
    if not estimate:
        return ""
    high = "?" if math.isinf(estimate.high) else f"{math.ceil(estimate.high - 1e-9):,}"
    return f"{estimate.value:,.0f} ({math.floor(estimate.low + 1e-9):,}–{high})"
