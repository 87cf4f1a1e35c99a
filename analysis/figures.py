"""Charts as inline SVG: title that says the finding, direct labels, an alternative text, the same bytes each time."""

import io
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import matplotlib as mpl
import pandas as pd
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font

#: Okabe and Ito's palette (2008), told apart by the colour-blind, in an order that keeps neighbours distinct.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C8C8C")
_DARK = ("#0072B2", "#009E73", "#D55E00")  # counts inside them are white
#: Stands for currentColor, so that charts follow the page into dark mode.
INK = "#123456"
#: How every chart is set.
STYLE: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # a name with two dollar signs is no formula
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "path",
    "figure.dpi": 100,
}


def bars(counts: Mapping[str, int], title: str, *, unit: str) -> Markup:
    """Return horizontal bars, one a name, longest first as given."""
    with mpl.rc_context(STYLE):
        figure, axes = _canvas(len(counts))
        names = [short(name) for name in counts]
        axes.barh(range(len(names)), list(counts.values()), color=PALETTE[0], height=0.65)
        for y, value in enumerate(counts.values()):
            axes.text(value, y, f" {value}", va="center")
        _finish(axes, names)
        return rendered(figure, title, _spoken(counts, unit))


def stacked(grid: pd.DataFrame, title: str, *, unit: str, colours: Sequence[str] = PALETTE) -> Markup:
    """Return stacked horizontal bars: a row of ``grid`` a bar, a column a colour; counts stand inside the parts."""
    with mpl.rc_context(STYLE):
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
                label=short(column),
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
        _finish(axes, [short(name) for name in grid.index])
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
        return rendered(figure, title, spoken)


def histogram(counts: Sequence[int], title: str, *, axis: str, unit: str) -> Markup:
    """Return a histogram over [-1, 1], of the counts in its twenty bins of 0.1."""
    edges = [round(-1 + 0.1 * i, 1) for i in range(21)]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.0, 2.3), layout="constrained")
        axes = figure.subplots()
        axes.bar([e + 0.05 for e in edges[:-1]], counts, width=0.09, color=PALETTE[0])
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_xlabel(axis)
        axes.set_ylabel(unit)
        axes.locator_params(axis="y", nbins=4, integer=True)
        spoken = {
            f"{a:.1f} to {b:.1f}": int(n) for a, b, n in zip(edges, edges[1:], counts, strict=False) if n
        }
        return rendered(figure, title, _spoken(spoken, unit))


def whiskers(points: Mapping[str, tuple[int, int, int]], title: str, *, unit: str) -> Markup:
    """Return dots with whiskers: for each name a number, and the low and the high end of its interval, which stand beside it."""
    with mpl.rc_context(STYLE):
        figure, axes = _canvas(len(points))
        for y, (value, low, high) in enumerate(points.values()):
            axes.plot([low, high], [y, y], color=PALETTE[0], linewidth=1.6, solid_capstyle="butt", zorder=1)
            axes.plot([low, high], [y, y], "|", color=PALETTE[0], markersize=7, markeredgewidth=1.6, zorder=1)
            axes.plot(value, y, "o", color=PALETTE[5], markersize=6, zorder=2)
            axes.text(high, y, f"  {value} ({low} to {high})", va="center")
        axes.set_xlim(left=min(0, *(low for _, low, _ in points.values())))
        _finish(axes, [short(name) for name in points])
        spoken = ", ".join(f"{name} {value} ({low} to {high})" for name, (value, low, high) in points.items())
        return rendered(figure, title, f"{spoken} ({unit})")


def _canvas(rows: int) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.0, 0.32 * max(rows, 1) + 0.5), layout="constrained")
    return figure, figure.subplots()


def _finish(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def short(name: object, most: int = 42) -> str:
    """Return a name as a chart prints it: cut, and *(in the table)* where the font lacks its letters."""
    text = " ".join(str(name).replace("_", " ").split())
    text = text if len(text) <= most else text[: most - 1] + "…"
    return text if all(ord(letter) in _letters() for letter in text) else "(in the table)"


@cache
def _letters() -> frozenset[int]:
    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())


def _spoken(counts: Mapping[str, int], unit: str) -> str:
    return ", ".join(f"{name} {value}" for name, value in counts.items()) + f" ({unit})"


def _rounded(path: re.Match[str]) -> str:
    """Return a path with its numbers to a hundredth of a point, on one line."""
    return " ".join(
        re.sub(r"\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), path[0]).split()
    )


def rendered(figure: Figure, title: str, alternative: str) -> Markup:
    """Return a chart with its caption; the SVG's ids are made from the title, so that two charts never share one."""
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
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(?<= d=")[^"]+', _rounded, svg)
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    labels = f' role="img" aria-labelledby="{name}-title {name}-desc"'
    spoken = (
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(alternative)}</desc>'
    )
    svg = re.sub(r"<svg([^>]*)>", lambda m: f"<svg{m[1]}{labels}>{spoken}", svg, count=1)
    return Markup('<figure class="chart" id="{}"><figcaption>{}</figcaption>{}</figure>').format(
        name, title, Markup(svg)
    )
