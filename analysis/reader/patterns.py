"""A first extractor: reporting cues from a lexicon, a noun phrase beside them, and the clause or quotation they govern.

It works on words and punctuation alone, without a parser, and is the baseline that a trained reader has to beat.
What it does not do: implicit sources, contents of non-finite clauses, cues inside quotations, sources in another sentence.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from analysis import lexicons
from analysis.text import quotations, sentences

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*%?|[^\W\d_](?:[\w’'&./-]*\w)?\.?(?<!\w{3}\.)|``|''|\S")
_ADVERBS = frozenset(
    "also largely repeatedly publicly again earlier later first previously reportedly now still often "
    "recently never not generally widely privately openly frequently long always strongly clearly already "
    "then further likely even just firmly flatly currently apparently once sharply famously bluntly simply".split()
)
_AUXILIARIES = frozenset(
    "has have had is are was were be been will would could may might can did does do must should".split()
)
_BREAKS = frozenset(
    "that which who whom whose where when while although though because if since as but so than whether after "
    "before until unless whereas how what why".split()
)
_DETERMINERS = frozenset(
    "the a an this that these those his her its their our my your some many most several few all no any every "
    "each one two three four five more other another such former".split()
)
_PREPOSITIONS = frozenset(
    "of in on at by for from with about into over under between among against toward towards to through "
    "during".split()
)
_BE = frozenset("is are was were be been being".split())
#: Forms that are nouns more often than verbs, *a threat that raises questions*: verbs only after a name, a pronoun or a person.
_NOUNS_TOO = frozenset(
    "questions reports claims views plans states calls attacks notes fears hopes doubts demands offers "
    "estimates supports question report claim view plan state call attack note fear hope doubt demand offer "
    "estimate support forecast blast finds thought feel document documents record records list details detail "
    "objects object calculated set mock joke praise".split()
)
_PERSON = re.compile(
    r"(?:ist|yst|er|or|ian|man|woman|ant|ent|al|ief|eau|ry|cy|ce)s?$|^(?:people|experts?|diplomats?|.*ists?)$"
)
_PRONOUNS = frozenset("he she they we i it you who".split())
_VERBS = frozenset(
    "is are was were has have had will would could should may might can must do does did been being".split()
)
_LEADS = frozenset(
    "while but and yet although though or so however meanwhile because as if when since also still".split()
)
_TAIL = frozenset(
    "in on at during after before when while as who which that for from with by to last this late early "
    "yesterday today tonight monday tuesday wednesday thursday friday saturday sunday adding referring citing "
    "speaking".split()
)
#: Nouns for things that carry statements: their verbs (*show*, *indicate*) report, while *the crisis shows* does not.
_DOCUMENT = re.compile(
    r"(?i)\b(?:conversations?|calls?|polls?|surveys?|reports?|stud(?:y|ies)|data|figures|documents?|images?|imagery|intelligence|"
    r"intercepts?|records?|letters?|memos?|papers?|assessments?|statements?|emails?|e-mails|research|analys[ie]s|files?|"
    r"transcripts?|cables?|statistics|estimates?|book|article|texts?|messages?|findings|investigation|audit|footage|video|"
    r"photos?|photographs?|bulletin|index)\b"
)


class Token(NamedTuple):
    """A word or a mark, with its place in the article's text."""

    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The token in lower case."""
        return self.text.lower()


class Cue(NamedTuple):
    """A cue found in a sentence: tokens ``first`` to ``last`` (exclusive), ``verb`` the first token of the cue proper."""

    first: int
    verb: int
    last: int
    frames: frozenset[str]


@cache
def _cues() -> dict[str, list[tuple[tuple[str, ...], frozenset[str]]]]:
    """Return the cue lexicon by first word, longest form first."""
    forms: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = {}
    for line in lexicons.read("cues", "cue", "forms", "frame"):
        for form in line["forms"].split(";"):
            words = tuple(form.split())
            forms.setdefault(words[0], []).append((words, frozenset(line["frame"].split(";"))))
    for found in forms.values():
        found.sort(key=lambda f: -len(f[0]))
    return forms


def attributions(text: str) -> Iterator[tuple[str, int, int, int]]:
    """Yield ``(role, start, end, link)`` for each source, cue and content of a canonical text."""
    quoted = quotations(text)
    link = 0
    previous: tuple[int, list[tuple[str, int, int]]] | None = None
    for start, end in sentences(text):
        inside = [q for q in quoted if start <= q[0] < end]
        found = list(_sentence(text, start, end, inside))
        whole = next((q for q in inside if q[0] == start and q[1] >= end - 1), None)
        if not found and previous and whole and previous[0] == _paragraph_of(text, start):
            yield "content", whole[0], whole[1], link - 1  # a quotation that goes on without a cue of its own
            continue
        for spans in found:
            yield from ((role, s, e, link) for role, s, e in spans)
            link += 1
        goes_on = found and any(q[0] >= s and q[1] <= e for _, s, e in found[-1] for q in inside)
        previous = (_paragraph_of(text, start), found[-1]) if goes_on else None


def _paragraph_of(text: str, offset: int) -> int:
    return text.rfind("\n\n", 0, offset)


def _sentence(
    text: str, start: int, end: int, quoted: list[tuple[int, int]]
) -> Iterator[list[tuple[str, int, int]]]:
    tokens = [Token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text, start, end)]
    free = [not any(s < t.end and t.start < e for s, e in quoted) for t in tokens]
    stop = len(tokens)
    while stop and tokens[stop - 1].text in ".!?…":
        stop -= 1
    found: list[tuple[int, list[tuple[str, int, int]]]] = []
    reach = 0
    for spans, limit in _according(text, tokens[:stop], free):
        found.append((spans[0][1], spans))
        reach = max(reach, limit)
    for cue in _find_cues(tokens, free, stop):
        if any(
            s <= tokens[cue.verb].start < e and role != "content"
            for _, spans in found
            for role, s, e in spans
        ):
            continue
        if not _is_verb(tokens, cue):
            continue
        if tokens[cue.verb].word.endswith("ing") and not _BE & {t.word for t in tokens[cue.first : cue.verb]}:
            spans = _participle(tokens, cue, stop, [spans for _, spans in found])
        else:
            spans = _after(text, tokens, cue, stop, quoted) or _inverted(text, tokens, cue, stop, free)
        if spans:
            found.append((tokens[cue.verb].start, spans))
    found.sort(key=lambda f: f[0])
    yield from _part_clauses(text, start, [spans for _, spans in found])


def _part_clauses(
    text: str, start: int, found: list[list[tuple[str, int, int]]]
) -> list[list[tuple[str, int, int]]]:
    """End a content where the sentence turns to the next source: *while A fears X, B doubts it*."""
    for one, other in pairwise(found):
        head = min((s for role, s, _ in other if role in ("source", "cue")), default=0)
        for i, (role, s, e) in enumerate(one):
            if role == "content" and s < head < e:
                between = text[s:head].rstrip()
                turn = re.search(r"[,;](?:\s+(?:but|while|and|whereas|though|although|yet))?$", between)
                leads = (
                    text[start : start + 12]
                    .lower()
                    .startswith(("while ", "although ", "though ", "whereas "))
                )
                if turn and (leads or turn[0] != ","):
                    one[i] = (role, s, s + turn.start())
    return found


def _find_cues(tokens: list[Token], free: list[bool], stop: int) -> Iterator[Cue]:
    lexicon, i = _cues(), 0
    while i < stop:
        if free[i] and tokens[i].text.islower():
            for words, frames in lexicon.get(tokens[i].word, ()):
                last = i + len(words)
                if tuple(t.word for t in tokens[i:last]) == words:
                    first = i
                    while first and free[first - 1] and tokens[first - 1].word in _ADVERBS | _AUXILIARIES:
                        first -= 1
                    yield Cue(first, i, last, frames)
                    i = last - 1
                    break
        i += 1


def _is_verb(tokens: list[Token], cue: Cue) -> bool:
    """Tell a finite active verb from a noun, *the claims*, and from a passive, *is seen as*."""
    word, before = tokens[cue.verb].word, tokens[cue.verb - 1] if cue.verb else None
    auxiliaries = {t.word for t in tokens[cue.first : cue.verb]}
    if cue.last - cue.verb == 1 and auxiliaries & _BE and not word.endswith("ing"):
        return False
    if before is None or cue.last - cue.verb > 1:
        return before is not None
    if (
        before.word in _DETERMINERS - {"some", "many", "most", "all", "others", "another", "this"}
        or before.word in ("of", "no")
        or re.search(r"[’']s?$", before.text)
    ):
        return False
    if word in _NOUNS_TOO and cue.first == cue.verb:
        nominal = (
            before.text[0].isupper()
            or before.word in _PRONOUNS
            or before.text in ",”"
            or bool(_PERSON.search(before.word))
        )
        return nominal and (cue.verb > 1 or before.word in _PRONOUNS or before.text[0].isupper())
    return True


def _participle(
    tokens: list[Token], cue: Cue, stop: int, found: list[list[tuple[str, int, int]]]
) -> list[tuple[str, int, int]]:
    """..., CUE CONTENT: *adding that ...*, whose source is that of the attribution before it in the sentence."""
    source = next((s for spans in reversed(found) for s in spans if s[0] == "source"), None)
    if (
        source is None
        or tokens[cue.first - 1].text not in ",”"
        or cue.last >= stop
        or "clause" not in cue.frames
    ):
        return []
    begin = cue.last + (tokens[cue.last].text in ",:")
    return (
        [
            source,
            ("cue", tokens[cue.first].start, tokens[cue.last - 1].end),
            ("content", tokens[begin].start, tokens[stop - 1].end),
        ]
        if begin < stop
        else []
    )


def _subject(tokens: list[Token], stop: int) -> int | None:
    """Return the first token of the noun phrase that ends before token ``stop``, or None where there is none."""
    if not stop:
        return None
    comma = tokens[stop - 1].text == ","
    i = stop - 2 if comma else stop - 1
    if comma:  # NAME, apposition, CUE
        while i >= 0 and tokens[i].text != ",":
            if tokens[i].text in '“”"‘;:':
                return None
            i -= 1
        if i <= 0 or stop - i > 32:
            return None
        opening = tokens[i + 1]
        if not (
            opening.word in _DETERMINERS | {"head", "director", "president", "who", "professor"}
            or opening.text[0].islower()
        ):
            return None
        if (
            opening.word in _BREAKS - {"who"}
            or opening.word in _PREPOSITIONS | _LEADS
            or opening.word.endswith("ing")
        ):
            return None
        i -= 1
    first = i + 1
    while i >= 0:
        token = tokens[i]
        if token.text in ',;:“”"‘()—–' or token.word in _BREAKS or token.word in _VERBS:
            break
        if token.word in ("and", "or") and not _joins_names(tokens, i):
            break
        first = i
        i -= 1
    while first < stop and (tokens[first].word in _LEADS or tokens[first].word in _ADVERBS):
        first += 1
    if first >= stop or stop - first > 40 or not _is_noun_phrase(tokens[first:stop]):
        return None
    return first


def _joins_names(tokens: list[Token], i: int) -> bool:
    """Tell *Japan and South Korea* and *between A and B* from an ``and`` that joins clauses."""
    if not i or i + 1 >= len(tokens):
        return False
    if tokens[i - 1].text[0].isupper() and tokens[i + 1].text[0].isupper():
        return True
    clause = next(
        (j for j in range(i - 1, -1, -1) if tokens[j].text in ",;:" or tokens[j].word in _BREAKS | _VERBS), -1
    )
    return any(t.word == "between" for t in tokens[clause + 1 : i])


def _is_noun_phrase(tokens: list[Token]) -> bool:
    words = [t.word for t in tokens]
    if words[0] in _PREPOSITIONS or words[-1] in _PREPOSITIONS | _DETERMINERS - {
        "this",
        "these",
        "those",
        "one",
        "all",
        "some",
        "many",
        "most",
        "others",
    }:
        return False
    if len(words) == 1:
        return words[0] in _PRONOUNS or (
            words[0].isalpha() and (tokens[0].text[0].isupper() or words[0].endswith("s"))
        )
    return words[0].isalnum() or tokens[0].text[0].isalnum()


def _after(
    text: str, tokens: list[Token], cue: Cue, stop: int, quoted: list[tuple[int, int]]
) -> list[tuple[str, int, int]]:
    """SOURCE CUE CONTENT."""
    first = _subject(tokens, cue.first)
    if first is None or cue.last >= stop:
        return []
    source = (tokens[first].start, tokens[cue.first - 1].end)
    nxt, frames, last = tokens[cue.last], cue.frames, cue.last
    if frames == {"document"} and not _DOCUMENT.search(text, *source):
        return []
    if (
        nxt.text in (",", ":") and last + 1 < stop and any(q[0] == tokens[last + 1].start for q in quoted)
    ) or (nxt.text == ":" and last + 1 < stop):
        begin = last + 1
    elif nxt.text in ",;.)":
        return []
    elif nxt.word == "to" and "infinitive" in frames:
        begin = last
    elif nxt.word in _TAIL - {"that", "as", "who", "which", "when"} and nxt.word not in ("this",):
        begin = next(
            (
                i
                for i in range(last, min(stop, last + 12))
                if tokens[i].word == "that" or any(q[0] == tokens[i].start for q in quoted)
            ),
            -1,
        )
        if begin < 0:
            return []
    elif (
        tokens[last - 1].word
        in ("told", "tells", "tell", "telling", "warned", "warns", "reminded", "assured")
        and nxt.word != "that"
    ):
        begin = next(
            (
                i
                for i in range(last, min(stop, last + 10))
                if tokens[i].word == "that" or any(q[0] == tokens[i].start for q in quoted)
            ),
            -1,
        )
        begin = begin if begin >= 0 else last
    else:
        begin = last
    if frames == {"infinitive"} and tokens[begin].word != "to":
        return []
    return [
        ("source", *source),
        ("cue", tokens[cue.first].start, tokens[cue.last - 1].end),
        ("content", tokens[begin].start, tokens[stop - 1].end),
    ]


def _inverted(
    text: str, tokens: list[Token], cue: Cue, stop: int, free: list[bool]
) -> list[tuple[str, int, int]]:
    """CONTENT, CUE SOURCE and CONTENT, SOURCE CUE, with the content before a comma or the close of a quotation."""
    if not cue.frames & {"clause", "any", "document"}:
        return []
    first = _subject(tokens, cue.first)
    if (
        first is not None
        and first > 1
        and (cue.last >= stop or tokens[cue.last].word in _TAIL or tokens[cue.last].text in ',.“"')
    ):
        before, source = first - 1, (tokens[first].start, tokens[cue.first - 1].end)
        after = cue.last
    elif (
        cue.first > 1 and cue.last < stop and (tokens[cue.first - 1].text in ",”" or not free[cue.first - 1])
    ):
        last = _phrase_end(tokens, cue.last, stop, free)
        if last is None:
            return []
        before, source = cue.first - 1, (tokens[cue.last].start, tokens[last - 1].end)
        after = last
    else:
        return []
    if tokens[before].text != "," and free[before]:
        return []
    end = tokens[before].start if tokens[before].text == "," and free[before] else tokens[before].end
    spans = [
        ("source", *source),
        ("cue", tokens[cue.first].start, tokens[cue.last - 1].end),
        ("content", tokens[0].start, end),
    ]
    rest = next((i for i in range(after, stop) if not free[i]), None)
    if rest is not None and all(
        t.text in ",:.;" or t.word in ("adding", "and", "but") for t in tokens[after:rest]
    ):
        spans.append(("content", tokens[rest].start, tokens[stop - 1].end))
    return spans


def _phrase_end(tokens: list[Token], first: int, stop: int, free: list[bool]) -> int | None:
    """Return the token after the noun phrase (with its apposition) that begins at token ``first``."""
    if tokens[first].word in _TAIL | _BREAKS | _PREPOSITIONS or tokens[first].text in ',;:.“"':
        return None
    i, commas = first, 0
    while i < stop and free[i]:
        token = tokens[i]
        if token.text == "," and i + 1 < stop:
            nxt = tokens[i + 1]
            if (
                commas
                or not (nxt.word in _DETERMINERS or nxt.text[0].islower())
                or nxt.word in _TAIL | _BREAKS | {"adding", "and", "but"}
            ):
                break
            commas += 1
        elif (
            token.text in ";:—–"
            or (token.word in _TAIL - {"for", "at", "in", "from", "with", "to", "on"} and not commas)
            or (
                token.word in ("in", "on", "at", "to", "for", "from", "with")
                and not commas
                and tokens[i - 1].text[0].isupper()
            )
        ):
            break
        i += 1
    return i if i > first else None


def _according(
    text: str, tokens: list[Token], free: list[bool]
) -> Iterator[tuple[list[tuple[str, int, int]], int]]:
    """According to SOURCE, CONTENT and CONTENT, according to SOURCE; also the noun *reports that* without a source."""
    stop = len(tokens)
    for i, token in enumerate(tokens):
        if free[i] and token.word == "according" and i + 2 < stop and tokens[i + 1].word == "to":
            cue = ("cue", token.start, tokens[i + 1].end)
            if i <= 1:
                last = next((j for j in range(i + 2, stop) if tokens[j].text == ","), None)
                if last is None or last + 1 >= stop:
                    continue
                nxt = tokens[last + 1]
                closing = next((j for j in range(last + 1, stop) if tokens[j].text == ","), None)
                if (
                    closing
                    and nxt.word in ("a", "an", "the", "who")
                    and closing + 1 < stop
                    and closing - last < 14
                    and nxt.word != "the"
                ):
                    last = closing
                yield (
                    [
                        cue,
                        ("source", tokens[i + 2].start, tokens[last - 1].end),
                        ("content", tokens[last + 1].start, tokens[-1].end),
                    ],
                    last,
                )
            else:
                before = i - 2 if tokens[i - 1].text == "," else i - 1
                yield (
                    [
                        cue,
                        ("source", tokens[i + 2].start, tokens[-1].end),
                        ("content", tokens[0].start, tokens[before].end),
                    ],
                    stop,
                )
        elif free[i] and token.word in ("reports", "rumours", "rumors") and _unsourced(tokens, i):
            end = next(
                (
                    j
                    for j in range(i + 2, stop)
                    if tokens[j].word.startswith("raise") or tokens[j].text == ","
                ),
                stop,
            )
            yield (
                [
                    ("source", token.start, token.end),
                    ("content", tokens[i + 1].start, tokens[end - 1].end),
                ],
                end,
            )


def _unsourced(tokens: list[Token], i: int) -> bool:
    """Tell *..., reports that* at the head of its clause from *the ministry reports that*."""
    if i + 2 >= len(tokens) or tokens[i + 1].word != "that":
        return False
    return i == 0 or tokens[i - 1].word in (",", "amid", "despite", "unconfirmed", "by", "after")
