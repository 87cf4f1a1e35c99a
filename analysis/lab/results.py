"""What a cell displays: a table, or markup. In JupyterLab a table has search and sort, in a briefing it is plain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from markupsafe import Markup, escape

from analysis.show import Cell, note, table


class Said(str):
    """A sentence that a cell displays as it is, without quotation marks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Table:
    """Rows with a caption. ``frame`` is the data frame; ``linked`` are the cells of columns that lead to evidence in a briefing."""

    caption: str
    frame: pd.DataFrame
    remark: str = ""
    linked: Mapping[str, Sequence[Markup]] = field(default_factory=dict, repr=False)
    is_searchable: bool = False

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        rows = self.frame.to_string(index=False) if len(self.frame) else "none"
        return "\n".join(filter(None, [self.caption, rows, self.remark]))

    def __html__(self) -> str:
        """Return the plain table: what a briefing prints."""
        columns: list[Sequence[Cell]] = [
            self.linked.get(str(name)) or [_plain(value) for value in self.frame[name]] for name in self.frame
        ]
        heads = [head(str(name)) for name in self.frame]
        shown = table(self.caption, heads, list(zip(*columns, strict=True)))
        return str(shown + note(self.remark) if self.remark else shown)

    def _repr_html_(self) -> str:
        return self._searchable() if self.is_searchable and len(self.frame) else self.__html__()

    def _searchable(self) -> str:
        import itables

        shown = self.frame.set_axis([head(str(name)) for name in self.frame], axis=1).map(_plain)
        texts = [
            i for i, name in enumerate(self.frame) if not pd.api.types.is_numeric_dtype(self.frame[name])
        ]
        html = itables.to_html_datatable(
            shown, caption=str(escape(self.caption)), connected=False, showIndex=False, pageLength=10, maxBytes=0,
            classes="display compact", style="width: auto; margin-left: 0", columnDefs=[{"className": "dt-left", "targets": texts}],
        )  # fmt: skip
        return f'<div class="lab">{html}{note(self.remark) if self.remark else ""}</div>'


def script_of_tables() -> str:
    """Return the script that tables with search and sort need, once a notebook; nothing is fetched from a network."""
    import itables
    from itables.javascript import generate_init_offline_itables_html

    return generate_init_offline_itables_html(itables.options.dt_bundle)


def head(column: str) -> str:
    """Return a column's name as a heading.

    >>> head("n_articles"), head("source_type")
    ('Articles', 'Source type')
    """
    return column.removeprefix("n_").replace("_", " ").capitalize()


def _plain(value: object) -> Cell:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if isinstance(value, (str, int, float)):
        return value if value == value else None
    return None if value is None or value is pd.NA else str(value)
