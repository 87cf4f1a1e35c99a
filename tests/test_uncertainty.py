"""Intervals over stories: their level on clustered data, against drawing stories one by one, the small-number rule, what is said."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import article, briefing, said, threat, tone, worded
from markupsafe import Markup

from analysis import brief, certainty, intervals, report, uncertainty
from analysis.brief import Brief
from analysis.intervals import Interval

_Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


def by_kind(above: Sequence[int], below: Sequence[int]) -> tuple[_Floats, _Floats, Any]:
    """Return the kinds of stories: what ``intervals`` takes."""
    kinds, stories = np.unique(np.column_stack([above, below]), axis=0, return_counts=True)
    return kinds[:, 0].astype(float), kinds[:, 1].astype(float), stories


def simulated(n: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Return mentions of a group and all mentions in ``n`` stories: a third of the stories holds the group, some of them much of it."""
    every = rng.geometric(0.25, n)
    return rng.binomial(every, 0.6) * (rng.random(n) < 0.35), every


@pytest.mark.parametrize(("n", "least"), [(20, 0.86), (50, 0.9), (200, 0.92)])
def test_intervals_hold_the_true_number_as_often_as_they_say(n: int, least: float) -> None:
    rng = np.random.default_rng(7)
    above, every = simulated(1_000_000, rng)
    true_sum, true_share = n * above.mean(), above.sum() / every.sum()
    held, tried = Counter[str](), 0
    for _ in range(200):
        mine, of = simulated(n, rng)
        if (mine > 0).sum() < uncertainty.FEWEST_WITH:
            continue
        tried += 1
        x, y, stories = by_kind(mine, of)
        of_sum, of_ratio = intervals.of_sum(x, stories), intervals.of_ratio(x, y, stories)
        assert of_sum
        assert of_ratio
        held["sum"] += of_sum.low <= true_sum <= of_sum.high
        held["share"] += of_ratio.low <= true_share <= of_ratio.high
        naive = 1.96 * mine.sum() ** 0.5  # as if mentions were independent
        held["naive"] += mine.sum() - naive <= true_sum <= mine.sum() + naive
    assert tried > 120
    assert least <= held["sum"] / tried <= 0.99
    assert least <= held["share"] / tried <= 0.99
    assert held["naive"] / tried < 0.8


def test_drawing_kinds_of_stories_is_drawing_stories() -> None:
    mine, of = simulated(60, np.random.default_rng(1))
    drawn = np.random.default_rng(2).integers(0, 60, (20_000, 60))
    whole = np.quantile(mine[drawn].sum(1) / of[drawn].sum(1), [0.025, 0.5, 0.975])
    x, y, stories = by_kind(mine, of)
    weights = np.random.default_rng(3).multinomial(60, stories / 60, 20_000)
    assert np.quantile(weights @ x / (weights @ y), [0.025, 0.5, 0.975]) == pytest.approx(whole, rel=0.03)
    found = intervals.of_ratio(x, y, stories)
    assert found == pytest.approx(whole[[0, 2]], rel=0.15)


def test_a_hundred_thousand_stories_are_few_kinds() -> None:
    many = by_kind(*simulated(100_000, np.random.default_rng(1)))
    assert len(many[0]) < 500
    found = intervals.of_ratio(*many)
    assert found
    assert found.high - found.low < 0.01


@pytest.mark.parametrize(
    ("above", "below", "why"),
    [
        ([1], [2], "one story"),
        ([1] * 50, [2] * 50, "all stories are alike: no certainty, but nothing to tell a spread from"),
        ([0] * 50, [1] * 50, "nothing was counted"),
        ([0] * 50, [0] * 50, "there is nothing to be a share of"),
        ([], [], "no story"),
        ([2, 0, 4] * 9, [2, 0, 4] * 9, "a share of one in every story"),
    ],
)
def test_no_interval_where_nothing_tells_a_spread(above: list[int], below: list[int], why: str) -> None:
    assert intervals.of_ratio(*by_kind(above, below)) is None, why


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=60), st.randoms(use_true_random=False)
)
def test_an_interval_is_no_point_and_does_not_depend_on_order(
    stories: list[tuple[int, int]], random: Any
) -> None:
    pairs = [(min(a, b), b) for a, b in stories]
    found = intervals.of_ratio(*by_kind([a for a, _ in pairs], [b for _, b in pairs]))
    random.shuffle(pairs)
    assert intervals.of_ratio(*by_kind([a for a, _ in pairs], [b for _, b in pairs])) == found
    assert found is None or 0 <= found.low < found.high <= 1


