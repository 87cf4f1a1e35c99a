"""Which region, which threat, by whom, how likely: a lexicon of terms with grammar around it.

Terms come from ``data/lexicons/threats.csv`` (longest match wins; category ``none`` holds names and phrases that are no
threats), places from the gazetteer, and the clause decides who threatens whom, whether it happened, and whether it is denied.
Yardstick for the categories: the Geopolitical Risk index (Caldara and Iacoviello, AER 2022).
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from analysis import lexicons, likelihood, places
from analysis.places import Place
from analysis.text import sentences


class Term(NamedTuple):
    """A threat term found in an article."""

    start: int
    end: int
    category: str
    kind: str


_GAP = r"(?:[\w’'-]+\s+){0,4}?"


@cache
def _terms() -> tuple[re.Pattern[str], tuple[tuple[str, str, bool], ...]]:
    """Return one pattern over all terms, longest first, and the category and kind of each of its alternatives."""
    lines = sorted(
        lexicons.read("threats", "term", "category", "kind"), key=lambda t: (-len(t["term"]), t["term"])
    )
    choices = [f"(?P<t{i}>{_as_regex(line['term'])})" for i, line in enumerate(lines)]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(choices)})(?![\w-])", re.IGNORECASE), tuple(
        (t["category"], t["kind"], t["term"][0] == "@") for t in lines
    )


def _as_regex(term: str) -> str:
    """``*`` is any ending of a word, ``…`` up to four words, ``(a|b)`` a choice, ``[a|b]`` what must follow; a space any white space."""
    term = re.sub(r" \[(.+)\]$", r"(?=\\s(?:\1)\\b)", term.removeprefix("@"))
    return re.sub(r"\((?!\?)", "(?:", term.replace("*", r"\w*")).replace("… ", _GAP).replace(" ", r"\s+")


_BREAK = re.compile(
    r"[;:—–()]|,\s+(?=which\b|who\b)|,?\s+\b(?:but|while|whereas|although|though|because|so that)\b|,\s+(?:and|or)\s+(?=\w+\s+\w+ed\b)"
)
_FUTURE = re.compile(
    r"(?i)\b(?:may|might|could|would|will|shall|should|can|cannot|can[’']t|won[’']t|to|if|unless|whether|risk\w*|fear\w*|warn\w*|"
    r"possib\w+|potential\w*|plan\w*|prepar\w+|prospects?|danger\w*|threat\w*|deter\w*|prevent\w*|avert\w*|avoid\w*|likely|unlikely|"
    r"expect\w*|intend\w*|consider\w*|vow\w*|pledg\w*|promis\w*|propos\w*|chance|future|imminent|looming|before any|spectre|specter|"
    r"in case of|in the event of|contemplat\w*|rehears\w*|simulat\w*|ready|readiness|poised|about to|set to|probab\w+|deterrence|predict\w*)\b"
)
_FUTURE_AFTER = re.compile(
    r"(?i)[^,;.]{0,30}\b(?:planned|feared|expected|looms?|would|could|will|may|might|likely|probable|possible|imminent|excluded)\b"
)
_DEFINITE = re.compile(r"(?i)\b(?:the|these|those|this week[’']s)\s+(?:\w+\s+)?$")
_PERFECT = re.compile(
    r"(?i)\b(?:may|might|could|must|would)\s+(?:\w+\s+)?have\s+(?:been\s+)?(?:\w+\s+){0,2}$"
)
_NEGATION = re.compile(
    r"(?i)\b(?:no|not|never|without|neither|nor|denie[sd]|deny|denying|reject(?:s|ed|ing)?|rule[sd]? out|ruling out|dismiss(?:es|ed|ing)?|"
    r"end(?:ed|s|ing)?|lift(?:ed|s|ing)?|withdrew|withdrawn|withdraw(?:s|ing)?|cancel(?:s|led|ling|ed)?|call(?:ed|s|ing)? off|halt(?:ed|s|ing)?|"
    r"suspend(?:ed|s|ing)?|refrain(?:ed|s)? from|abandon(?:ed|s|ing)?|free of|absence of|none of)\b|n[’']t\b"
)
_NOT_DENIED = re.compile(
    r"(?i)\b(?:not only|no doubt|(?:cannot|can[’']t|can not|could not|not) be (?:ruled out|excluded)|(?:not|n[’']t) ruled? out|no longer just|not just|not least|nor? less)\b"
)
_DENIED_AFTER = re.compile(
    r"(?i)^[^,;.]{0,40}?\b(?:(?:has|have|had|was|were|is|are|been)\s+(?:\w+\s+)?(?:denied|rejected|called off|cancelled|canceled|lifted|ended|withdrawn|halted|"
    r"averted|suspended)|did not (?:happen|take place|materialise|materialize)|never (?:came|happened|materialised))\b"
)
_SUBJECT_BREAK = re.compile(r"(?i)\b(?:that|which|who|because|while|if|when|after|before|as)\b|[,;:]")
_BY = re.compile(r"(?i)^[^,;.]{0,60}?\b(?:by|from)\s+(?:the\s+)?")
_ANCHOR = re.compile(r"(?:\s+(?:in|over|with|against|between|on|to))?\s+(?:the\s+)?")
#: A year makes background of it: *the bombardment of 1958*.
_PAST = re.compile(r"\s+(?:of|in)\s+(?:1\d{3}|200\d)\b")
#: Where the places that belong to a term end: a comma that no further place follows, or a word that begins another clause.
_AFTER_END = re.compile(
    r"(?i)(?:,\s+(?!(?:and\s+)?[A-Z])|\b(?:after|before|when|as|since|until|that|who|which|because|while|if|despite|amid|said|says|told|"
    r"following|where|though|although|but)\b)"
)
_OWN = re.compile(
    r"(?i)^\s*,?\s*(?:\w+\s+){1,5}?(?:to\s+(?:\w+\s+){0,4}$|(?:that\s+|on \w+\s+(?:that\s+)?)?(?:it|they|its|their)\b)"
)
_OBJECT = re.compile(
    r"(?i)\b(?:(?:on|against|in|into|at|near|over|around|off|of|toward|towards|across|along|through|with|between|for|onto|"
    r"inside|within|upon|outside|via)\s+(?:\w+\s+){0,3}|to\s+(?:the\s+|\w+ern\s+)?)$"
)


_THESE = re.compile(
    r"\b(?:these|both|the two) (?:states|countries|nations|governments|neighbours|neighbors)\b"
)


def rows(article_id: str, text: str, sources: Iterable[tuple[int, int]]) -> list[dict[str, Any]]:
    """Return the rows of ``threats`` for one article, ordered by place.

    ``sources`` are the source spans of its attributions: what is named there is who speaks and from where, not what is
    threatened.
    """
    speaking = list(sources)
    named = places.find(text)
    found: list[dict[str, Any]] = []
    for start, end in sentences(text):
        inside = [p for p in named if start <= p.start < end]
        mine = [(s, e) for s, e in speaking if s < end and e > start]
        for term in _find(text, start, end, inside):
            if any(s <= term.start < e for s, e in mine):
                continue
            row = _row(article_id, text, (start, end), term, inside, mine)
            if not row["actor"] and _THESE.search(text, start, term.start):
                row["actor"] = "; ".join([p.id for p in named if p.end <= start and p.kind == "state"][-2:])
            if found and not row["regions"]:  # told on from the sentence before: *further strikes are likely*
                row["regions"], row["actor"] = found[-1]["regions"], row["actor"] or found[-1]["actor"]
            elif not row["regions"]:
                row["regions"] = _setting(named, start, speaking, row["actor"])
            found.append(row)
    return [row | {"id": f"{article_id}-t{i}"} for i, row in enumerate(found, 1)]


def _setting(named: list[Place], before: int, speaking: list[tuple[int, int]], actor: str) -> list[str]:
    """Return the place named last above a first threat that has none of its own."""
    above = [
        p
        for p in named
        if p.start < before
        and p.id not in actor.split("; ")
        and not any(s <= p.start < e for s, e in speaking)
    ]
    return [above[-1].id] if above else []


def _find(text: str, start: int, end: int, named: list[Place]) -> list[Term]:
    pattern, meanings = _terms()
    found = []
    for match in pattern.finditer(text, start, end):
        category, kind, beside = meanings[int(str(match.lastgroup)[1:])]
        if (
            category != "none"
            and not _PAST.match(text, match.end())
            and (not beside or _beside(text, match, named))
        ):
            found.append(Term(match.start(), match.end(), category, kind))
    return found


def _beside(text: str, match: re.Match[str], named: list[Place]) -> bool:
    """Tell *the war in Ukraine* and *the Russian-Ukrainian conflict* from *a modern war*."""
    before = any(p.end <= match.start() and not text[p.end : match.start()].strip() for p in named)
    link = _ANCHOR.match(text, match.end())
    return before or bool(link and any(link.end() == p.start for p in named))


def _row(
    article_id: str,
    text: str,
    sentence: tuple[int, int],
    term: Term,
    named: list[Place],
    speaking: list[tuple[int, int]],
) -> dict[str, Any]:
    start, end = _clause(text, sentence, term)
    before, after = text[start : term.start], text[term.end : end]
    free = [p for p in named if not any(s <= p.start < e for s, e in speaking)]
    actor = (
        _actor(text, (start, end), term, free)
        or _actor(text, sentence, term, free)
        or _self(text, sentence, term, [p for p in named if p not in free], speaking)
    )
    regions = _regions(text, sentence, (start, end), term, free, named, set(actor.split("; ")))
    if belligerents := _belligerents(text, term, free):
        actor, regions = "", belligerents
    estimates = likelihood.find(text, start, end)
    estimate = likelihood.strongest([e for e in estimates if _speaks_of(text, e, term)])
    return {
        "article_id": article_id, "start": term.start, "end": term.end, "text": text[term.start : term.end],
        "category": term.category, "kind": _kind(term, before, after, bool(estimate)), "actor": actor,
        "regions": regions,
        "is_negated": _is_negated(before, after), "likelihood": estimate.likelihood if estimate else "none",
        "sentence_start": sentence[0], "sentence_end": sentence[1],
    }  # fmt: skip


def _speaks_of(text: str, estimate: likelihood.Estimate, term: Term) -> bool:
    """Tell whether an estimate of the clause is about the threat: an adjective only beside it, none beyond a new clause."""
    if estimate.scope == "phrase":
        return term.start - 25 <= estimate.end <= term.end
    return estimate.start < term.end or not re.search(
        r"\b(?:who|which|whose)\b", text[term.end : estimate.start]
    )


def _clause(text: str, sentence: tuple[int, int], term: Term) -> tuple[int, int]:
    """Return the part of the sentence that the term stands in, between breaks that turn to something else."""
    start, end = sentence
    for match in _BREAK.finditer(text, start, end):
        if match.end() <= term.start:
            start = match.end()
        elif match.start() >= term.end:
            return start, match.start()
    return start, end


def _kind(term: Term, before: str, after: str, is_uncertain: bool) -> str:
    """``threat`` where the clause looks ahead or doubts; *the attacks* have happened, whatever may come of them."""
    if term.kind:
        return term.kind
    near = before[-90:]
    if _PERFECT.search(near) or _DEFINITE.search(near):
        return "act"
    return "threat" if is_uncertain or _FUTURE.search(near) or _FUTURE_AFTER.match(after) else "act"


def _is_negated(before: str, after: str) -> bool:
    near = _NOT_DENIED.sub("", before)[-70:]
    near = near[near.rfind(",") + 1 :]
    return bool(_NEGATION.search(near) or _DENIED_AFTER.search(after))


@cache
def _groups() -> tuple[re.Pattern[str], dict[str, str]]:
    lines = lexicons.read("actors", "term", "actor")
    ordered = sorted((line["term"] for line in lines), key=lambda t: (-len(t), t))
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, ordered))})(?![\w])"), {
        line["term"]: line["actor"] for line in lines
    }


def _actor(text: str, clause: tuple[int, int], term: Term, named: list[Place]) -> str:
    """Return who threatens: *by X* and *from X* after the term, else the state or group named last before it."""
    start, end = clause
    pattern, groups = _groups()
    every = [(m.start(), m.end(), groups[m[0]]) for m in pattern.finditer(text, start, end)]
    every += [
        (p.start, p.end, p.id)
        for p in named
        if p.id.isupper()
        and text[p.start - 1 : p.start] != "-"
        and not any(s <= p.start < e for s, e, _ in every)
    ]
    if by := _BY.match(text[term.end : end]):
        for s, _, actor in sorted(every):
            if s - (term.end + by.end()) in range(0, 12) and s >= term.end + by.end():
                return actor
    left = sorted(
        x for x in every if start <= x[0] and x[1] <= term.end and not _is_object(text, start, x[0])
    )
    if not left:
        return ""
    first = left[-1] if left[-1][1] >= term.start - 25 else _subject(text, start, left)
    others = [
        x for x in left if x[0] > first[0] and re.fullmatch(r"\s*(?:,|and|or)\s*", text[first[1] : x[0]])
    ]
    return "; ".join(dict.fromkeys([first[2], *(x[2] for x in others)]))


def _self(
    text: str, sentence: tuple[int, int], term: Term, speaking: list[Place], sources: list[tuple[int, int]]
) -> str:
    """Return the speaker who speaks of its own acts: *Israel said it will strike back*, *Tehran promised to answer*."""
    pattern, groups = _groups()
    source = max(((s, e) for s, e in sources if sentence[0] <= s and e <= term.start), default=None)
    if source is None or not _OWN.search(text[source[1] : term.start]):
        return ""
    state = next((p.id for p in speaking if source[0] <= p.start < source[1] and p.id.isupper()), "")
    group = pattern.search(text, *source)
    return groups[group[0]] if group else state


def _subject(text: str, start: int, left: list[tuple[int, int, str]]) -> tuple[int, int, str]:
    """Return the candidate that begins its clause: after the last break before the term, else the first of all."""
    breaks = [m.end() for m in _SUBJECT_BREAK.finditer(text, start, left[-1][0])]
    if breaks:
        late = [x for x in left if x[0] >= breaks[-1]]
        if late:
            return late[0]
    return left[0]


def _is_object(text: str, start: int, at: int) -> bool:
    return bool(_OBJECT.search(text[max(start, at - 40) : at]))


def _belligerents(text: str, term: Term, free: list[Place]) -> list[str]:
    """Return those whose war it is, *the Russian-Ukrainian conflict*: it takes place there, and nobody is said to threaten."""
    found: list[str] = []
    at = term.start
    for place in reversed([p for p in free if p.end < term.start and p.kind == "demonym"]):
        if text[place.end : at] not in (" ", "-"):
            break
        found.append(place.id)
        at = place.start
    return sorted(found) if text[term.start : term.end].lower() in ("conflict", "war", "hostilities") else []


def _regions(
    text: str,
    sentence: tuple[int, int],
    clause: tuple[int, int],
    term: Term,
    free: list[Place],
    named: list[Place],
    actors: set[str],
) -> list[str]:
    """Return the ids of what is threatened: places after the term, else places in the term's clause behind a preposition."""
    start, end = clause
    stop = _AFTER_END.search(text, term.end, end)
    end = stop.start() if stop else end
    inner = [p for p in free if term.start <= p.start < term.end and p.id not in actors]
    after = [p for p in free if term.end <= p.start < end and p.id not in actors]
    after += _pointed(text, term, end, named, actors)
    found = inner + after
    if not found:
        found = [
            p
            for p in free
            if start <= p.start < term.start and p.id not in actors and _is_object(text, start, p.start)
        ]
        found = found[-1:]
    if not found:
        found = [p for p in free if end <= p.start < sentence[1] and p.id not in actors][:1]
    return sorted(dict.fromkeys(p.id for p in sorted(found)))


def _pointed(text: str, term: Term, end: int, named: list[Place], actors: set[str]) -> list[Place]:
    """Resolve *their own security* and *the island* to the places named before in the sentence."""
    rest = text[term.start : end]
    before = [p for p in named if p.start < term.start and p.id not in actors]
    if re.search(r"\btheir own\b", rest):
        subject = [p for p in sorted(before) if p.kind != "demonym"]
        return subject[:2]
    if re.search(r"\bthe (?:island|country|peninsula|kingdom)\b", rest):
        return [p for p in before if p.kind in ("state", "region")][:1]
    return []
