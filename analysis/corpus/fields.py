"""The article that one piece of a vendor's export holds: which lines are its date, title and text, by the layout."""

import re

from analysis.corpus import dates
from analysis.corpus.layouts import BOLD, Layout
from analysis.corpus.record import Record, Settings, Unreadable, record

#: Lines before the first label in which the date is looked for.
LONGEST_HEAD = 20
_DAY = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,? )?"
    r"([^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}\.? [^\W\d_]{3,12}\.?,? \d{4})\b.{0,80}"
)
_NUMBER = re.compile(r"\d{1,3}(?:[.,’'\s]?\d{3}){0,2}")
_LABEL = re.compile(r"[A-Z][^:\n]{1,40}: ")
_PREPOSITION = re.compile(r"(?:By|Par):?\s+", re.IGNORECASE)


def article(lines: list[str], layout: Layout, settings: Settings) -> Record:
    """Return the article that the lines of one piece hold. Raises ``Unreadable`` where its date, title or text is missing."""
    found, text = _fields(_blocks(lines, layout), layout)
    if not found.get("date"):
        raise Unreadable("no date where this layout has it", "export it again with all fields")
    if not text:
        raise Unreadable("no full text", "export the full document, not the citation")
    return record(
        dates.day(found["date"], settings.date_order),
        _line(found.get("title", "")),
        _PREPOSITION.sub("", _line(found.get("byline", "")), count=1),
        _line(found.get("outlet", "")),
        "\n\n".join(" ".join(b.split("\n")) if layout.wrapped else b for b in text).replace(BOLD, ""),
        url=_line(found.get("url", "")),
        words_declared=_words(found.get("words", "")),
    )


def _line(text: str) -> str:
    return " ".join(text.replace(BOLD, "").split())


def _words(text: str) -> int | None:
    number = _NUMBER.search(text)
    return int(re.sub(r"\D", "", number[0])) if number else None


def _blocks(lines: list[str], layout: Layout) -> list[str]:
    """Cut at empty lines and before labels."""
    blocks: list[list[str]] = []
    empty = True
    for line in (raw.strip(" \t") for raw in lines):
        if line.strip(BOLD):
            if empty or layout.label(line):
                blocks.append([])
            blocks[-1].append(line)
        empty = not line.strip(BOLD)
    return ["\n".join(block) for block in blocks]


def _fields(blocks: list[str], layout: Layout) -> tuple[dict[str, str], list[str]]:
    """Return the fields by their names, and the paragraphs of the text.

    ``state`` is what unlabelled blocks are: ``head`` before the first label, ``text``, nothing, or the field that has one block.
    """
    found: dict[str, str] = {}
    head: list[str] = []
    text: list[str] = []
    state = "head"
    labels = [layout.label(block) for block in blocks]
    tail = _tail(blocks, labels) if layout.trailing else len(blocks)
    for i, (block, label) in enumerate(zip(blocks, labels, strict=True)):
        if label and state == "text" and i < tail and not _closes(label[0], bool(text), layout):
            label = None
        if label is None:
            if state in ("head", "text"):
                (head if state == "head" else text).append(block)
            elif state not in ("", "tail"):
                found.setdefault(state, block)
                state = layout.after.get(state, "")
            continue
        field, value = label
        if field == "skip" or (field == "tail" and state == "head"):
            continue
        if field == "text":
            text += [value] if value.strip() else []
            state = "text"
        elif field == "tail":
            state = "tail"
        else:
            found.setdefault(field, value)
            state = state if state == "tail" else layout.after.get(field, layout.after.get("*", ""))
    _head(head, layout, found)
    return found, text


def _closes(field: str, has_text: bool, layout: Layout) -> bool:
    """Tell whether a label after the beginning of the text is one, and not a sentence that looks like it."""
    if layout.trailing:
        return not has_text
    return field in ("text", "tail") or (
        not has_text and (field == "other" or layout.after.get("*") == "text")
    )


def _tail(blocks: list[str], labels: list[tuple[str, str] | None]) -> int:
    """Return where the labels begin that an article ends with: a known one, and nothing but labels behind it."""
    start = i = len(blocks)
    while i and (labels[i - 1] or _LABEL.match(blocks[i - 1])):
        i -= 1
        start = i if labels[i] else start
    return start


def _head(head: list[str], layout: Layout, found: dict[str, str]) -> None:
    """Read the unlabelled blocks at the top: by their order, from the first line on that is a day and has the others before it."""
    if layout.head == ["title"] and len(head) == 1:
        found.setdefault("title", head[0])
    if "date" not in layout.head:
        return
    names = layout.head[: layout.head.index("date")]
    for i, block in enumerate(head[:LONGEST_HEAD]):
        lines = block.split("\n")[:LONGEST_HEAD]
        for j, line in enumerate(lines):
            before = head[:i] + lines[:j]
            if len(before) >= len(names) and (day := _DAY.fullmatch(line)):
                found.update(zip(names, before, strict=False), date=day[1])
                if layout.head[-1] != "date":
                    found[layout.head[-1]] = " – ".join(head[i + 1 :])
                return
