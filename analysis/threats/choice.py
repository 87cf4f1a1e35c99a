"""Decide between candidates by their evidence: a conditional logit whose weights stand in ``data/lexicons/evidence.csv``.

McFadden's choice model (1974): the candidate with the highest sum of weights is chosen. ``analysis.threats.fit`` estimates the
weights from gold rows; an analyst can read them and change one.
"""

from bisect import bisect_right
from functools import cache

from analysis import lexicons


@cache
def weights(of: str) -> dict[str, float]:
    """Return the weight of each kind of evidence for ``actor`` or ``region``."""
    return {
        line["evidence"].removeprefix(f"{of}: "): float(line["weight"])
        for line in lexicons.read("evidence", "evidence", "weight")
        if line["evidence"].startswith(f"{of}: ")
    }


#: What the sentence itself says outweighs the rest of the article: where a candidate has such evidence, only those compete.
CERTAIN = {
    "actor": frozenset(("owner", "owner force", "by", "these")),
    "region": frozenset(("phrase", "pointed")),
}


#: Probabilities by the reader from which each is a piece of evidence of its own.
STEPS = (0.03, 0.1, 0.3, 0.6, 0.9)
_READ = [f"reader {step}" for step in STEPS]


def read(p: float) -> list[str]:
    """Return the evidence that a reader's probability is."""
    return _READ[: bisect_right(STEPS, p)]


def best(of: str, candidates: dict[str, list[str]]) -> str:
    """Return the candidate whose evidence weighs most, the first in the alphabet of equals; empty where there is none."""
    known = weights(of)
    certain = {
        name: evidence for name, evidence in candidates.items() if not CERTAIN[of].isdisjoint(evidence)
    }
    scores = {
        name: sum([known.get(e, 0.0) for e in evidence]) for name, evidence in (certain or candidates).items()
    }
    return min(scores, key=lambda name: (-scores[name], name), default="")
