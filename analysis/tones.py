"""Tone toward persons, states and bodies, as the trained reader tells it: who is a target, and one row a mention.

It is no measure of wording: a sober report of a massacre is worded negatively and may be neutral toward all it names.
What it is not: it does not say whose tone it is, the author's or that of a source.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from analysis import cores, places, reader, schema
from analysis.text import sentence_run, sentences


class Mention(NamedTuple):
    """A target where it is named: its characters, what it is (one of ``schema.TARGETS``) and a state's place id."""

    start: int
    end: int
    kind: str
    place: str


def rows(article_id: str, text: str, reading: reader.Reading) -> list[dict[str, Any]]:
    """Return the rows of ``tones`` for one article, in order: one a mention of a person, a state or an organisation."""
    found = mentions(text, reading.entities)
    people = full_names(text[m.start : m.end] for m in found if m.kind == "person")
    cut, tones = sentences(text), reading.tones([(m.start, m.end) for m in found])
    return [
        _row(article_id, text, number, mention, tone, people, cut)
        for number, (mention, tone) in enumerate(zip(found, tones, strict=True), 1)
    ]


def _row(
    article_id: str,
    text: str,
    number: int,
    mention: Mention,
    tone: reader.Tone,
    people: dict[str, str],
    cut: list[tuple[int, int]],
) -> dict[str, Any]:
    start, end, kind, place = mention
    words, (first, last) = text[start:end], sentence_run(cut, start, end)
    target = places.name(place) if place else people[words] if kind == "person" else _plain(words)
    return {
        "article_id": article_id, "start": start, "end": end, "text": words, "target": target, "target_id": place,
        "target_type": kind, **tone._asdict(), "sentence_start": first, "sentence_end": last, "id": f"{article_id}-n{number}",
    }  # fmt: skip


#: Columns of the file that ``of_passages`` fills.
PASSAGES = pa.schema(
    [("text", pa.string()), ("start", pa.int32()), ("end", pa.int32()), ("tone", pa.string())]
    + [(f"p_{tone}", pa.float64()) for tone in schema.TONES]
)
_ORDER = ("state", "person", "organisation")


def mentions(text: str, entities: Iterable[reader.Entity]) -> list[Mention]:
    """Return the mentions of targets, in order. None overlaps another: the longest wins. A name of the reader has a capital.

    Of two of the same length the state wins, unless the words are the part of a full name that the article gives too:
    *Jordan* is the state unless *Michael Jordan* is named.
    """
    found = [
        Mention(p.start, p.end, "state", p.id)
        for p in places.find(text)
        if p.kind in ("state", "demonym", "capital") and places.kind(p.id) == "state"
    ]
    named = (Mention(*_trimmed(text, e.start, e.end), e.label, "") for e in entities if e.label in _ORDER)
    found += [one for one in named if not text[one.start : one.end].islower()]
    people = full_names(text[m.start : m.end] for m in found if m.kind == "person")
    surnames = {words for words, full in people.items() if full != _plain(words)}
    kept: list[Mention] = []
    taken: set[int] = set()

    def rank(one: Mention) -> tuple[int, int, bool, int]:
        is_surname = one.kind == "person" and text[one.start : one.end] in surnames
        return one.start - one.end, one.start, not is_surname, _ORDER.index(one.kind)

    for one in sorted(found, key=rank):
        inside = range(one.start, one.end)
        if _plain(text[one.start : one.end]) and taken.isdisjoint(inside):
            kept.append(one)
            taken.update(inside)
    return sorted(kept)


_OPENING = re.compile(r"[\s\"“”‘’',;:–—-]*")
_ENDING = re.compile(r"(?:(?<=\w)['’]s|[\s\"“”‘’',;:–—-])+$")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without white space, quotation marks, commas and possessive endings at its edges."""
    words = text[start:end]
    ending = _ENDING.search(words)
    last = start + ending.start() if ending else end
    return min(start + len(_OPENING.match(words)[0]), last), last  # type: ignore[index]


def _plain(words: str) -> str:
    """Return a name on one line, without *the* and without the sign that joins groups; '' where no letter is left."""
    folded = " ".join(words.replace("|", " ").split())
    return re.sub(r"^[Tt]he (?=\w)", "", folded) if re.search(r"\w", folded) else ""


_TITLES = re.compile(r"^(?:(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Professor|President|General|Minister)\.? )+(?=\w)")


def full_names(mentioned: Iterable[str]) -> dict[str, str]:
    """Return the full name in its article for each mention of a person.

    A part (*Jia*) stands for the one full name that ends with it (*Oliver Jia*), else for the one that begins with it
    (*Kim* for *Kim Jong Un*). Where there are several or none, a name stands for itself.
    """
    plain = {words: _TITLES.sub("", _plain(words)) for words in mentioned}
    every = sorted(set(plain.values()))
    return {words: _full(name, every) for words, name in plain.items()}


def _full(part: str, every: Sequence[str]) -> str:
    ending = [name for name in every if name.endswith(" " + part)]
    longer = ending or [name for name in every if name.startswith(part + " ")]
    longest = [
        name
        for name in longer
        if not any(other.endswith(" " + name) or other.startswith(name + " ") for other in longer)
    ]
    return longest[0] if len(longest) == 1 else part


def of_passages(
    passages: Sequence[tuple[str, int, int]], workers: int | None = None
) -> Iterator[tuple[int, reader.Tone]]:
    """Yield the number of each passage ``(text, start, end)`` and the tone toward its target; equal texts are read once."""
    same: dict[str, list[int]] = {}
    for number, (text, _, _) in enumerate(passages):
        same.setdefault(text, []).append(number)
    asked = [(text, [passages[i][1:] for i in numbers]) for text, numbers in same.items()]
    found = cores.each(_of_text, asked, many=MANY, workers=workers)
    for numbers, tones in zip(same.values(), found, strict=True):
        yield from zip(numbers, tones, strict=True)


#: Passages from which it pays to start a process a core.
MANY = 1_000


def _of_text(asked: tuple[str, list[tuple[int, int]]]) -> list[reader.Tone]:
    text, targets = asked
    return reader.read(text).tones(targets)
