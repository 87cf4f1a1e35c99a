"""Small multiples, set like the charts of ``figures``: counts over time, and steps on the scale of likelihood."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from analysis.figures import INK, PALETTE, STYLE, rendered, short
from analysis.periods import Counts
from analysis.schema import LIKELIHOODS

#: Mentions and articles; stories are dashes in ink.
_LIGHT, _FULL = PALETTE[4], PALETTE[0]


class Panel(NamedTuple):
    """One of the small multiples: its name, its counts period by period, and what is said of the last one."""

    name: str
    counts: Sequence[Counts]
    flag: str = ""


def courses(
    panels: Sequence[Panel], periods: Sequence[str], read: Sequence[tuple[int, int]], title: str, unit: str
) -> Markup:
    """Return small multiples over time on one scale, and below them the articles and stories read: their denominator.

    ``unit`` is *week* or *month*. A period in which no article was read is a grey band and has no number.
    """
    with mpl.rc_context(STYLE):
        down = -(-len(panels) // 2)
        figure = Figure(figsize=(7.0, 1.25 * down + 1.55), layout="constrained")
        grid = figure.subplots(
            down + 1, 2, sharex=True, squeeze=False, gridspec_kw={"height_ratios": [*[1.0] * down, 0.7]}
        )
        top = max([n for panel in panels for n, _, _ in panel.counts], default=0)
        gaps = [i for i, (articles, _) in enumerate(read) if not articles]
        for i, axes in enumerate(grid[:-1].flat):
            if i >= len(panels):
                axes.set_axis_off()
                continue
            panel = panels[i]
            _counted(axes, panel.counts, gaps)
            axes.set_ylim(0, max(top, 1) * 1.1)
            axes.set_title(
                f"{short(panel.name, 30)}{f', {panel.flag}' if panel.flag else ''}", loc="left", fontsize=9
            )
        for axes in grid[-1]:
            _counted(axes, [(0, articles, stories) for articles, stories in read], gaps, INK, 0.35)
            axes.set_ylim(0, max(n for n, _ in read) * 1.1)
            axes.set_title("articles read, and their stories", loc="left", fontsize=9)
        for axes in grid.flat:
            axes.set_xlim(-0.6, len(periods) - 0.4)
            axes.set_xticks([0, len(periods) - 1], [periods[0], periods[-1]])
            axes.locator_params(axis="y", nbins=3, integer=True)
            axes.tick_params(length=2)
        _key(figure, bool(gaps), unit)
        spoken = "; ".join(
            f"{panel.name}: "
            + ", ".join(
                f"{period} {n} ({a}, {s})"
                for period, (n, a, s) in zip(periods, panel.counts, strict=True)
                if n
            )
            for panel in panels
        )
        base = ", ".join(
            f"{p} {a} ({s})" if a else f"{p} none" for p, (a, s) in zip(periods, read, strict=True)
        )
        return rendered(
            figure,
            title,
            f"Mentions (articles, stories) by {unit}: {spoken}. Articles read (stories): {base}.",
        )


def _counted(
    axes: Axes, counts: Sequence[Counts], gaps: Sequence[int], colour: str = _FULL, alpha: float = 1
) -> None:
    for gap in gaps:
        axes.axvspan(gap - 0.5, gap + 0.5, color=INK, alpha=0.13, linewidth=0)
    axes.add_patch(_bars([n for n, _, _ in counts], _LIGHT, 1))
    axes.add_patch(_bars([n for _, n, _ in counts], colour, alpha))
    axes.add_patch(
        _marks(
            [(i, n, n) for i, (_, _, n) in enumerate(counts) if n],
            edgecolor=INK,
            facecolor="none",
            linewidth=1.4,
        )
    )


def _bars(heights: Sequence[int], colour: str, alpha: float) -> PathPatch:
    found = [(i, 0, n) for i, n in enumerate(heights) if n]
    return _marks(found, facecolor=colour, alpha=alpha, linewidth=0)


def _marks(found: Sequence[tuple[int, int, int]], **style: Any) -> PathPatch:
    """Return boxes as one path, each of a period from a lower to an upper count: a chart of a hundred weeks stays small."""
    corners = [
        [(i - 0.4, low), (i - 0.4, high), (i + 0.4, high), (i + 0.4, low), (i - 0.4, low)]
        for i, low, high in found
    ]
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(corners)
    flat = np.array([corner for box in corners for corner in box], dtype=float).reshape(-1, 2)
    return PathPatch(Path(flat, codes), **style)


def _key(figure: Figure, gaps: bool, unit: str) -> None:
    marks = [
        Patch(facecolor=_LIGHT, label="mentions"), Patch(facecolor=_FULL, label="articles that hold them"),
        Line2D([], [], color=INK, linewidth=1.4, label="stories, copies counted once"),
    ]  # fmt: skip
    if gaps:
        marks.append(Patch(facecolor=INK, alpha=0.13, label=f"no article read in the {unit}"))
    figure.legend(
        handles=marks,
        loc="outside lower center",
        ncols=len(marks),
        frameon=False,
        fontsize=8,
        handlelength=1,
        columnspacing=1.2,
    )


#: The bands from the least to the most likely, and below them *possible*, which states no probability.
_STEPS = {band: i for i, band in enumerate(LIKELIHOODS[:7])} | {"possible": -1.4}


def steps(people: Mapping[str, Sequence[tuple[str, str]]], title: str) -> Markup:
    """Return a panel a person: the bands of likelihood (``LIKELIHOODS`` but *none*) that they used, as (day, band), dot by dot."""
    with mpl.rc_context(STYLE):
        down = -(-len(people) // 2)
        figure = Figure(figsize=(7.0, 1.75 * down + 0.3), layout="constrained")
        panels = figure.subplots(down, 2, sharex=True, sharey=True, squeeze=False)
        days = sorted({day for said in people.values() for day, _ in said})
        first, last = _day(days[0]), _day(days[-1])
        pad = max(1.0, 0.05 * (last - first))
        for i, (axes, (name, said)) in enumerate(zip(panels.flat, people.items(), strict=False)):
            x, y = [_day(day) for day, _ in said], [_STEPS[band] for _, band in said]
            axes.axhline(-0.7, color=INK, linewidth=0.6)
            for level in range(7):
                axes.axhline(level, color=INK, linewidth=0.4, alpha=0.25, zorder=0)
            axes.scatter(x, y, s=30, color=PALETTE[0], edgecolors=INK, linewidths=0.6, zorder=3)
            axes.set_title(short(name, 30), loc="left", fontsize=9)
            axes.set_ylim(-2, 6.6)
            axes.set_xlim(first - pad, last + pad)
            axes.set_yticks(list(_STEPS.values()), list(_STEPS), fontsize=7.5)
            axes.set_xticks([first, last], [days[0], days[-1]])
            axes.tick_params(length=0)
            if i + 2 >= len(people):  # the lowest panel of its column
                axes.tick_params(labelbottom=True)
                for label, side in zip(axes.get_xticklabels(), ("left", "right"), strict=True):
                    label.set_horizontalalignment(side)
        for axes in panels.flat[len(people) :]:
            axes.set_axis_off()
        spoken = "; ".join(
            f"{name}: " + ", ".join(f"{day} {band}" for day, band in said) for name, said in people.items()
        )
        return rendered(figure, title, spoken)


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal()