def spread(n: int, held: int) -> Brief:
    """Return a briefing of so many stories, of which some name Japan with threats: 1, 2 or 3 times, and all have one to Taiwan."""
    japan = [threat(i, id=f"j{i}-{j}") for i in range(held) for j in range(1 + i % 3)]
    taiwan = [threat(i, id=f"t{i}", regions=["TW"], actor="CN") for i in range(n)]
    days = [article(i, date=f"2024-{1 + i // 28:02d}-{1 + i % 28:02d}") for i in range(n)]
    return briefing(days, threats=japan + taiwan)


def japan(found: list[uncertainty.Number]) -> uncertainty.Number:
    return next(one for one in found if (one.measure, one.group) == ("threats_by_region", "JP"))


@pytest.mark.parametrize(
    ("n", "held", "has_interval", "why"),
    [
        (1, 1, False, "one story"),
        (19, 10, False, "a story too few"),
        (20, 5, True, "as few stories as may be"),
        (20, 4, False, "enough stories, but the region stands in too few"),
        (40, 12, True, "enough"),
    ],
)
def test_small_numbers_have_no_interval_and_no_share(n: int, held: int, has_interval: bool, why: str) -> None:
    one = japan(certainty.numbers(spread(n, held)))
    assert (one.n, one.n_stories) == (sum(1 + i % 3 for i in range(held)), held)
    assert [x is not None for x in (one.interval, one.share, one.share_interval)] == [has_interval] * 3, why


def test_copies_of_a_story_count_as_one() -> None:
    articles, threats = [article(i) for i in range(25)], [threat(i, id=f"t{i}") for i in range(25)]
    alone, copied = briefing(articles, threats=threats), briefing(articles, [range(25)], threats=threats)
    assert japan(certainty.numbers(alone)).n_stories == 25
    one = japan(certainty.numbers(copied))
    assert (one.n, one.n_stories, one.interval, one.share) == (25, 1, None, None)
    assert "There is one story; no interval can be computed" in certainty.said(copied, [one])


def test_a_share_of_rows_of_few_stories_is_not_printed() -> None:
    tones = [tone(i, id=f"n{i}-{j}", tone="negative" if j else "positive") for i in range(12) for j in range(3)]  # fmt: skip
    found = certainty.numbers(briefing([article(i) for i in range(30)], tones=tones))
    (russia,) = (one for one in found if one.measure == "tones_by_target")
    assert (russia.group, russia.n, russia.n_of, russia.n_stories_of) == ("Russia | negative", 24, 36, 12)
    assert russia.interval
    assert russia.share is None
    many = [tone(i, id=f"n{i}-{j}", tone="negative" if i % 3 and j else "neutral") for i in range(30) for j in range(2)]  # fmt: skip
    found = certainty.numbers(briefing([article(i) for i in range(30)], tones=many))
    (russia,) = (one for one in found if one.measure == "tones_by_target")
    assert russia.share == pytest.approx(20 / 60)
    assert russia.share_interval


_ROW = st.tuples(st.integers(0, 5), st.sampled_from(["JP", "TW", "KR"]), st.booleans())


