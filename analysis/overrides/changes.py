"""What a correction does to a row: pure functions from a row to the corrected one."""

from collections.abc import Iterable, Mapping
from typing import Any

from analysis import places, schema, threats
from analysis.overrides.lines import Line

Row = dict[str, Any]


def changed(row: Mapping[str, Any], line: Line, others: Iterable[Mapping[str, Any]]) -> Row | None:
    """Return a row as a line has it; ``None`` where it is none. ``others`` are the rows of its article, as measured."""
    if line.action == "remove":
        return None
    if line.action == "speaker":
        return _spoken(row, line.value, others)
    if line.action == "source_type":
        return {**row, "source_type": line.value, "is_expert": line.value == "expert"}
    if line.action == "tone":
        return {
            **row,
            "tone": line.value,
            **{f"p_{tone}": float(tone == line.value) for tone in schema.TONES},
        }
    if line.action == "regions":
        return {**row, "regions": line.value.split("; ") if line.value else []}
    found = {**row, line.action: line.value}
    return {**found, "gpr": threats.gpr(found["category"], found["kind"])}


#: What follows from who a speaker is.
_OF_THE_SPEAKER = ("source_type", "is_expert", "is_named", "role", "affiliation")


def _spoken(row: Mapping[str, Any], speaker: str, others: Iterable[Mapping[str, Any]]) -> Row:
    """Return a row with another speaker, who is whom the article's other rows have of that name.

    The role and the affiliation of the one who did not speak are left out, and the type of source stays, where there are none.
    """
    known = next((one for one in others if speaker and one["speaker"] == speaker), None)
    if known:
        return {**row, "speaker": speaker, **{name: known[name] for name in _OF_THE_SPEAKER}}
    return {**row, "speaker": speaker, "is_named": bool(speaker), "role": "", "affiliation": ""}


def of_threat(row: Mapping[str, Any], new: Mapping[str, list[str]]) -> Row:
    """Return a threat in which other places, or none, stand for some, as regions and as actors."""
    actor = "; ".join(_replaced(row["actor"].split("; "), new))
    return {**row, "actor": actor, "regions": _replaced(row["regions"], new)}


def of_tone(row: Mapping[str, Any], new: str) -> Row | None:
    """Return a tone toward another state; ``None`` where the new place is none, as tones are not toward regions."""
    if not new or places.kind(new) != "state":
        return None
    return {**row, "target": places.name(new), "target_id": new}


def _replaced(ids: Iterable[str], new: Mapping[str, list[str]]) -> list[str]:
    return list(dict.fromkeys(one for place in ids for one in new.get(place, [place])))
