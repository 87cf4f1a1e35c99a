"""The map: every place has its place, areas stay true, and what is drawn is what the table says."""

import csv
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import article, briefing, threat
from markupsafe import Markup

from analysis import atlas, places, worldmap
from analysis.brief import Brief


def test_every_place_has_an_outline_or_a_point() -> None:
    for place in places.ids():
        assert (place in worldmap.outlines()) != (place in worldmap.points()), (
            f"give {place} a line in data/map/points.csv"
        )
        at = worldmap.anchor(place)
        assert at is not None
        assert abs(at[0]) <= 180
        assert abs(at[1]) <= 90


def test_the_map_knows_no_other_places() -> None:
    assert {*worldmap.outlines(), *worldmap.points()} == set(places.ids())


def test_the_files_are_light_sorted_and_sourced() -> None:
    assert (worldmap.FOLDER / "outlines.csv").stat().st_size < 150_000
    with (worldmap.FOLDER / "points.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == sorted({row["id"] for row in rows})
    assert all(row["source"] and row["date_added"] for row in rows)
    assert list(worldmap.outlines()) == sorted(worldmap.outlines())


def test_rings_are_closed() -> None:
    for place, rings in worldmap.outlines().items():
        for ring in rings:
            assert len(ring) >= 4, place
            assert (ring[0] == ring[-1]).all(), place


def inside(ring: worldmap.Coordinates, lon: float, lat: float) -> bool:
    (x, y), (x2, y2) = ring[:-1].T, ring[1:].T
    with np.errstate(divide="ignore", invalid="ignore"):
        crossed = ((y > lat) != (y2 > lat)) & (lon < (x2 - x) * (lat - y) / (y2 - y) + x)
    return bool(crossed.sum() % 2)


#: Longitude, latitude, and the place that ISO 3166 gives it to, whoever holds or claims it.
WHERE = [
    (34.3, 45.3, "UA", "Crimea"), (44.0, 9.6, "SO", "Hargeisa"), (33.5, 35.3, "CY", "north of Nicosia"), (-53.0, 4.0, "GF", "Cayenne's hinterland"),
    (16.0, 78.7, "SJ", "Spitsbergen"), (21.0, 42.6, "XK", "Pristina"), (121.0, 23.8, "TW", "Taiwan"), (127.0, 37.5, "KR", "Seoul"),
    (126.0, 39.2, "KP", "Pyongyang"), (28.2, -29.5, "LS", "Lesotho"), (-13.0, 25.0, "EH", "Western Sahara"), (37.6, 55.7, "RU", "Moscow"),
]  # fmt: skip


@pytest.mark.parametrize(("lon", "lat", "place", "why"), WHERE, ids=[w[3] for w in WHERE])
def test_what_lies_where(lon: float, lat: float, place: str, why: str) -> None:
    found = {
        one for one, rings in worldmap.outlines().items() if sum(inside(ring, lon, lat) for ring in rings) % 2
    }
    assert found == {place}, why


#: Square kilometres on which encyclopaedias agree, with what the coarse outlines may miss of them.
AREAS = [
    ("BR", 8.51e6, 0.02),
    ("AU", 7.69e6, 0.02),
    ("CD", 2.34e6, 0.02),
    ("MN", 1.564e6, 0.02),
    ("FR", 5.5e5, 0.05),
    ("UA", 6.04e5, 0.05),
]


@pytest.mark.parametrize(("place", "area", "off"), AREAS)
def test_both_projections_keep_areas(place: str, area: float, off: float) -> None:
    for project in (worldmap.equal_earth, lambda ring: worldmap.azimuthal(ring, (60.0, 20.0))):
        drawn = sum(abs(worldmap.area(project(ring))) for ring in worldmap.outlines()[place]) * 6371**2
        assert drawn == pytest.approx(area, rel=off)


_PLACES = st.tuples(st.floats(-180, 180), st.floats(-85, 85))


@given(_PLACES, _PLACES)
def test_the_azimuthal_projection_keeps_the_distance_from_its_centre(
    centre: tuple[float, float], place: tuple[float, float]
) -> None:
    (x, y), away = (
        worldmap.azimuthal(np.array([place]), centre)[0],
        worldmap.distances(np.array([place]), centre)[0],
    )
    assert np.hypot(x, y) == pytest.approx(2 * np.sin(np.radians(min(away, 150)) / 2), abs=1e-6)


@given(st.lists(_PLACES, min_size=1, max_size=6))
def test_a_view_holds_all_places(found: list[tuple[float, float]]) -> None:
    view = worldmap.view(found)
    plane = view.plane(np.array(found))
    left, right, bottom, top = view.box
    assert ((plane > (left, bottom)) & (plane < (right, top))).all()
    assert worldmap.ASPECTS[0] - 1e-6 <= view.width / view.height <= worldmap.ASPECTS[1] + 1e-6


@pytest.mark.parametrize(
    ("ids", "near"),
    [("KR KP JP", True), ("UA RU JP KP", True), ("US TW", False), ("red-sea YE", True), ("FJ WS", True)],
)
def test_neighbours_are_shown_from_above_and_the_rest_on_the_whole_earth(ids: str, near: bool) -> None:
    anchors = worldmap.located(dict.fromkeys(ids.split(), 1)).values()
    assert (worldmap.view(list(anchors)).centre is not None) == near


CLASSES = [
    ([], []), ([3], [(3, 3)]), ([1, 2], [(1, 1), (2, 2)]), ([1, 1, 4, 7, 8], [(1, 1), (4, 4), (7, 8)]), ([5, 5, 5], [(5, 5)]),
    ([1, 1000], [(1, 1), (1000, 1000)]), ([1, 2, 3, 5, 7, 10, 25], [(1, 3), (5, 7), (10, 25)]),
]  # fmt: skip


@pytest.mark.parametrize(("counts", "expected"), CLASSES)
def test_classes(counts: list[int], expected: list[tuple[int, int]]) -> None:
    assert worldmap.classes(counts) == expected


@given(st.lists(st.integers(1, 10**6), min_size=1))
def test_each_count_has_one_class(counts: list[int]) -> None:
    found = worldmap.classes(counts)
    assert len(found) <= 3
    for n in counts:
        assert sum(low <= n <= high for low, high in found) == 1
        low, high = found[worldmap.class_of(n, found)]
        assert low <= n <= high


def naming(**regions: int) -> Brief:
    """Return a briefing of one article a mention; the names of regions have underscores for hyphens."""
    ids = [region.replace("_", "-") for region, n in regions.items() for _ in range(n)]
    return briefing(
        [article(i, date="2024-01-01") for i in range(len(ids))],
        threats=[threat(i, regions=[place]) for i, place in enumerate(ids)],
    )


def text(markup: str) -> str:
    return " ".join(Markup(markup).striptags().split())


def test_below_ten_mentions_there_is_no_map_but_the_table() -> None:
    b = naming(JP=5, KR=4)
    assert text(atlas.chart(b)) == "9 mentions of regions do not make a map: it is drawn from 10 on."
    assert "<svg" in atlas.chart(naming(JP=6, KR=4))
    assert text(atlas.chart(naming(JP=1))).startswith("1 mention of a region does not make a map")
    assert text(atlas.chart(briefing([]))) == "No threat mention names a region, so there is no map."
    assert "Japan" in atlas.regions_table(b)


TITLES: list[tuple[dict[str, int], str]] = [
    ({"JP": 11}, "Japan is named most often with threats, 11 times; no other region is named"),
    ({"JP": 6, "KR": 5}, "Japan is named most often with threats, 6 times; 1 other region is named"),
    (
        {"JP": 5, "red_sea": 5, "UA": 1, "TW": 1},
        "Japan and Red Sea are named most often with threats, 5 times each; 2 other regions are named",
    ),
    (
        dict.fromkeys(["JP", "KR", "UA", "TW", "RU"], 2),
        "Japan, South Korea, Russia and 2 others are named most often with threats, 2 times each; no other region is named",
    ),
]


@pytest.mark.parametrize(("counts", "expected"), TITLES, ids=["one", "two", "tied", "many tied"])
def test_the_title_says_the_finding(counts: dict[str, int], expected: str) -> None:
    assert f"<figcaption>{expected}</figcaption>" in atlas.chart(naming(**counts))


def test_the_map_says_what_the_table_says() -> None:
    b = naming(JP=6, red_sea=5, UA=4, malacca_strait=1)
    (spoken,) = re.findall(r"<desc[^>]*>(.*?)</desc>", atlas.chart(b))
    assert spoken == "Japan 6, Red Sea 5, Ukraine 4, Malacca Strait 1 (threat mentions)"
    rows = [text(row) for row in re.findall(r"<tr><th.*?</tr>", atlas.regions_table(b))[1:]]
    assert rows == ["Japan666", "Red Sea555", "Ukraine444", "Malacca Strait111"]
    assert atlas.regions_table(b).count('<a class="n"') == 4


def test_a_map_is_light_and_the_same_each_time() -> None:
    every = {place: 1 + i % 40 for i, place in enumerate(places.ids())}
    names = {place: places.name(place) for place in every}
    shown = atlas.drawn(every, names, "All")
    assert shown == atlas.drawn(every, names, "All")
    assert len(shown) < 400_000
    assert "<image" not in shown
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", shown)


def test_places_without_coordinates_are_left_to_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worldmap, "anchor", lambda place: None if place == "JP" else (0.0, 50.0))
    b = naming(JP=6, KR=5)
    assert "Japan 6" not in atlas.chart(b)
    assert "Not on the map, for want of coordinates: Japan." in atlas.regions_table(b)
    assert "None of the regions has coordinates" in atlas.drawn({"JP": 3}, {"JP": "Japan"}, "x")


def test_labels_cover_neither_each_other_nor_a_dot(monkeypatch: pytest.MonkeyPatch) -> None:
    boxes: list[list[atlas.Box]] = []
    write = atlas._label
    monkeypatch.setattr(atlas, "_label", lambda *a: (write(*a), boxes.append(list(a[4])))[0])
    every = {place: 1 + i % 40 for i, place in enumerate(places.ids())}
    atlas.drawn(every, {place: places.name(place) for place in every}, "All", most=60)
    before = boxes[0][: len(every) + 1]
    labels = boxes[-1][len(before) :]
    assert len(labels) > 5
    for i, label in enumerate(labels):
        assert not any(atlas._overlap(label, other) for other in [*before[:-1], *labels[:i]])
