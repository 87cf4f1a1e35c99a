"""Who threatens: everybody in the article who may, each with what speaks for it.

Evidence is named, *subject of the clause*, *owner of the phrase*, *actor of the mention before*; what each kind is worth stands
in ``data/lexicons/evidence.csv``.
"""

import re
from collections import Counter
from functools import lru_cache

from analysis.threats import choice
from analysis.threats.scene import Mention, Party, Scene, against, class_of, is_object, local, near, theatre

_BY = re.compile(r"(?i)[^,;.]{0,60}?\bby\s+(?:the\s+)?")
_FROM = re.compile(r"(?i)[^,;.]{0,60}?\bfrom\s+(?:the\s+)?")
_BLAMED = re.compile(r"(?i)[^;.]{0,40}?\bon\s+(?:the\s+)?(?=[A-Z])")
_SUBJECT_BREAK = re.compile(r"(?i)\b(?:that|which|who|because|while|if|when|after|before|as)\b|[,;:]")
_OWN = re.compile(
    r"(?i)^\s*,?\s*(?:\w+\s+){1,5}?(?:to\s+(?:\w+\s+){0,4}$|(?:that\s+|on \w+\s+(?:that\s+)?)?(?:it|they|its|their)\b)"
)
#: Between a subject and a threat: what is done to the subject, or what it only says or feels.
_SUFFERED = re.compile(
    r"(?i)\b(?:condemn|denounc|fear|fac(?:e|ed|es|ing)\b|suffer|woke|wakes|report|saw\b|sees?\b|seen\b|warn|blam|accus|count|record|register|describ|call(?:s|ed)?\b|reject|"
    r"den(?:y|ied|ies)|repel|repuls|los(?:t|es)\b|surviv|withst|brac|respond|react|protest|critici|welcom|view|regard|consider|worr|alarm|complain|dismiss|condon|"
    r"mourn|bur(?:y|ied)|against|watch|await|expect|detect|track|monitor|foil|thwart|intercept|defend|under\b|after\b|before\b|amid\b|because\b|since\b|despite\b|victim|target of|hit by|struck by)"
)
_THESE = re.compile(
    r"\b(?:these|both|the two) (?:states|countries|nations|governments|neighbours|neighbors)\b"
)
_ITS = re.compile(r"(?i)\b(?:it|its|they|their)\b")
_JOINED = re.compile(r"\s*(?:,|,? and|or)\s*(?:the\s+)?")


