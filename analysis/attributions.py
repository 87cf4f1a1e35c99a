"""Who said what, with which authority and how surely: labelled spans in, rows of ``attributions`` and ``speakers`` out."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from analysis import lexicons, likelihood, nested
from analysis.reader import Entity, Reading, Span
from analysis.speakers import Register, Speaker, source_type
from analysis.text import quotations, sentence_run, sentences

#: Probability from which the reader's type of a source counts: where the lexicon knows none, and against the lexicon's.
LIKELY, SURE = 0.3, 0.7


def rows(
    article_id: str,
    text: str,
    spans: Iterable[Span],
    entities: Iterable[Entity] = (),
    reading: Reading | None = None,
) -> list[dict[str, Any]]:
    """Return the rows of ``attributions`` for one article, ordered by place, from the reader's labelled spans and entities.

    Without a ``reading`` the type of a source is the lexicon's alone.
    """
    read = list(spans)
    links: dict[int, list[Span]] = {}
    for span in [*read, *nested.find(text, read)]:
        links.setdefault(span.link, []).append(span)
    cut, quoted = sentences(text), quotations(text)
    starts = [start for start, _ in cut]
    told = [one for group in links.values() if (one := _told(text, _near(text, group, starts)))]
    found = sorted(told, key=lambda group: min((s.start, s.end) for s in group))
    contents = [(s.start, s.end) for group in found for s in group if s.role == "content"]
    people = Register(text, entities, contents, starts)
    made: list[dict[str, Any]] = []
    for i, group in enumerate(found, 1):
        made.append(_row(article_id, text, i, group, cut, quoted, people, made[-1] if made else None))
    return _typed(made, reading) if reading else made


def _typed(made: list[dict[str, Any]], reading: Reading) -> list[dict[str, Any]]:
    """Return rows with the reader's type of their sources where it is surer than the lexicon; rows of one name share theirs."""
    cited = [row for row in made if row["source"] is not None]
    found = reading.types([(row["source_start"], row["source_end"]) for row in cited])
    heard: dict[tuple[str, str], list[dict[str, float]]] = {}
    for row, types in zip(cited, found, strict=True):
        heard.setdefault(_who(row), []).append(types)
    said = {
        who: {kind: sum(one[kind] for one in several) / len(several) for kind in several[0]}
        for who, several in heard.items()
    }
    return [_with_type(row, said.get(_who(row), {})) for row in made]


def _who(row: dict[str, Any]) -> tuple[str, str]:
    return row["speaker"] or row["id"], row["source_type"]


def _with_type(row: dict[str, Any], types: dict[str, float]) -> dict[str, Any]:
    kind = max(types, key=lambda one: (types[one], one), default="other")
    needed = LIKELY if row["source_type"] == "other" else SURE
    if kind == row["source_type"] or types.get(kind, 0.0) < needed:
        return row
    return row | {"source_type": kind, "is_expert": kind == "expert"}


def _near(text: str, group: list[Span], starts: list[int]) -> list[Span]:
    """Return an attribution without contents that stand two sentences or more from the rest of it, but for quotations."""
    told = {bisect_right(starts, s.start) for s in group if s.role != "content"}
    far = [
        s for s in group if s.role == "content" and told and not quotations(text[s.start : s.end])
        and min(abs(bisect_right(starts, s.start) - at) for at in told) >= 2
    ]  # fmt: skip
    near = [s for s in group if s not in far]
    return near if any(s.role == "content" for s in near) else group


def _told(text: str, group: list[Span]) -> list[Span]:
    """Return an attribution, empty where nobody tells it: *can be seen as*, *is known for* without a source is the author's own.

    So is what has neither source nor cue, but for a quotation, and a content without content: *said nothing*.
    A document that is cue and source in one, *reports that …*, becomes the source.
    """
    cue = next((s for s in group if s.role == "cue"), None)
    if all(_EMPTY.fullmatch(text, s.start, s.end) for s in group if s.role == "content"):
        return []
    if any(s.role == "source" for s in group):
        return group
    if cue is None:
        return group if any(quotations(text[s.start : s.end]) for s in group) else []
    words = text[cue.start : cue.end].lower()
    if source_type(words) == "document":
        return [s._replace(role="source") if s is cue else s for s in group]
    return [] if _reporting().isdisjoint(words.split()) else group


_EMPTY = re.compile(r"(?i)(?:nothing|little|no)(?: (?:more|else|further|comment))?[.,]?")


