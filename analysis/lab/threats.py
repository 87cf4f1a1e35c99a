"""Questions about threats: which regions, which kinds, by whom, when."""

from typing import TYPE_CHECKING

from analysis.lab import counts, passages
from analysis.lab.passages import Passages
from analysis.lab.results import Table

if TYPE_CHECKING:
    from analysis.lab.desk import Desk


class Threats:
    """Threat mentions. What the text denies is counted apart, as ``denied``, and nowhere else."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def by_region(self, most: int | None = None) -> Table:
        """Return the regions that are threatened, the most named first; a mention may name several.

        >>> desk.threats.by_region(1)
        Threat mentions by region
        region  n_mentions  n_articles  n_stories
        Russia         ...           1          1
        ... more with fewer mentions each.
        """
        return self._by("region", "threats_by_region", most)

    def by_actor(self, most: int | None = None) -> Table:
        """Return who threatens.

        >>> desk.threats.by_actor(1).frame["actor"].tolist()
        ['North Korea']
        """
        return self._by("actor", "threats_by_actor", most)

    def by_category(self) -> Table:
        """Return the categories: war, military buildup, nuclear, missile, terror, coercion, instability.

        >>> "war" in set(desk.threats.by_category().frame["category"])
        True
        """
        return self._by("category", "threats_by_category")

    def by_kind(self) -> Table:
        """Return threats (feared, warned of, planned) and acts (happened or happening).

        >>> sorted(desk.threats.by_kind().frame["kind"])
        ['act', 'threat']
        """
        return self._by("kind", "threats_by_kind")

    def by_month(self) -> Table:
        """Return the months, with the mentions in each.

        >>> desk.threats.by_month().frame["month"].tolist()
        ['2024-11']
        """
        return self._by("month", "threats_by_month")

    def of(self, name: str, most: int = 20) -> Passages:
        """Return the mentions of a threatened region, with the sentences.

        >>> desk.threats.of("Japan").caption
        'Threat mentions for Japan'
        """
        return self._desk.show.evidence(name, of="region", most=most)

    def denied(self, most: int = 20) -> Passages:
        """Return what the text denies: *no sign of a nuclear test*.

        >>> {row["is_negated"] for row in desk.threats.denied()} <= {True}
        True
        """
        n = int(self._desk.brief.number("threats_denied")["n_rows"])
        ids = self._desk.ids("threats", "is_negated", most)
        return passages.collect(self._desk, "Threats that the text denies", "threats", ids, n)

    def _by(self, column: str, measure: str, most: int | None = None) -> Table:
        return counts.table(self._desk, measure, f"Threat mentions by {column}", column, "mentions", most)
