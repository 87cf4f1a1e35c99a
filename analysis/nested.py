"""Attributions inside of what somebody is cited for: *Vale said the army believes that war is near* holds two.

The reader labels one layer only. This finds the second by one narrow pattern, *SOURCE CUE that …* or *according to
SOURCE*, at the beginning of a clause. Quotation marks inside belong to the outer speaker. It is made to be right rather than complete: what stands without
*that*, behind a relative pronoun or in a noun (*the claim that*) is not found.
"""

import re
from collections.abc import Iterable
from functools import cache

from analysis import lexicons
from analysis.reader import Span

_WORD = r"[\w’'.-]+"
_NOT_NAMED = r"(?!I\b|[Ww]e\b|[Yy]ou\b|[Ii]t\b|[Tt]hat\b|[Tt]his\b|[Tt]here\b|[Ww]ho\b|[Ww]hich\b|[Ww]hat\b|[Ii]f\b|[Ww]hen\b|[Nn]obody\b|[Nn]o one\b|[Ee]verybody\b)"
_PHRASE = (  # *the hill villages*, *One of my colleagues*, *Mali’s army*, *Analysts in Seoul*, *she*
    rf"(?:[Hh]e|[Ss]he|[Tt]hey|(?:[Tt]he|[Aa]n?|[Oo]ne|[Ss]ome|[Mm]any|[Mm]ost|[Ss]everal|[Oo]ther|[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts)"
    rf"(?:\s{_WORD}){{1,7}}?|[A-ZÀ-Þ][\w’'.-]*(?:\s{_WORD}){{0,6}}?)"
)
_BEGIN = r"(?:^[“\"‘']?|(?<=[.!?;:]\s)|(?<=[.!?][”\"’]\s)|(?<=,\sand\s)|(?<=,\sbut\s)|(?<=\sand\sthat\s)|(?<=\sbecause\s)|(?<=\bthat\s)|(?<=\b[Bb]ut\s)|(?<=\bAnd\s))"
_UNFINISHED = re.compile(  # no noun phrase, or one whose verb is not told as a fact
    r"(?i)(?:\b(?:the|an?|my|our|his|her|their|its|this|that|of|in|by|and|or|who|which|is|are|was|were|be|to|not|if|I|we|you|do|does|did|cannot|may)|,|s[’']|[’']s)$"
    r"|\b(?:if|when|where|would|could|should|might|so|than|whether)\b|[.!?]|^(?:after|before|do|does|did|while|since|one of the reasons)\b"
)
_NOUN = re.compile(
    r"(?:claim|charge|report|demand|state|warning|estimate|forecast)s?$"
)  # a cue that may be a noun: *a false claim that …*
_END = re.compile(
    r"[.!?;](?=\s|[”\"’]|$)|[”\"]|,\s(?:and|but)\s(?=(?:that|he|she|they|it|we|I|the|this|there)\b)|,$"
)
_SENTENCE = re.compile(r"[.!?](?=\s|$)")


@cache
def _pattern() -> re.Pattern[str]:
    """Return SOURCE CUE that …: finite forms of the verbs of ``cues.csv`` that govern a clause."""
    forms = {
        form
        for line in lexicons.read("cues", "cue", "forms", "frame")
        if "clause" in line["frame"].split(";")
        for form in line["forms"].split(";")
        if not form.endswith("ing")
    }
    verbs = "|".join(sorted(map(re.escape, forms), key=lambda f: (-len(f), f)))
    return re.compile(
        rf"{_BEGIN}(?P<source>{_NOT_NAMED}{_PHRASE})\s(?:(?:\w+ly|also|once|now|still|always|never|often|privately)\s)?"
        rf"(?P<cue>(?:(?:has|have|had|does not|do not|did not|used to)\s)?(?:{verbs}))\s"
        rf"(?:(?:me|us|him|her|them|reporters)\s)?(?P<content>that\s(?!(?:may|might|can|could|will|would|is|are|was|were|has|have|had|do|does|did|come|comes|came|go|goes|make|makes|made|helped|led|same|those|which|if)\b|\w+\s(?:himself|herself|themselves)\b)\S)"
    )


_ACCORDING = re.compile(
    rf"\b(?P<cue>[Aa]ccording to)\s(?P<source>{_NOT_NAMED}(?:the|an?|some|several|my|our|his|her|their|[A-ZÀ-Þ])[^,.;:“”\"]*)(?=[,.;:“”\"]|$)"
)


def find(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return the spans of attributions inside the contents of ``spans``, under new link numbers."""
    known = list(spans)
    taken = {(s.start, s.end) for s in known if s.role == "cue"}
    link = max((s.link for s in known), default=-1) + 1
    found: list[Span] = []
    for start, end in sorted({(s.start, s.end) for s in known if s.role == "content"}):
        for parts in _inside(text[start:end]):
            source, cue, content = ((start + s, start + e) for s, e in parts)
            if any(cue[0] < e and s < cue[1] for s, e in taken):
                continue
            taken.add(cue)
            found += [Span("source", *source, link), Span("cue", *cue, link), Span("content", *content, link)]
            link += 1
    return found


def _inside(said: str) -> Iterable[tuple[tuple[int, int], tuple[int, int], tuple[int, int]]]:
    """Yield source, cue and content of the attributions in what is said."""
    for match in _pattern().finditer(said) if " that " in said else ():
        begin = match.start("content")
        stop = _END.search(said, begin + 1)
        end = stop.start() if stop else len(said)
        source = match["source"]
        if _NOUN.match(match["cue"]) and re.match(
            r"(?i)(?:an?|one|his|her|its|this)\s|the\s(?:first|last|only|\d+)\b", source
        ):
            continue
        if end - begin > 10 and not _UNFINISHED.search(source):
            first = match.start("source") + (4 if source.startswith(("But ", "And ")) else 0)
            yield (first, match.end("source")), match.span("cue"), (begin, len(said[:end].rstrip(' ,”"’')))
    for match in _ACCORDING.finditer(said) if "ccording to " in said else ():
        first = max((m.end() for m in _SENTENCE.finditer(said, 0, match.start())), default=0)
        before = said[first : match.start()].rstrip(" ,")
        if len(before.strip(' “"‘')) > 10:
            begin = first + len(said[first:]) - len(said[first:].lstrip(' “"‘'))
            yield match.span("source"), match.span("cue"), (begin, first + len(before))
        elif stop := _END.search(said, match.end()):
            begin = match.end() + len(said[match.end() :]) - len(said[match.end() :].lstrip(" ,"))
            if stop.start() - begin > 10:
                yield match.span("source"), match.span("cue"), (begin, stop.start())
