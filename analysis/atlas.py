"""Where the threatened regions lie: a map, drawn only where there are mentions enough, and a table that holds the same."""

from collections.abc import Iterator, Mapping, Sequence

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from analysis import schema, worldmap
from analysis.brief import Brief
from analysis.evidence import place_name
from analysis.figures import INK, STYLE, rendered, short
from analysis.show import Cell, listed, note, number, plain, table
from analysis.worldmap import View

#: Mentions that name a region, below which no map is drawn.
FEWEST_ON_MAP = 10
#: Few, many, most: yellow, orange and brown differ in lightness, so that the colour-blind and a grey print tell them apart.
_COLOURS = ("#F0C04F", "#E0711C", "#A3320B")
_RADII = (3.2, 5.2, 8.0)  # in points
_WIDTH = 7.0 * 72
_LETTERS = 7.6

Box = tuple[float, float, float, float]  #: left, bottom, right, top, in points


def chart(brief: Brief) -> Markup:
    """The map of the threatened regions, or why there is none."""
    counts = _counts(brief)
    total = sum(counts.values())
    if not total:
        return note("No threat mention names a region, so there is no map.")
    if total < FEWEST_ON_MAP:
        return note(
            f"{plain(total, 'mention of a region does', 'mentions of regions do')} not make a map: it is drawn from {FEWEST_ON_MAP} on."
        )
    top = max(counts.values())
    first = [place_name(place) for place, n in counts.items() if n == top]
    if len(first) > 4:
        first = [*first[:3], plain(len(first) - 3, "other")]
    verb, each = ("is", "") if len(first) == 1 else ("are", " each")
    title = (
        f"{listed(first)} {verb} named most often with threats, {plain(top, 'time')}{each}; {_spread(counts)}"
    )
    remark = note(
        "A dot stands for a state or a region, its size and colour for the number of mentions; shaded states are counted; the table holds them all. "
        "Lines are those of Natural Earth, by ISO 3166, and imply no position on any border or name."
    )
    return drawn(counts, {place: place_name(place) for place in counts}, title) + remark


def _counts(brief: Brief) -> dict[str, int]:
    """Return the mentions of each region, most first."""
    return {row["group"]: int(row["n_rows"]) for row in schema.records(brief.numbers("threats_by_region"))}


def _spread(counts: Mapping[str, int]) -> str:
    more = len(counts) - sum(n == max(counts.values()) for n in counts.values())
    return (
        f"{plain(more, 'other region is', 'other regions are')} named" if more else "no other region is named"
    )


def regions_table(brief: Brief, most: int = 60) -> Markup:
    """The numbers of the map: mentions with their evidence, articles, stories, and whether the map shows the region."""
    found = schema.records(brief.numbers("threats_by_region"))
    marked = sum(int(row["n_rows"]) for row in found) >= FEWEST_ON_MAP
    missing = (
        [place_name(row["group"]) for row in found if not worldmap.anchor(row["group"])] if marked else []
    )
    rows: list[list[Cell]] = [
        [place_name(row["group"]), number(row), int(row["n_articles"]), int(row["n_stories"])]
        for row in found[:most]
    ]
    remarks = (
        [f"The first {most} of {len(found):,} regions; all of them are in the table summary."]
        if len(found) > most
        else []
    )
    remarks += [f"Not on the map, for want of coordinates: {listed(missing)}."] if missing else []
    return table("Threat mentions by region", ["Region", "Mentions", "Articles", "Stories"], rows) + (
        note(" ".join(remarks)) if remarks else ""
    )


def drawn(counts: Mapping[str, int], names: Mapping[str, str], title: str, most: int = 20) -> Markup:
    """Return a map with a dot for each place, its class of counts told by size and colour, the largest with name and number.

    A place without coordinates is left to the table.
    """
    at = worldmap.located(counts)
    if not at:
        return note("None of the regions has coordinates, so there is no map.")
    places = sorted(at, key=lambda place: (-counts[place], place))
    view = worldmap.view([at[place] for place in places])
    classes = worldmap.classes(counts[place] for place in places)
    of = {place: worldmap.class_of(counts[place], classes) for place in places}
    with mpl.rc_context(STYLE):
        height = round(_WIDTH / view.width * view.height, 1)
        figure = Figure(figsize=(_WIDTH / 72, height / 72))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, _WIDTH)
        axes.set_ylim(0, height)
        land = [place for place in worldmap.outlines() if place in of or place != "AQ"]
        for counted in (False, True):
            rings = [ring for place in land if (place in of) == counted for ring in view.rings(place)]
            _land(axes, _points(view, rings, height), 0.22 if counted else 0.1)
        dots = {place: _points(view, [view.plane(np.array([at[place]]))], height)[0][0] for place in places}
        for place in places:
            axes.add_line(_dot(of[place], dots[place].tolist()))
        boxes = [_around(dots[place], _RADII[of[place]]) for place in places]
        corner, reserved = _corner(boxes, height)
        boxes.append(reserved)
        for place in places[:most]:
            _label(
                axes,
                f"{short(names[place], 24)} {counts[place]}",
                dots[place],
                _RADII[of[place]],
                boxes,
                height,
            )
        marks = [
            _dot(i, label=f"{low}" if low == high else f"{low} to {high}")
            for i, (low, high) in enumerate(classes)
        ]
        axes.legend(
            handles=marks,
            loc=corner,
            frameon=False,
            fontsize=8,
            title="mentions",
            title_fontsize=8,
            alignment="left",
            labelspacing=1.1,
        )
        spoken = ", ".join(f"{names[place]} {counts[place]}" for place in places)
        return rendered(figure, title, f"{spoken} (threat mentions)")