def candidates(
    scene: Scene, m: Mention, before: Mention | None, acting: Counter[str]
) -> dict[str, list[str]]:
    """Return everybody who may be the actor of a mention, each with the evidence for it; ``""`` is nobody."""
    text, term = scene.text, m.term
    found: dict[str, list[str]] = {"": [f"none {term.part}", f"none {term.category}"]}

    def add(actor: str, evidence: str) -> None:
        found.setdefault(actor, []).append(evidence)

    inside = scene.parties_in(*near(m))
    free = [p for p in inside if p.start not in scene.sources]
    how = f" {term.part}" if term.part in ("strife", "force") else ""
    strong = False
    if owner := [
        p for p in free if m.span[0] <= p.start < term.start and not is_object(text, m.span[0], p.start)
    ]:
        first = owner[-1] if term.part != "force" else owner[0]
        add(_joined(text, first, free, term.start), "owner" + how)
        strong = True
    for p in free:
        if term.end <= p.start < m.span[1]:
            of = re.search(r"\b(of|from) (?:the )?$", text[term.end : p.start])
            add(p.actor, f"complement {of[1] if of else 'other'} {'place' if p.is_place else 'group'}")
    for cue, name in ((_BY, "by"), (_FROM, "from"), (_BLAMED, "blamed")):
        if by := cue.match(text[term.end : m.clause[1]]):
            at = term.end + by.end()
            for p in free:
                if 0 <= p.start - at < 12:
                    add(_joined(text, p, free, m.clause[1]), name)
                    break
    for part, name in ((m.clause, "clause"), (m.sentence, "sentence")):
        if strong:
            break
        left = [
            p
            for p in free
            if part[0] <= p.start and p.end <= term.start and not is_object(text, part[0], p.start)
        ]
        if left:
            first = left[-1] if left[-1].end >= term.start - 25 else _subject(text, part[0], left)
            state = "suffers" if _SUFFERED.search(text, first.end, term.start) else "subject"
            add(_joined(text, first, left, term.start), f"{state} {name}{how}")
            break
    if speaker := _self(scene, m, inside):
        add(speaker, "self")
    if _THESE.search(text, m.sentence[0], term.start):
        earlier = scene.places_in(max(0, m.sentence[0] - 600), m.sentence[0])
        add("; ".join([p.id for p in earlier if p.kind == "state"][-2:]), "these")
    if before and before.actor:
        distance = "next" if m.sentence[0] - before.sentence[1] < 3 else "far"
        add(before.actor, f"before {distance}{how}")
        if before.term.category == term.category:
            add(before.actor, "before same category")
        if _ITS.search(text, m.sentence[0], term.end):
            add(before.actor, "before its")
    for p in inside:
        add(p.actor, "source" if p.start in scene.sources else "sentence")
    if last := scene.parties_in(max(0, m.sentence[0] - 600), m.sentence[0]):
        add(last[-1].actor, "last named")
    here = {*local(scene, m)}
    for actor in {*scene.n_acting, *acting} - {""}:
        add(actor, "mentioned" + how)
    for place in scene.places_in(*near(m)):
        if place.kind == "city":
            add(place.id, "city")
    for named, n in scene.n_named.items():
        for actor in against(named):
            if n == scene.most_named and actor not in scene.n_acting:
                add(actor, "not named")  # *the neighbour in the north*
    for actor, probable in m.actors.items():
        if probable >= choice.STEPS[0]:
            found.setdefault(actor, [])
    for actor, evidence in found.items():
        names, kind, usual = _known(actor)
        evidence += choice.read(len(names) * min([m.actors.get(name, 0.0) for name in names]))
        if not actor:
            continue
        evidence += ["acts"] * min(3, acting[actor]) + ["again"] * min(4, scene.n_acting[actor])
        evidence.append(f"{kind} {term.category}")
        if not here.isdisjoint(names):
            evidence.append("is threatened")
        if not here.isdisjoint(usual):
            evidence.append("usual here" + how)
        elif not usual.isdisjoint(scene.n_named):
            evidence.append("usual in article" + how)
    return found


@lru_cache(maxsize=1 << 12)
def _known(actor: str) -> tuple[list[str], str, frozenset[str]]:
    """Return the names of an actor, its class, and the regions that its threats are usually directed at."""
    names = actor.split("; ")
    kind = class_of(actor) or ("state" if actor[:2].isupper() and len(names[0]) == 2 else "other")
    return names, kind, frozenset(r for a in names for r in theatre(a))


def _joined(text: str, first: Party, others: list[Party], limit: int) -> str:
    """Return a party and those coordinated with it: *Russia and North Korea*, *the United States, Britain and France*."""
    run = [p for p in others if p.start < limit]
    at = next((i for i, p in enumerate(run) if p.start == first.start), None)
    if at is None:
        return first.actor
    low = high = at
    while low and _JOINED.fullmatch(text[run[low - 1].end : run[low].start]):
        low -= 1
    while high + 1 < len(run) and _JOINED.fullmatch(text[run[high].end : run[high + 1].start]):
        high += 1
    return "; ".join(dict.fromkeys(p.actor for p in run[low : high + 1]))


def _self(scene: Scene, m: Mention, inside: list[Party]) -> str:
    """Return the speaker who speaks of its own acts: *Israel said it will strike back*, *Tehran promised to answer*."""
    source = max(
        ((s, e) for s, e in scene.speaking if m.sentence[0] <= s and e <= m.term.start), default=None
    )
    if source is None or not _OWN.search(scene.text[source[1] : m.term.start]):
        return ""
    return next((p.actor for p in inside if source[0] <= p.start < source[1]), "")


def _subject(text: str, start: int, left: list[Party]) -> Party:
    """Return the candidate that begins its clause: after the last break before the term, else the first of all."""
    breaks = [m.end() for m in _SUBJECT_BREAK.finditer(text, start, left[-1].start)]
    late = [x for x in left if breaks and x.start >= breaks[-1]]
    return late[0] if late else left[0]
