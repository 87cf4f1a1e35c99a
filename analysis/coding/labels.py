"""What a coder wrote in a cell, as the labels that may stand there."""

import difflib
from functools import cache

from analysis import places
from analysis.coding.questions import NO, NOTHING, YES, Question

_YES_NO = {"y": YES, "n": NO}


def label(question: Question, cell: str) -> str:
    """Return what is written in a cell as one of the question's labels, sorted and joined where it is a list.

    Capitals, spaces and underscores do not matter. Raises ``ValueError`` that names what is allowed.
    """
    if not question.labels:
        return NOTHING if cell.casefold() == NOTHING else cell
    if not question.is_list:
        return _one(question, cell)
    if _plain(cell) == NOTHING:
        return NOTHING
    parts = [_one(question, part.strip()) for part in cell.replace(",", ";").split(";") if part.strip()]
    if question.name == "regions":
        parts = list(set(parts))
    return "; ".join(sorted(parts)) or NOTHING


def _one(question: Question, cell: str) -> str:
    allowed = _allowed(question)
    plain = _plain(cell)
    if question.labels == (YES, NO):
        plain = _YES_NO.get(plain, plain)
    if plain in allowed:
        return allowed[plain]
    near = difflib.get_close_matches(plain, allowed, 1)
    hint = f"; did you mean {allowed[near[0]]}?" if near else ""
    some = (
        ", ".join(question.labels) if len(question.labels) <= 12 else "the ids and names of the sheet places"
    )
    raise ValueError(
        f"{cell!r} is no label{hint} allowed: {some}" if hint else f"{cell!r} is no label; allowed: {some}"
    )


@cache
def _allowed(question: Question) -> dict[str, str]:
    """Return the labels of a question by their plain form; places go by their names too."""
    found = {_plain(places.name(one)): one for one in question.labels} if question.name == "regions" else {}
    return found | {_plain(one): one for one in question.labels}


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())