def _dot(i: int, at: Sequence[float] = (), label: str = "") -> Line2D:
    return Line2D(
        at[:1], at[1:], marker="o", linestyle="", markersize=2 * _RADII[i], markerfacecolor=_COLOURS[i], markeredgecolor=INK,
        markeredgewidth=0.7, label=label,
    )  # fmt: skip


def _points(view: View, rings: Sequence[worldmap.Coordinates], height: float) -> list[worldmap.Coordinates]:
    """Return what the picture shows of rings in the plane, in points from its lower left corner."""
    scale, corner, edge = _WIDTH / view.width, np.array(view.box[::2]), np.array([_WIDTH, height])
    found = [_thinned(np.round((ring - corner) * scale, 1)) for ring in rings]
    return [ring for ring in found if (ring.max(axis=0) > 0).all() and (ring.min(axis=0) < edge).all()]


def _thinned(ring: worldmap.Coordinates) -> worldmap.Coordinates:
    """Leave out what lies within half a point of the place before it."""
    kept = [0]
    for i in range(1, len(ring) - 1):
        if np.abs(ring[i] - ring[kept[-1]]).max() > 0.5:
            kept.append(i)
    return ring[[*kept, len(ring) - 1]] if len(ring) > 1 else ring


def _land(axes: Axes, rings: Sequence[worldmap.Coordinates], alpha: float) -> None:
    if rings:
        codes = [code for r in rings for code in [Path.MOVETO, *[Path.LINETO] * (len(r) - 2), Path.CLOSEPOLY]]
        axes.add_patch(
            PathPatch(
                Path(np.concatenate(rings), codes),
                facecolor=(INK, alpha),
                edgecolor=(INK, 0.4),
                linewidth=0.4,
            )
        )


def _corner(dots: Sequence[Box], top: float) -> tuple[int, Box]:
    """Return the corner for the key, by matplotlib's number, and its box: the first of those that cover fewest dots."""
    width, height = 72, 88
    corners: dict[int, Box] = {
        3: (0, 0, width, height),
        4: (_WIDTH - width, 0, _WIDTH, height),
        2: (0, top - height, width, top),
        1: (_WIDTH - width, top - height, _WIDTH, top),
    }
    best = min(corners, key=lambda corner: sum(_overlap(corners[corner], dot) for dot in dots))
    return best, corners[best]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _around(dot: worldmap.Coordinates, radius: float) -> Box:
    x, y = map(float, dot)
    return x - radius, y - radius, x + radius, y + radius


def _label(
    axes: Axes, text: str, dot: worldmap.Coordinates, radius: float, taken: list[Box], top: float
) -> None:
    """Write a label beside its dot where it covers nothing, with a line to the dot if that is farther off; else leave it out."""
    extent = TextPath(
        (0, 0), text, size=_LETTERS, prop=mpl.font_manager.FontProperties(family="DejaVu Sans")
    ).get_extents()
    width, height = float(extent.width) + 2, _LETTERS
    for x, y, far in _spots(float(dot[0]), float(dot[1]), radius, width, height):
        box = (x, y, x + width, y + height)
        inside = box[0] >= 2 and box[2] <= _WIDTH - 2 and box[1] >= 2 and box[3] <= top - 2
        if inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            axes.text(x + 1, y + 1.6, text, fontsize=_LETTERS)
            if far:
                end = min(max(float(dot[0]), x), x + width), min(max(float(dot[1]), y), y + height)
                axes.plot(
                    [float(dot[0]), end[0]], [float(dot[1]), end[1]], color=INK, linewidth=0.6, zorder=1
                )
            return


def _spots(
    x: float, y: float, radius: float, width: float, height: float
) -> Iterator[tuple[float, float, bool]]:
    """Yield lower left corners for a label around a dot, the nearest first, and whether it stands off."""
    for away in (2, 10, 20, 32, 46):
        r, middle = radius + away, height / 2
        yield x + r, y - middle, away > 2
        yield x - r - width, y - middle, away > 2
        yield x - width / 2, y + r, away > 2
        yield x - width / 2, y - r - height, away > 2
        d = r * 0.75
        for right in (x + d, x - d - width):
            for up in (y + d, y - d - height):
                yield right, up, away > 2
