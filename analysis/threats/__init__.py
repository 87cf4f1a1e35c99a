"""Which region, which threat, by whom, how likely: what the reader finds joined with a lexicon of terms, and grammar around both.

Terms come from ``data/lexicons/threats.csv``, places from the gazetteer, groups from ``actors.csv``. The phrase around a term is
its evidence; the clause decides who threatens whom, whether it happened, and whether it is denied; what a sentence leaves
out is carried over from the one before or from the article's subject.
Yardstick for the categories: the Geopolitical Risk index (Caldara and Iacoviello, AER 2022).
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

from analysis import lexicons
from analysis.reader import Reading, Span
from analysis.threats import actors, choice, claims, phrases, regions, terms
from analysis.threats.joined import bodies, joined
from analysis.threats.scene import Mention, Range, Scene, class_of, theatre
from analysis.threats.terms import Term

__all__ = ["gpr", "rows"]


def gpr(category: str, kind: str) -> int | None:
    """Return the category of the Geopolitical Risk index that a category and kind of threat correspond to; None for none."""
    return _gpr()[category, kind]


@cache
def _gpr() -> dict[tuple[str, str], int | None]:
    found: dict[tuple[str, str], int | None] = {}
    for line in lexicons.read("gpr", "label", "gpr", "name"):
        category, kind = line["label"].split()
        found[category, kind] = int(line["gpr"]) if line["gpr"] else None
    return found


def rows(
    article_id: str, text: str, spans: Iterable[Span], reading: Reading | None = None
) -> list[dict[str, Any]]:
    """Return the rows of ``threats`` for one article, ordered by place.

    ``spans`` are the reader's: what stands in a source is who speaks and from where, not what is threatened. Without a
    ``reading`` the lexicon alone finds the mentions.
    """
    scene = Scene(text, [(s.start, s.end) for s in spans if s.role == "source"], bodies(reading))
    found = mentions(scene)
    if reading:
        found = joined(scene, found, reading)
    done: list[Mention] = []
    acting: Counter[str] = Counter()
    for m in found:
        m = decide(scene, m, done, acting)
        acting[m.actor] += 1
        done.append(_by_jihadists(text, m))
    return [_row(article_id, scene, m, i) for i, m in enumerate(done, 1)]


_THIS = re.compile(r"(?i)(?:this|these|such)\b")


def decide(scene: Scene, m: Mention, done: list[Mention], acting: Counter[str]) -> Mention:
    """Return a mention with its actor and regions, given those before it and how often each actor acted in them."""
    before = done[-1] if done else None
    m = m._replace(actor=choice.best("actor", actors.candidates(scene, m, before, acting)))
    if whose := regions.belligerents(scene, m.term):
        return m._replace(actor="", regions=whose)
    place = choice.best("region", regions.candidates(scene, m, before, acting))
    m = m._replace(regions=regions.coordinated(scene, m, place) if place else ())
    if m.term.part == "strife" and not any({*theatre(a)} & {*m.regions} for a in m.actor.split("; ")):
        return m._replace(actor="")  # a war has no one who threatens, unless it is that state's usual one
    if _THIS.match(scene.text, m.span[0]) and m.regions == (m.actor,):  # taken up: *this deployment*
        same = (
            x.regions for x in reversed(done[-9:]) if (x.actor, x.term.category) == (m.actor, m.term.category)
        )
        return m._replace(regions=next(same, m.regions))
    return m


_VIOLENT = re.compile(r"(?i)\b(?:attack|raid|strike|bomb|kill|ambush|burn|assault|massacre|shot|blast|explo)")


def _by_jihadists(text: str, m: Mention) -> Mention:
    """An attack by jihadists is terror, whatever its means."""
    is_jihadist = class_of(m.actor) == "jihadist"
    if is_jihadist and m.term.category == "war" and _VIOLENT.search(text, m.term.start, m.term.end):
        return m._replace(term=m.term._replace(category="terror"))
    return m


def mentions(scene: Scene) -> list[Mention]:
    """Return the threat mentions that the lexicon finds, in order, with no actor and no regions yet."""
    found: list[Mention] = []
    for sentence in scene.sentences:
        _add(found, scene, sentence)
    return found


_AUXILIARY = re.compile(r"\s*(?:(?:has|have|had|was|were|is|are|been|being)\s+)*")
_AND = re.compile(r"\s+and\s+(?:[\w-]+\s+){0,2}")
_STRONG = ("terror", "missile", "nuclear")


_CASUALTIES = re.compile(r"(?i)(?:kill|wound|injur|shot dead|maim|hurt)")


def _add(found: list[Mention], scene: Scene, sentence: Range) -> None:
    text = scene.text
    for term in terms.find(text, *sentence):
        if scene.is_source(term.start) or not _counts(scene, sentence, term):
            continue
        if term.mark == "~":
            kin = _SIBLINGS.get(term.category, (term.category,))
            same = next((m.term.category for m in reversed(found[-20:]) if m.term.category in kin), "")
            if not same and (term.category == "nuclear" or not found):
                continue
            term = term._replace(category=same or term.category)
        last = found[-1] if found and found[-1].sentence == sentence else None
        if last and term.start < last.span[1]:
            continue  # part of the phrase before: *the threat of an invasion*
        clause = phrases.clause(text, sentence, term)
        start, end = phrases.span(text, sentence, term)
        if last and _is_one(text, last, term):
            category = last.term.category if last.term.category in _STRONG else term.category
            part = term.part if term.part == "force" else last.term.part
            whole = term._replace(start=last.term.start, category=category, part=part)
            found[-1] = Mention(whole, sentence, clause, (min(last.span[0], start), max(last.span[1], end)))
            continue
        if last and last.term.mark == "@" and last.term.part == "state" and term.start - last.span[1] < 40:
            found.pop()  # *threatens a second round*
        elif (
            last
            and term.start - last.span[1] > 3
            and last.term.category != "military_buildup"
            and _CASUALTIES.match(text, term.start)
        ):
            continue  # *the attack killed seventeen soldiers* tells of one act
        start = max(start, last.span[1] if last else sentence[0])
        start += len(text[start:end]) - len(text[start:end].lstrip())
        found.append(Mention(_like_before(text, found, term, start), sentence, clause, (start, end)))


_SIBLINGS = {"nuclear": ("nuclear", "missile"), "missile": ("nuclear", "missile")}
_GENERIC = re.compile(r"(?i)(?:attacks?|strikes?|raids?|assaults?|bombings?|blasts?)$")
_AGAIN = re.compile(
    r"(?i)(?:the|this|these|that|such|another|further|more|new|fresh|a (?:second|third|new|deliberate|further)|\w+th)\b"
)


def _like_before(text: str, found: list[Mention], term: Term, start: int) -> Term:
    """Return a general term in the category of the mention before that it takes up: after a missile, *the strike*."""
    if (
        found
        and term.category == "war"
        and found[-1].term.category in ("missile", "terror", "coercion")
        and _GENERIC.match(text[term.start : term.end].split()[-1])
        and _AGAIN.match(text, start)
    ):
        return term._replace(category=found[-1].term.category)
    return term


def _is_one(text: str, last: Mention, term: Term) -> bool:
    """Tell whether a term goes on with the one before: *a car bomb* + *killed*, *sabotage* + *and cyber attacks*."""
    between = text[last.span[1] : term.start]
    if term.part == "force" and last.term.part != "force":
        return bool(_AUXILIARY.fullmatch(between))
    same = last.term.category == term.category and term.part == last.term.part
    return same and bool(_AND.fullmatch(between))


def _counts(scene: Scene, sentence: Range, term: Term) -> bool:
    if term.mark == "@" and term.part == "force":
        return any(p.kind != "demonym" for p in scene.places_in(term.end + 1, term.end + 6))
    if term.mark == "@":
        return bool(scene.places_in(term.start - 35, term.end + 20))
    return term.part != "material" or _is_build_up(scene, sentence, term)


_QUANTIFIED = re.compile(
    r"(?i)\b(?:\d[\d,.]*|more|further|new|foreign|extra|additional|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens? of|hundreds of|"
    r"thousands of|\w+teen|\w+ty|hundred|thousand|dozen|no)\s+(?:[\w-]+\s+){0,2}$"
)
_THERE = re.compile(
    r"\s+(?:around|near|off|along|across|inside|east of|west of|south of|north of|in|at|on|over|to|from|for)\s+(?:the\s+)?"
)
_HEAVY = re.compile(
    r"(?i)\ba (?:[\w-]+ )?(?:frigate|destroyer|corvette|submarine|cutter|carrier|missile boat|radar (?:unit|station)|battalion|brigade|regiment|warship|gunboat|squadron of drones)$"
)
_PEOPLE = re.compile(r"(?i)(?:troops|soldiers|forces|guards|infantrymen|marines|commandos)$")
_STOPPED = re.compile(r"[,.;]")


def _is_build_up(scene: Scene, sentence: Range, term: Term) -> bool:
    """Tell troops and weapons counted, owned by a state or placed somewhere from soldiers who are merely people."""
    text = scene.text
    if not _PEOPLE.search(text, term.start, term.end):
        near = (max(sentence[0], term.start - 30), term.start)
        owners = [p.end for p in scene.parties_in(*near)] + [p.end for p in scene.places_in(*near)]
        for end in owners:
            if end <= term.start and not _STOPPED.search(text, end, term.start):
                return True
    if _QUANTIFIED.search(text[max(sentence[0], term.start - 40) : term.start]):
        return True
    if _HEAVY.search(text, max(sentence[0], term.start - 20), term.end):
        return True
    there = _THERE.match(text, term.end)
    return bool(
        there
        and (
            text[there.end()].isupper()
            or text.startswith(("country", "strip", "region", "border"), there.end())
        )
    )


def _row(article_id: str, scene: Scene, m: Mention, number: int) -> dict[str, Any]:
    text, (start, end) = scene.text, m.span
    estimate = claims.estimate(text, m.clause, m.span, m.term)
    kind = claims.kind(text, m.clause, m.span, m.term, is_uncertain=bool(estimate))
    category = m.term.category
    return {
        "article_id": article_id, "start": start, "end": end, "text": text[start:end], "category": category, "kind": kind,
        "gpr": gpr(category, kind), "actor": m.actor, "regions": list(m.regions),
        "is_negated": claims.is_negated(text, m.clause, m.span, m.term),
        "likelihood": estimate.likelihood if estimate else "none",
        "sentence_start": m.sentence[0], "sentence_end": m.sentence[1], "term": m.term.line or None,
        "p": None if m.p is None else round(m.p, 4), "id": f"{article_id}-t{number}",
    }  # fmt: skip
