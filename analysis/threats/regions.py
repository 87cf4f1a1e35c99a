"""What is threatened: every place of the article that may be, each with what speaks for it.

What each kind of evidence is worth stands in ``data/lexicons/evidence.csv``.
"""

import re
from collections import Counter
from itertools import pairwise

from analysis.threats import choice
from analysis.threats.scene import Mention, Scene, is_object, near, theatre, theatres
from analysis.threats.terms import Term

_AFTER_END = re.compile(
    r"(?i)(?:,\s+(?!(?:and\s+)?[A-Z])|\b(?:after|before|when|as|since|until|that|who|which|because|while|if|despite|amid|said|says|told|"
    r"following|where|though|although|but)\b)"
)
_BESIDE = re.compile(r"\s*(?:,|,? and|or)\s*(?:the\s+)?(?:\w+ of\s+(?:the\s+)?)?")
_POINTED = re.compile(
    r"\b(?:the|this) (?:island|country|peninsula|kingdom|strait|region|border|city|capital|coast|sea|republic|province)\b"
)

#: Probability from which the reader's place is threatened beside the one that is chosen.
ALSO = 0.8


def candidates(
    scene: Scene, m: Mention, before: Mention | None, acting: Counter[str]
) -> dict[str, list[str]]:
    """Return every place that may be threatened by a mention, each with the evidence for it."""
    text, term = scene.text, m.term
    found: dict[str, list[str]] = {}

    def add(place: str, evidence: str) -> None:
        found.setdefault(place, []).append(evidence)

    stop = _AFTER_END.search(text, term.end, m.clause[1])
    end = max(m.span[1], stop.start() if stop else m.clause[1])
    own = {*m.actor.split("; ")}
    for p in scene.places_in(*near(m)):
        if p.start in scene.sources:
            where = "speaks"
        elif term.start <= p.start < m.span[1]:
            where = "phrase"
        elif m.span[0] <= p.start < term.start:
            where = "owner"
        elif term.end <= p.start < end:
            where = "after" if is_object(text, term.end, p.start) else "after bare"
        elif m.clause[0] <= p.start < term.start:
            where = "before" if is_object(text, m.clause[0], p.start) else "before bare"
        else:
            where = "later" if p.start > term.start else "earlier"
        add(p.id, where + (" own" if p.id in own else ""))
        if where in ("phrase", "after") and p.kind != "demonym":
            add(p.id, "located")
    for place in _pointed(scene, m, end):
        add(place, "pointed")
    if before:
        distance = "next" if m.sentence[0] - before.sentence[1] < 3 else "far"
        same = "same" if before.actor == m.actor else "other"
        for place in before.regions:
            add(place, f"before {distance} {same}")
    for p in scene.places_in(max(0, m.sentence[0] - 600), m.sentence[0])[-1:]:
        add(p.id, "last named")
    for place in scene.n_named:
        add(place, "named")
    for place in scene.n_speaking:
        add(place, "speaking")
    usual = [r for a in m.actor.split("; ") for r in theatre(a, term.category)[:2]]
    for i, place in enumerate(usual):
        add(place, f"usual {min(i, 1)}")
    if any(theatres().get(f"{a} {term.category}") for a in own):
        add(usual[0], "usual of category")
    for place, probable in m.places.items():
        if probable >= choice.STEPS[0]:
            found.setdefault(place, [])
    for place, evidence in found.items():
        evidence += choice.read(m.places.get(place, 0.0))
        evidence += ["again"] * min(6, scene.n_named[place])
        evidence += ["in lead"] * (place in scene.in_lead) + ["city"] * (place in scene.located)
        evidence += ["demonym"] * (place in scene.demonyms) + ["capital"] * (place in scene.capitals)
        evidence += ["most named"] * (0 < scene.most_named == scene.n_named[place])
        evidence += ["acts"] * min(3, sum(n for a, n in acting.items() if place in a.split("; ")))
        kind = "state" if place.isupper() else "region"
        evidence.append(kind if kind == "state" else f"region {term.category}")
        if place in own:
            evidence.append(f"own {term.category}")
        if place not in scene.n_named and place not in scene.n_speaking:
            evidence.append("not named")
    return found


def _pointed(scene: Scene, m: Mention, end: int) -> list[str]:
    """Resolve *their own security* and *the island* to the places named before."""
    rest = scene.text[m.term.start : end]
    own = {*m.actor.split("; ")}
    before = [p for p in scene.places_in(m.sentence[0], m.term.start) if p.id not in own]
    if "their own" in rest:
        return [p.id for p in before if p.kind != "demonym"][:2]
    if _POINTED.search(rest):
        return [p.id for p in before if p.kind in ("state", "region")][:1]
    return []


def belligerents(scene: Scene, term: Term) -> tuple[str, ...]:
    """Return those whose war it is, *the Russian-Ukrainian conflict*: it takes place there, and nobody is said to threaten."""
    if term.part != "strife":
        return ()
    found: list[str] = []
    at = term.start
    for place in reversed(
        [p for p in scene.places_in(max(0, term.start - 60), term.start) if p.kind == "demonym"][-2:]
    ):
        if scene.text[place.end : at] not in (" ", "-"):
            break
        found.append(place.id)
        at = place.start
    return tuple(sorted(found))


def coordinated(scene: Scene, m: Mention, place: str) -> tuple[str, ...]:
    """Return a place with those that stand beside it in the phrase or after it: *Japan and South Korea*."""
    beside = [p for p in scene.places_in(m.term.start, m.sentence[1]) if p.start not in scene.sources]
    pointed = _pointed(scene, m, m.clause[1])
    if place in pointed:
        return tuple(sorted(pointed))
    found = {place}
    for left, right in pairwise(beside):
        if {left.id, right.id} & found and _BESIDE.fullmatch(scene.text[left.end : right.start]):
            found |= {left.id, right.id}
    found -= {*m.actor.split("; ")} - {place}
    return tuple(sorted(found | {other for other, probable in m.places.items() if probable >= ALSO}))