@cache
def _reporting() -> frozenset[str]:
    """Return the forms of the cues in the lexicon that govern a clause: *is said*, not *can be seen*."""
    lines = [c for c in lexicons.read("cues", "cue", "forms", "frame") if "clause" in c["frame"].split(";")]
    return frozenset(form for line in lines for form in line["forms"].split(";"))


def _row(
    article_id: str,
    text: str,
    number: int,
    group: list[Span],
    cut: list[tuple[int, int]],
    quoted: list[tuple[int, int]],
    people: Register,
    before: dict[str, Any] | None,
) -> dict[str, Any]:
    start, end = sentence_run(cut, min(s.start for s in group), max(s.end for s in group))
    source, cue = _only(group, "source"), _only(group, "cue")
    contents = sorted((s.start, s.end) for s in group if s.role == "content")
    if source:
        speaker = people.resolve(*source)
    elif before and cue and before["start"] == start and _goes_on(text[_last(before) : cue[0]]):
        speaker = Speaker(**{field: before[field] for field in Speaker._fields})
    else:
        speaker = people.resolve(0, 0)
    estimate = likelihood.of_spans(text, contents)
    row: dict[str, Any] = {"article_id": article_id, "start": start, "end": end, "text": text[start:end]}
    for role, span in (("source", source), ("cue", cue)):
        row |= {
            role: text[slice(*span)] if span else None,
            f"{role}_start": span and span[0],
            f"{role}_end": span and span[1],
        }
    return row | {
        "content": [text[s:e] for s, e in contents],
        "content_start": [s for s, _ in contents],
        "content_end": [e for _, e in contents],
        "quote_type": quote_type(contents, quoted, cue),
        **speaker._asdict(),
        "is_expert": speaker.source_type == "expert",
        "likelihood": estimate.likelihood if estimate else "none",
        "likelihood_term": text[estimate.start : estimate.end] if estimate else None,
        "p": _p(group),
        "id": f"{article_id}-a{number}",
    }


#: *said that …, and warned*: the words before a cue without a source that share the source before.
_SHARED = re.compile(r"(?:^|[\s,;])(?:and|but|or|then|yet|nor)\s+(?:[\w’'-]+\s+){0,3}$")


def _goes_on(between: str) -> bool:
    return bool(_SHARED.search(between)) and not re.search(r"[.!?“”\"]\s|\b(?:is|are|was|were)\s*$", between)


def _last(row: dict[str, Any]) -> int:
    """Return the end of a row's last part that lies before what follows it: its cue's or its contents'."""
    return int(max([row["cue_end"] or 0, row["source_end"] or 0, *row["content_end"]]))


def _p(group: list[Span]) -> float | None:
    """Return the mean probability of a row's spans, each counted once whatever its length; None where no reader gave them."""
    known = [s.p for s in group if s.p is not None]
    return round(sum(known) / len(known), 4) if known else None


def _only(group: list[Span], role: str) -> tuple[int, int] | None:
    """Return the span of a role, from its first part to its last."""
    parts = [(s.start, s.end) for s in group if s.role == role]
    return (min(s for s, _ in parts), max(e for _, e in parts)) if parts else None


def quote_type(
    contents: list[tuple[int, int]], quoted: list[tuple[int, int]], cue: tuple[int, int] | None = None
) -> str:
    """Return ``direct``, ``mixed`` or ``indirect``: all, part or none of the contents lies inside quotation marks.

    Marks that hold the cue too belong to an outer speaker and do not count.
    """
    inside, touched = [], False
    for start, end in contents:
        first = bisect_right(quoted, start, key=lambda q: q[1])
        marks = [
            q
            for q in quoted[first : bisect_left(quoted, end, key=lambda q: q[0])]
            if not (cue and q[0] < cue[0] and cue[1] < q[1])
        ]
        inside.append(any(q <= start and end <= r for q, r in marks))
        touched = touched or bool(marks)
    if contents and all(inside):
        return "direct"
    return "mixed" if touched else "indirect"


def speakers(attributions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of ``speakers``: one for each speaker of an article, the unnamed by the words of their source."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in attributions:
        if row["source"] is None:
            continue
        name = row["speaker"] or row["source"]
        key = (row["article_id"], name, row["source_type"])
        one = found.setdefault(
            key,
            {
                "article_id": row["article_id"], "speaker": name, "source_type": row["source_type"], "is_named": row["is_named"],
                "role": row["role"], "affiliation": row["affiliation"], "start": row["source_start"], "end": row["source_end"],
                "text": row["source"], "n_attributions": 0,
            },
        )  # fmt: skip
        one["n_attributions"] += 1
        one["role"], one["affiliation"] = one["role"] or row["role"], one["affiliation"] or row["affiliation"]
    return list(found.values())
