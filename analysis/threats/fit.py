"""Estimate what evidence is worth from gold rows, and write ``data/lexicons/evidence.csv``.

A conditional logit (McFadden 1974) with a ridge penalty for actors and one for regions. Mentions are decided in order, with the
decisions before them as the present weights make them, for a few rounds:
``python -m analysis.threats.fit GOLD.jsonl ... --unseen GOLD.jsonl ...``

First all gold says what grammar is worth; then, drawn toward that, the files that the reader was not trained on say what the
reader is worth: of its own training texts it is surer than of any other.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from analysis import lexicons, reader
from analysis.reader import Reading, gold
from analysis.threats import actors, choice, decide, mentions, regions
from analysis.threats.joined import bodies, joined
from analysis.threats.scene import Mention, Scene

DEMO = lexicons.FOLDER.parent / "demo"
#: What grammar leads one to expect where the sample holds few cases: the penalty draws the weights here, all others to nought.
EXPECTED = {
    "owner": 2.0, "by": 2.0, "these": 3.0, "self": 1.5, "subject clause": 1.0, "subject clause force": 2.0, "is threatened": -2.0,
    "pointed": 3.0, "phrase": 2.5, "after": 2.0, "before": 0.5, "speaks": -1.0, "blamed": 2.0, "owner force": 2.0, "usual of category": 1.0,
}  # fmt: skip
Choice = tuple[list[list[str]], list[bool]]  # the evidence of each candidate, and which of them are right


def choices(
    text: str, sources: list[tuple[int, int]], rows: Iterable[dict[str, Any]], reading: Reading | None = None
) -> dict[str, list[Choice]]:
    """Return the decisions of an article with what the gold rows say of them; mentions without a gold row teach nothing."""
    scene = Scene(text, sources, bodies(reading))
    spans = [
        (*gold.place(text, text.index(row["sentence"]), row["sentence"], row["text"]), row) for row in rows
    ]
    found: dict[str, list[Choice]] = {"actor": [], "region": []}
    done: list[Mention] = []
    acting: Counter[str] = Counter()
    for m in joined(scene, mentions(scene), reading) if reading else mentions(scene):
        before = done[-1] if done else None
        row = next((r for s, e, r in spans if s < m.span[1] and m.span[0] < e), None)
        if row:
            right = {a.casefold() for a in row["actor"].split("; ")}
            of = actors.candidates(scene, m, before, acting)
            found["actor"].append(
                ([*of.values()], [{a.casefold() for a in c.split("; ")} == right for c in of])
            )
        m = decide(scene, m, done, acting)
        if row and not regions.belligerents(scene, m.term):
            of = regions.candidates(scene, m, before, acting)
            found["region"].append(([*of.values()], [c in row["regions"] for c in of]))
        acting[m.actor] += 1
        done.append(m)
    return found


def estimate(
    sample: list[Choice], drawn_to: Mapping[str, float], penalty: float, rounds: int = 150
) -> dict[str, float]:
    """Return the weights that make the right candidates most likely, by gradient ascent, drawn to those that were expected."""
    sample = [(c, r) for c, r in sample if any(r)]
    count = Counter(e for candidates, _ in sample for evidence in candidates for e in set(evidence))
    names = sorted({e for e, n in count.items() if n >= 5} | {*drawn_to})
    index = {e: i for i, e in enumerate(names)}
    data = []
    for candidates, right in sample:
        x = np.zeros((len(candidates), len(names)))
        for i, evidence in enumerate(candidates):
            for e in evidence:
                if e in index:
                    x[i, index[e]] += 1
        data.append((x, np.array(right)))
    expected = np.array([drawn_to.get(e, 0.0) for e in names])
    w = expected.copy()
    step = np.zeros(len(names))
    for _ in range(rounds):
        gradient = penalty * (expected - w)
        for x, is_right in data:
            z = x @ w
            p = np.exp(z - z.max())
            p /= p.sum()
            q = np.where(is_right, p, 0)
            q /= q.sum()
            gradient += (q - p) @ x
        step += gradient**2
        w += 0.3 * gradient / np.sqrt(step + 1e-9)
    return {name: round(float(v), 2) for name, v in zip(names, w, strict=True) if abs(v) >= 0.01}


def write(found: dict[str, dict[str, float]], source: str, date: str = "2026-12-01") -> None:
    """Write the weights as a lexicon."""
    with (lexicons.FOLDER / "evidence.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["evidence", "weight", "source", "date_added", "note"])
        for of, known in sorted(found.items()):
            lines.writerows(
                [f"{of}: {name}", f"{value:.2f}", source, date, ""] for name, value in sorted(known.items())
            )
    choice.weights.cache_clear()
    lexicons.read.cache_clear()


def fit(paths: Iterable[Path], unseen: Iterable[Path] = (), rounds: int = 3) -> None:
    """Fit the weights to gold files, with sources as in the gold and as the reader finds them."""
    drawn_to: dict[str, Mapping[str, float]] = {"actor": EXPECTED, "region": EXPECTED}
    for files, asked, penalty in ((paths, False, 2.0), (unseen, True, 15.0)):
        every = []
        for one in (line for path in files for line in gold.lines(path)):
            text, attributions, _ = gold.located(one, DEMO)
            reading = reader.read(text)
            cited = [span for a in attributions for span in a["source"]]
            found = [(s.start, s.end) for s in reading.spans if s.role == "source"]
            every += [(text, at, one.get("threats", []), reading if asked else None) for at in (cited, found)]
        for _ in range(rounds if every else 0):
            sample: dict[str, list[Choice]] = {"actor": [], "region": []}
            for article in every:
                for of, some in choices(*article).items():
                    sample[of] += some
            write(
                {of: estimate(some, drawn_to[of], penalty) for of, some in sample.items()},
                "fitted on data/gold by analysis.threats.fit",
            )
        drawn_to = {of: dict(choice.weights(of)) for of in drawn_to}


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("gold", type=Path, nargs="+", help="gold files with threats")
    arguments.add_argument(
        "--unseen", type=Path, nargs="*", default=[], help="those the reader was not trained on"
    )
    given = arguments.parse_args()
    fit(given.gold, given.unseen)
