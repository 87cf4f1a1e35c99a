"""The terms of ``data/lexicons/threats.csv`` in a text: longest match wins, and phrases that are no threats win as any other.

A term is written as it stands in text, with ``*`` for any ending of a word, ``(a|b)`` for a choice, ``(a)?`` for what may be
left out, ``…`` for up to four words, ``[a|b]`` at the end for what must follow, ``@`` at the start for
*only beside a place* and ``~`` for *only where the article spoke of such a threat before*.
"""

import re
from collections import defaultdict
from functools import cache, lru_cache
from typing import NamedTuple

from analysis import lexicons

#: What a term names: an ``event`` that somebody does, ``strife`` that several are in, a ``force`` verb with subject and
#: object, ``material`` of war, or a ``state`` of danger.
PARTS = ("event", "strife", "force", "material", "state", "none")
WORD = re.compile(r"\w+(?:-\w+)*")
_GAP = r"(?:[\"“‘]?[\w’'-]+[\"”]?\s+){0,4}?[\"“‘]?"


class Term(NamedTuple):
    """A term found in a text: its characters, and what the lexicon says of it (``kind`` is empty where the clause decides).

    ``line`` is the term as the lexicon writes it; it is empty where the reader found the words.
    """

    start: int
    end: int
    category: str
    kind: str
    part: str
    mark: str
    line: str = ""


class _Meaning(NamedTuple):
    source: str
    category: str
    kind: str
    part: str
    mark: str
    line: str


def find(text: str, start: int, end: int) -> list[Term]:
    """Return the terms in ``text[start:end]``, in order, without overlaps; those of category ``none`` are left out."""
    return [term for term in find_all(text, start, end) if term.category != "none"]


def find_all(text: str, start: int, end: int) -> list[Term]:
    """Return the terms in ``text[start:end]``, those of category ``none`` included, in order, without overlaps."""
    found: list[Term] = []
    after = start
    for word in WORD.finditer(text, start, end):
        meanings, any_of_them = _beginning(word[0])
        if any_of_them is None or word.start() < after or not any_of_them.match(text, word.start(), end):
            continue
        best, last, is_bound = None, word.start(), False
        for meaning in meanings:
            match = _compiled(meaning.source).match(text, word.start(), end)
            bound = meaning.source.endswith("(?!\\w))")
            if match and (match.end(), bound) > (last, is_bound):
                best, last, is_bound = meaning, match.end(), bound
        assert best is not None
        after = last
        found.append(Term(word.start(), last, best.category, best.kind, best.part, best.mark, best.line))
    return found


@lru_cache(maxsize=1 << 16)
def _beginning(word: str) -> tuple[tuple[_Meaning, ...], re.Pattern[str] | None]:
    """Return what may begin with a word, whole words and words that a ``*`` continues, and a pattern of it all, if any."""
    whole, stems = _lexicon()
    low = word.lower()
    found = [*whole.get(low, ())]
    for n in range(3, len(low) + 1):
        found += stems.get(low[:n], ())
    return tuple(found), _compiled("|".join(meaning.source for meaning in found)) if found else None


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


@cache
def _lexicon() -> tuple[dict[str, list[_Meaning]], dict[str, list[_Meaning]]]:
    whole: defaultdict[str, list[_Meaning]] = defaultdict(list)
    stems: defaultdict[str, list[_Meaning]] = defaultdict(list)
    for line in lexicons.read("threats", "term", "category", "kind", "part"):
        mark = line["term"][0] if line["term"][0] in "@~" else ""
        term, _, follow = line["term"].removeprefix(mark).partition(" [")
        ahead = rf"(?=\s*(?:{follow.removesuffix(']')})(?!\w))" if follow else ""
        by_word: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)
        for spelling in spellings(term):
            first = WORD.match(spelling)
            assert first is not None, line
            by_word[first[0].lower(), spelling[first.end() : first.end() + 1] == "*"].append(spelling)
        for (first_word, is_stem), same in by_word.items():
            source = rf"(?:{'|'.join(map(_as_regex, same))})(?![\w-]){ahead}"
            meaning = _Meaning(source, line["category"], line["kind"], line["part"], mark, line["term"])
            (stems if is_stem else whole)[first_word].append(meaning)
    return dict(whole), dict(stems)


def spellings(term: str) -> list[str]:
    """Return the term once for each choice that its first word leaves: ``(raid|raids) on`` gives *raid on* and *raids on*."""
    end = _first_end(term)
    head = term[:end]
    if (at := head.find("(")) >= 0:
        close = _closing(term, at)
        choices = term[at + 1 : close].split("|")
        rest = term[close + 1 :]
        if rest.startswith("?"):
            choices, rest = [*choices, ""], rest[1:]
        return [x for c in choices for x in spellings((term[:at] + c + rest).strip())]
    if match := re.search(r"\[(\w+)\]", head):
        return [x for c in match[1] for x in spellings(term[: match.start()] + c + term[match.end() :])]
    if match := re.search(r"\w\?", head):
        return [
            x for c in (match[0][0], "") for x in spellings(term[: match.start()] + c + term[match.end() :])
        ]
    return [term]


def _first_end(term: str) -> int:
    depth = 0
    for i, c in enumerate(term):
        depth += (c == "(") - (c == ")")
        if c == " " and not depth:
            return i
    return len(term)


def _closing(term: str, at: int) -> int:
    depth = 0
    for i in range(at, len(term)):
        depth += (term[i] == "(") - (term[i] == ")")
        if not depth:
            return i
    raise lexicons.LexiconError(f"threats.csv: {term!r} has a bracket that is not closed; close it")


def _as_regex(spelling: str) -> str:
    plain = re.sub(r"\((?!\?)", "(?:", spelling.replace("*", r"\w*"))
    return re.sub(r"[’']", "[’']", plain).replace("… ", "\n").replace(" ", r"\s+").replace("\n", _GAP)
