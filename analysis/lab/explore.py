"""Widgets to look around with: region, period and threshold. They are shown in the lab and never in a briefing that is built."""

from typing import TYPE_CHECKING, Any

from analysis.lab import names, passages
from analysis.lab.errors import LabError
from analysis.lab.passages import Passages
from analysis.show import note, show

if TYPE_CHECKING:
    from analysis.lab.desk import Desk


class Explore:
    """``explore()`` shows the widgets; ``explore.threats(...)`` is the question they ask."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def threats(
        self, region: str = "", first: str = "", last: str = "", least: float = 0.0, most: int = 5
    ) -> Passages:
        """Return the threat mentions of a region, from a day to another, of which the reader is at least so sure.

        >>> all("JP" in row["regions"] for row in desk.explore.threats("Japan"))
        True
        >>> desk.explore.threats(least=1.0).n
        0
        """
        conditions, values = (
            ["NOT is_negated"],
            {"first": first or "0000", "last": last or "9999", "least": least},
        )
        conditions.append("date BETWEEN $first AND $last AND coalesce(p, 0) >= $least")
        if region:
            values["region"] = names.resolve(self._desk.brief, region, "region").value
            conditions.append("list_contains(regions, $region)")
        found = self._desk.brief.query(
            f"SELECT id FROM threats AS rows JOIN articles USING (article_id) WHERE {' AND '.join(conditions)} "
            'ORDER BY date, path, record, article_id, start, rows."end"',
            values,
        )["id"].tolist()
        return passages.collect(self._desk, "Threat mentions", "threats", found[:most], len(found))

    def __call__(self) -> Any:
        """Show the widgets."""
        if not self._desk.is_lab:
            return show(note("The widgets are shown in JupyterLab only."))
        import ipywidgets as w
        from IPython.display import display

        days = sorted(set(self._desk.brief.articles["date"]))
        every = list(names.known(self._desk.brief, "region"))
        region = w.Combobox(options=every, placeholder="all regions", description="Region")
        first = w.Combobox(options=days, value=days[0], description="From")
        last = w.Combobox(options=days, value=days[-1], description="To")
        least = w.FloatSlider(
            min=0, max=1, step=0.05, value=0, description="Sure from", continuous_update=False
        )

        def ask(region: str, first: str, last: str, least: float) -> None:
            try:
                display(self.threats(region, first, last, least))
            except LabError as error:
                display(show(note(str(error))))

        asked = {"region": region, "first": first, "last": last, "least": least}
        return w.VBox([*asked.values(), w.interactive_output(ask, asked)])
