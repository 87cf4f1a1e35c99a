"""Where places lie and how the round earth is drawn flat: outlines, points, and two projections that keep areas true.

The outlines are those of Natural Earth at 1:110 million (public domain), rounded to a tenth of a degree. What is drawn implies
no position on borders or names. States too small for that scale, and regions that are no state, are points.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FOLDER = Path(__file__).resolve().parent.parent / "data" / "map"
#: Degrees from the middle of all places up to which a part of the earth is shown; where they lie wider apart, all of it.
WIDEST = 50
#: Least and largest width of a picture to its height.
ASPECTS = (1.7, 2.2)

Coordinates = npt.NDArray[np.float64]  #: one place a row, two numbers each


@cache
def outlines() -> dict[str, tuple[Coordinates, ...]]:
    """Return the rings of each place that has an outline: longitude and latitude in degrees."""
    found: dict[str, tuple[Coordinates, ...]] = {}
    for row in _rows("outlines.csv"):
        ring = np.array(row["ring"].split(), dtype=float).reshape(-1, 2)
        found[row["id"]] = (*found.get(row["id"], ()), ring)
    return found


@cache
def points() -> dict[str, tuple[float, float]]:
    """Return longitude and latitude of each place that has no outline."""
    return {row["id"]: (float(row["lon"]), float(row["lat"])) for row in _rows("points.csv")}


def _rows(name: str) -> Iterable[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def anchor(place: str) -> tuple[float, float] | None:
    """Return where the mark of a place stands: its point, or the centre of its largest ring; None where it has neither."""
    if place in points():
        return points()[place]
    rings = outlines().get(place)
    if not rings:
        return None
    ring = max(rings, key=lambda r: abs(area(equal_earth(r))))
    (x, y), (after_x, after_y) = ring[:-1].T, ring[1:].T
    cross = x * after_y - after_x * y
    lon, lat = (float((part @ cross) / (6 * area(ring))) for part in (x + after_x, y + after_y))
    return round(lon, 1), round(lat, 1)


def area(plane: Coordinates) -> float:
    """Return the area of a ring in the plane; below zero where it runs clockwise."""
    x, y = plane.T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


_A = (1.340264, -0.081106, 0.000893, 0.003796)


def equal_earth(degrees: Coordinates) -> Coordinates:
    """Return the whole earth on a plane: Equal Earth (Šavrič, Patterson and Jenny 2019), in units of the earth's radius."""
    lon, lat = np.radians(degrees).T
    t = np.arcsin(np.sqrt(3) / 2 * np.sin(lat))
    slope = 9 * _A[3] * t**8 + 7 * _A[2] * t**6 + 3 * _A[1] * t**2 + _A[0]
    y = _A[3] * t**9 + _A[2] * t**7 + _A[1] * t**3 + _A[0] * t
    return np.column_stack([2 * np.sqrt(3) * lon * np.cos(t) / (3 * slope), y])


def azimuthal(degrees: Coordinates, centre: tuple[float, float]) -> Coordinates:
    """Return a part of the earth around ``centre``: Lambert's azimuthal equal-area projection (Snyder 1987, chapter 24).

    What lies more than 150 degrees away is drawn at that distance.
    """
    lon, lat = np.radians(degrees).T
    middle, up = np.radians(centre)
    away = lon - middle
    cosine = np.clip(np.sin(up) * np.sin(lat) + np.cos(up) * np.cos(lat) * np.cos(away), -1, 1)
    x = np.cos(lat) * np.sin(away)
    y = np.cos(up) * np.sin(lat) - np.sin(up) * np.cos(lat) * np.cos(away)
    length = np.hypot(x, y)
    radius = 2 * np.sin(np.minimum(np.arccos(cosine), np.radians(150)) / 2)
    scale = np.divide(radius, length, out=np.ones_like(length), where=length > 1e-12)
    return np.column_stack([x * scale, y * scale])


class View(NamedTuple):
    """A picture of the earth: all of it, or the part around ``centre``; left, right, bottom and top in the plane."""

    centre: tuple[float, float] | None
    box: tuple[float, float, float, float]

    @property
    def width(self) -> float:
        """How wide the picture is in the plane."""
        return self.box[1] - self.box[0]

    @property
    def height(self) -> float:
        """How high it is."""
        return self.box[3] - self.box[2]

    def plane(self, degrees: Coordinates) -> Coordinates:
        """Return longitudes and latitudes as places in the plane."""
        return azimuthal(degrees, self.centre) if self.centre else equal_earth(degrees)

    def rings(self, place: str) -> list[Coordinates]:
        """Return the outline of a place in the plane; a ring on the far side of the earth is left out."""
        rings = outlines().get(place, ())
        return [
            self.plane(ring) for ring in rings if not self.centre or distances(ring, self.centre).min() < 95
        ]


def distances(degrees: Coordinates, centre: tuple[float, float]) -> npt.NDArray[np.float64]:
    """Return how many degrees each place lies from ``centre``."""
    lon, lat = np.radians(degrees).T
    middle, up = np.radians(centre)
    cosine = np.sin(up) * np.sin(lat) + np.cos(up) * np.cos(lat) * np.cos(lon - middle)
    found: npt.NDArray[np.float64] = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return found


def view(anchors: Sequence[tuple[float, float]]) -> View:
    """Return the picture that holds all places: from above their middle where they lie together, else Equal Earth."""
    degrees = np.array(anchors, dtype=float)
    lon, lat = np.radians(degrees).T
    x, y, z = (
        float(part.sum()) for part in (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
    )
    centre = float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arctan2(z, np.hypot(x, y))))
    together = distances(degrees, centre).max() <= WIDEST
    plane = azimuthal(degrees, centre) if together else equal_earth(degrees)
    (left, bottom), (right, top) = plane.min(axis=0), plane.max(axis=0)
    pad = max(0.13 * max(right - left, top - bottom), 0.09)
    return View(centre if together else None, _fitted(left - pad, right + pad, bottom - pad, top + pad))


def _fitted(left: float, right: float, bottom: float, top: float) -> tuple[float, float, float, float]:
    """Widen a box until it has the shape of a picture."""
    width, height = float(right - left), float(top - bottom)
    more_x, more_y = max(0.0, height * ASPECTS[0] - width) / 2, max(0.0, width / ASPECTS[1] - height) / 2
    return float(left) - more_x, float(right) + more_x, float(bottom) - more_y, float(top) + more_y


def classes(counts: Iterable[int], most: int = 3) -> list[tuple[int, int]]:
    """Return few classes of counts, from the lowest, that hold all of them: each reaches as many times as far as the one before.

    A class that holds no count is left out.
    """
    found = sorted(set(counts))
    if not found:
        return []
    top = found[-1]
    edges = sorted({max(1, round(top ** (i / most))) for i in range(1, most)} | {top})
    parts = [[n for n in found if low < n <= high] for low, high in zip([0, *edges], edges, strict=False)]
    return [(part[0], part[-1]) for part in parts if part]


def class_of(count: int, found: Sequence[tuple[int, int]]) -> int:
    """Return the number of the class that holds a count; the lowest is 0."""
    return next(i for i, (low, high) in enumerate(found) if low <= count <= high)


def located(counts: Mapping[str, int]) -> dict[str, tuple[float, float]]:
    """Return where the marks of places stand; a place without outline and point is left out."""
    return {place: at for place in counts if (at := anchor(place))}
