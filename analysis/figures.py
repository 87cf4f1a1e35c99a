"""Charts as inline SVG: title that says the finding, direct labels, an alternative text, the same bytes each time."""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import pandas as pd
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure

#: Okabe and Ito's palette (2008), told apart by the colour-blind, in an order that keeps neighbours distinct.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C8C8C")
_DARK = ("#0072B2", "#009E73", "#D55E00")  # counts inside them are white
_INK = "#123456"  # stands for currentColor, so that charts follow the page into dark mode
_STYLE: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": _INK,
    "text.parse_math": False,  # a name with two dollar signs is no formula
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "path",
    "figure.dpi": 100,
}


def bars(counts: Mapping[str, int], title: str, *, unit: str) -> Markup:
    """Return horizontal bars, one a name, longest first as given."""
    with mpl.rc_context(_STYLE):
        figure, axes = _canvas(len(counts))
        names = [_short(name) for name in counts]
        axes.barh(range(len(names)), list(counts.values()), color=PALETTE[0], height=0.65)
        for y, value in enumerate(counts.values()):
            axes.text(value, y, f" {value}", va="center")
        _finish(axes, names)
        return _figure(figure, title, _spoken(counts, unit))


def stacked(grid: pd.DataFrame, title: str, *, unit: str, colours: Sequence[str] = PALETTE) -> Markup:
    """Return stacked horizontal bars: a row of ``grid`` a bar, a column a colour; counts stand inside the parts."""
    with mpl.rc_context(_STYLE):
        figure, axes = _canvas(len(grid) + 1)
        left = [0] * len(grid)
        for i, column in enumerate(grid.columns):
            values = [int(v) for v in grid[column]]
            axes.barh(
                range(len(grid)),
                values,
                left=left,
                color=colours[i % len(colours)],
                height=0.65,
                label=_short(column),
            )
            for y, (value, at) in enumerate(zip(values, left, strict=True)):
                if value:
                    axes.text(
                        at + value / 2,
                        y,
                        str(value),
                        va="center",
                        ha="center",
                        color="#ffffff" if colours[i % len(colours)] in _DARK else "#000000",
                    )
            left = [a + b for a, b in zip(left, values, strict=True)]
        _finish(axes, [_short(name) for name in grid.index])
        axes.legend(
            loc="upper center",
            bbox_to_anchor=(0.4, -0.02),
            ncols=4,
            frameon=False,
            fontsize=8.5,
            handlelength=1,
        )
        spoken = "; ".join(
            f"{name}: {_spoken({str(c): int(v) for c, v in row.items() if v}, unit)}"
            for name, row in grid.iterrows()
        )
        return _figure(figure, title, spoken)


def lines(grid: pd.DataFrame, title: str, *, unit: str) -> Markup:
    """Return small multiples over time: a row of ``grid`` a panel, its columns the months in order, all on one scale."""
    with mpl.rc_context(_STYLE):
        across = 2
        down = -(-len(grid) // across)
        figure = Figure(figsize=(7.0, 1.35 * down + 0.3), layout="constrained")
        panels = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
        top = int(grid.to_numpy().max())
        for i, axes in enumerate(panels.flat):
            if i >= len(grid):
                axes.set_axis_off()
                continue
            values = [int(v) for v in grid.iloc[i]]
            axes.plot(range(len(values)), values, color=PALETTE[0], linewidth=1.6, marker="o", markersize=2.5)
            axes.set_title(_short(str(grid.index[i])), loc="left", fontsize=9)
            axes.set_ylim(0, top * 1.1)
            axes.set_xticks([0, len(values) - 1], [str(grid.columns[0]), str(grid.columns[-1])])
            axes.locator_params(axis="y", nbins=3, integer=True)
        spoken = "; ".join(
            f"{name}: {', '.join(f'{m} {int(v)}' for m, v in row.items())}" for name, row in grid.iterrows()
        )
        return _figure(figure, title, f"{spoken} ({unit})")


def histogram(counts: Sequence[int], title: str, *, axis: str, unit: str) -> Markup:
    """Return a histogram over [-1, 1], of the counts in its twenty bins of 0.1."""
    edges = [round(-1 + 0.1 * i, 1) for i in range(21)]
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(7.0, 2.3), layout="constrained")
        axes = figure.subplots()
        axes.bar([e + 0.05 for e in edges[:-1]], counts, width=0.09, color=PALETTE[0])
        axes.axvline(0, color=_INK, linewidth=0.8)
        axes.set_xlabel(axis)
        axes.set_ylabel(unit)
        axes.locator_params(axis="y", nbins=4, integer=True)
        spoken = {
            f"{a:.1f} to {b:.1f}": int(n) for a, b, n in zip(edges, edges[1:], counts, strict=False) if n
        }
        return _figure(figure, title, _spoken(spoken, unit))


def _canvas(rows: int) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.0, 0.32 * max(rows, 1) + 0.5), layout="constrained")
    return figure, figure.subplots()


def _finish(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def _short(name: object, most: int = 42) -> str:
    text = str(name).replace("_", " ")
    return text if len(text) <= most else text[: most - 1] + "…"


def _spoken(counts: Mapping[str, int], unit: str) -> str:
    return ", ".join(f"{name} {value}" for name, value in counts.items()) + f" ({unit})"


def _figure(figure: Figure, title: str, alternative: str) -> Markup:
    """Return the chart with its caption; the SVG's ids are made from the title, so that two charts never share one."""
    title = str(Markup(title).unescape())
    name = "c" + re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40]
    buffer = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": name}):
        figure.savefig(
            buffer,
            format="svg",
            transparent=True,
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :].replace(_INK, "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    labels = f' role="img" aria-labelledby="{name}-title {name}-desc"'
    spoken = (
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(alternative)}</desc>'
    )
    svg = re.sub(r"<svg([^>]*)>", lambda m: f"<svg{m[1]}{labels}>{spoken}", svg, count=1)
    return Markup('<figure class="chart" id="{}"><figcaption>{}</figcaption>{}</figure>').format(
        name, title, Markup(svg)
    )
