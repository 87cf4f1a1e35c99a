"""Questions about tone: toward whom is it negative or positive."""

from typing import TYPE_CHECKING

from analysis import schema, summary
from analysis.lab.errors import LabError
from analysis.lab.passages import Passages
from analysis.lab.results import Table

if TYPE_CHECKING:
    from analysis.lab.desk import Desk


_PLURAL = {"": "all who are named", "person": "persons", "state": "states", "organisation": "bodies"}


class Tone:
    """Tone toward persons, states and bodies. It is no measure of wording, and does not say whose tone it is."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def by_target(self, kind: str = "", most: int | None = None) -> Table:
        """Return the targets, most named first, with their mentions by tone; ``kind`` is person, state or organisation.

        No share is given below five mentions.

        >>> desk.tone.by_target("state", 1).frame.loc[0, "target"]
        'North Korea'
        """
        if kind not in ("", *schema.TARGETS):
            raise LabError(f'no kind "{kind}"; the kinds are {", ".join(schema.TARGETS)}')
        found = summary.negative_shares(self._desk.brief.summary)
        if kind:
            of = self._desk.brief.query(
                "SELECT DISTINCT target FROM tones WHERE target_type = $kind", {"kind": kind}
            )
            found = found[found["target"].isin(set(of["target"]))]
        frame = found.head(len(found) if most is None else most).reset_index(drop=True)
        caption = f"Tone toward {_PLURAL[kind]}"
        return Table(caption, frame, is_searchable=self._desk.is_lab)

    def toward(self, name: str, most: int = 20) -> Passages:
        """Return the mentions of a target with their tone and probability.

        >>> desk.tone.toward("Japan")[0]["tone"] in ("negative", "neutral", "positive")
        True
        """
        return self._desk.show.evidence(name, of="target", most=most)