@settings(max_examples=6, deadline=None)
@given(st.lists(_ROW, max_size=20), st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_the_kinds_of_stories_are_a_plain_count(
    rows: list[tuple[int, str, bool]], story_of: list[int]
) -> None:
    groups = [[i for i in range(6) if story_of[i] == k] for k in range(3)]
    made = briefing(
        [article(i, language="ko" if i == 5 else "en") for i in range(6)],
        [g for g in groups if g],
        threats=[
            threat(i, id=f"t{k}", regions=[r], is_negated=denied) for k, (i, r, denied) in enumerate(rows)
        ],
    )
    counted = next(c for c in uncertainty.COUNTED if c.measure == "threats_by_region")
    found = uncertainty.kinds(made.connection, counted.rows, counted.of, ["JP", "TW"])
    stated = [(story_of[i], r) for i, r, denied in rows if not denied and i != 5]
    stories = {story_of[i] for i in range(5)}
    for region in ("JP", "TW"):
        expected = Counter((stated.count((s, region)), sum(t == s for t, _ in stated)) for s in stories)
        mine = found[found["group"] == region]
        assert (
            dict(zip(zip(mine["n"], mine["n_of"], strict=True), mine["n_stories"], strict=True)) == expected
        )


def test_a_lead_is_drawn_with_both() -> None:
    rows = uncertainty.rows_of("threats_by_region")
    sure, open_ = spread(40, 5), spread(40, 25)
    clear = uncertainty.lead(sure.connection, rows, "TW", "JP")
    assert (clear.n, clear.n_stories, clear.rarer) == (40 - 9, 5, "JP")
    assert clear.interval
    assert clear.interval.low > 0
    close = uncertainty.lead(open_.connection, rows, "JP", "TW")
    assert close.interval
    assert close.interval.low < close.n < close.interval.high
    assert uncertainty.lead(spread(40, 4).connection, rows, "TW", "JP").interval is None
    assert "Taiwan leads Japan by 31 mentions" in certainty.leads(sure)
    assert "the order stands" in certainty.leads(sure)
    assert certainty.leads(spread(19, 9)) == ""


def test_a_tie_leads_nobody_and_what_is_alike_has_no_interval() -> None:
    tied = briefing([article(i) for i in range(25)], threats=[threat(i, id=f"t{i}", regions=["JP", "TW"]) for i in range(25)])  # fmt: skip
    assert "Japan and Taiwan share the first place" in certainty.leads(tied)
    twice = [threat(i, id=f"u{i}", regions=["TW"]) for i in range(25)]
    more = briefing([article(i) for i in range(25)], threats=[threat(i, id=f"t{i}", regions=["JP", "TW"]) for i in range(25)] + twice)  # fmt: skip
    assert "Taiwan leads Japan by 25 mentions; by as much in every story" in certainty.leads(more)


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, "No article was read, so there is no number that could be unsure."),
        (1, "There is one story; no interval can be computed, and no share is printed here."),
        (2, "There are 2 stories, too few to tell how the numbers would move with others: intervals and shares are computed from 20 stories on."),
        (20, "5 of 7 numbers have an interval. It says where the number would lie had 20 other stories of the same sort been read:"),
    ],
)  # fmt: skip
def test_what_is_said_of_the_stories(n: int, expected: str) -> None:
    made = spread(n, min(n, 6))
    assert expected in text(certainty.said(made, certainty.numbers(made)))


def text(html: Markup) -> str:
    return Markup(re.sub(r"<[^>]+>", "", html)).unescape()


