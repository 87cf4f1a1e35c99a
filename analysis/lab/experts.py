"""Questions about experts: who is cited, how often, with which authority, and how sure they are."""

from typing import TYPE_CHECKING

from analysis import schema, summary
from analysis.lab import counts, names, passages
from analysis.lab.passages import Passages
from analysis.lab.results import Table

if TYPE_CHECKING:
    from analysis.lab.desk import Desk


class Experts:
    """Who is cited as an expert. Politicians, soldiers and passers-by are never counted here."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def most_cited(self, most: int = 10) -> Table:
        """Return the named experts, the most cited first, with the credential that the articles give.

        >>> desk.experts.most_cited().frame[["expert", "role"]]
                     expert                                     role
        0  Leif-Eric Easley  a professor at Ewha University in Seoul
        1        Oliver Jia       an expert on North Korea and Japan
        """
        about = self._desk.brief.query(
            "SELECT speaker, coalesce(mode(nullif(role, '')), '') AS role, coalesce(mode(nullif(affiliation, '')), '') AS affiliation "
            "FROM attributions WHERE is_expert AND speaker <> '' GROUP BY speaker ORDER BY speaker"
        ).set_index("speaker")
        return counts.table(
            self._desk,
            "attributions_by_expert",
            "Experts by attributions",
            "expert",
            "attributions",
            most,
            about,
        )

    def said(self, name: str, most: int = 20) -> Passages:
        """Return what is attributed to one expert, or to any other speaker, with the sentences.

        >>> len(desk.experts.said("Oliver Jia"))
        1
        >>> desk.experts.said("Olivr Jia")
        Traceback (most recent call last):
        analysis.lab.errors.LabError: no speaker "Olivr Jia"; did you mean "Oliver Jia"?
        """
        return self._desk.show.evidence(name, of="speaker", most=most)

    def unnamed(self, most: int = 20) -> Passages:
        """Return the attributions to experts whom the text does not name: *analysts*, *observers*.

        >>> desk.experts.unnamed()[0]["source"]
        'analysts'
        """
        n = int(self._desk.brief.number("unnamed_expert_attributions")["n_rows"])
        ids = self._desk.ids("attributions", "is_expert AND speaker = ''", most)
        return passages.collect(self._desk, "Attributions to unnamed experts", "attributions", ids, n)

    def likelihood(self) -> Table:
        """Return how likely each expert calls what is said, in the bands of ICD 203.

        >>> "unlikely" in desk.experts.likelihood().frame
        True
        """
        grid = summary.grid(self._desk.brief.summary, "likelihood_by_expert")
        bands = [band for band in schema.LIKELIHOODS if band in grid]
        frame = grid[bands].rename_axis("expert").reset_index()
        return Table("Experts' statements by likelihood", frame, is_searchable=self._desk.is_lab)

    def regions(self) -> Table:
        """Return which expert speaks of which region's threats: mentions inside of what is attributed to the expert.

        >>> desk.experts.regions().frame.columns[0]
        'expert'
        """
        grid = summary.grid(self._desk.brief.summary, "expert_threats_by_region")
        frame = grid.rename(columns=names.place_name).rename_axis("expert").reset_index()
        return Table("Threat mentions in experts' statements", frame, is_searchable=self._desk.is_lab)