def test_numbers_stand_beside_their_precision_and_recall(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(
        "measure,unit,data,n,precision,recall,f1,low,high\nthreat,any,demo,9,0.99,0.98,0.97,,\nthreat,any,passages,9,0.71,0.62,0.66,,\n"
        "threat regions,ids,demo,9,0.5,0.5,0.53,,\n",
        encoding="utf-8",
    )
    made = spread(20, 6)
    found = certainty.numbers(made)
    (row,) = re.findall(r"<tr><th scope=\"row\">Threat mentions by region: Japan</th>.*?</tr>", certainty.numbers_table(made, found, path))  # fmt: skip
    assert re.findall(r"\d\.\d\d", row) == ["0.71", "0.62", "0.53"]
    assert f'href="#{made.number("threats_by_region", "JP")["key"]}">12</a>' in row
    without = certainty.numbers_table(made, found, tmp_path / "none.csv")
    assert "Precision</th>" not in without
    assert "Precision and recall are not known" in without
    few = certainty.numbers_table(spread(2, 1), certainty.numbers(spread(2, 1)), path)
    assert "interval</th>" not in few
    assert "Share</th>" not in few


def test_names_are_escaped_in_chart_and_table() -> None:
    bad = '<script>alert(1)</script>"&$x$'
    made = briefing(
        [article(i) for i in range(25)],
        attributions=[
            said(i, id=f"a{i}-{j}", speaker=bad if i % 2 else "B")
            for i in range(25)
            for j in range(1 + i % 3)
        ],
        sentences=[worded(0, -1.0)],
    )
    found = certainty.numbers(made)
    shown = certainty.chart(found) + certainty.numbers_table(made, found) + certainty.leads(made)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert bad in Markup(shown).unescape()


def test_the_chart_says_its_finding_and_holds_no_point_without_an_interval() -> None:
    alike = certainty.chart(certainty.numbers(spread(40, 0)))  # Taiwan and China stand in every story once
    assert "no chart" in alike
    found = certainty.numbers(spread(40, 12))
    low, high = certainty.whole(japan(found).interval).split(" to ")
    chart = certainty.chart(found)
    assert "With other stories of the same sort war might have been counted" in chart
    assert f"region: Japan 24 ({low} to {high})" in re.search(r"<desc[^>]*>(.*?)</desc>", chart)[1]  # type: ignore[index]
    assert "Taiwan" not in chart


@pytest.mark.parametrize(
    ("interval", "counts", "shares"),
    [
        (None, "", ""),
        (Interval(0.5, 7.2), "0 to 8", "50 to 720 %"),
        (Interval(-26.0, 66.0), "−26 to 66", "-2600 to 6600 %"),
        (Interval(11.0, 121.00000000000001), "11 to 121", "1100 to 12100 %"),
        (Interval(0.86251, 0.98412), "0 to 1", "86 to 99 %"),
    ],
)  # fmt: skip
def test_ends_are_widened_to_whole_numbers(interval: Interval | None, counts: str, shares: str) -> None:
    assert (certainty.whole(interval), certainty.percent(interval)) == (counts, shares)


@pytest.fixture(scope="module")
def demo() -> Brief:
    return brief.make(report.Parameters(corpus="data/demo"))


def test_numbers_are_those_of_the_summary(demo: Brief) -> None:
    found = certainty.numbers(demo)
    for one in found:
        if one.measure == uncertainty.ARTICLES:
            assert one.n == demo.number("threats")["n_articles"]
            assert one.n_of == len(demo.read)
        else:
            row = demo.number(one.measure, one.group)
            assert (one.n, one.n_stories) == (row["n_rows"], row["n_stories"])
    assert {one.measure for one in found} == {counted.measure for counted in uncertainty.COUNTED}
    assert found == certainty.numbers(demo)


def test_the_demonstration_corpus_has_intervals(demo: Brief) -> None:
    found = certainty.numbers(demo)
    known = [one for one in found if one.interval]
    assert len(known) >= 10
    for one in known:
        assert one.interval
        assert one.interval.low < one.n < one.interval.high
        assert one.n_stories >= uncertainty.FEWEST_WITH
    assert all(
        one.interval is None and one.share is None for one in found if one.n_stories < uncertainty.FEWEST_WITH
    )
    first, again = (
        str(certainty.chart(certainty.numbers(demo)) + certainty.numbers_table(demo, found)) for _ in range(2)
    )
    assert first == again


def test_the_real_article_has_none() -> None:
    made = brief.make(report.Parameters())
    found = certainty.numbers(made)
    assert found
    assert not any(one.interval or one.share or one.share_interval for one in found)
    assert (
        certainty.said(made, found)
        == "<p>There is one story; no interval can be computed, and no share is printed here.</p>"
    )
    assert "no chart" in certainty.chart(found)
    assert certainty.leads(made) == ""
    assert pd.notna(japan(found).n)
