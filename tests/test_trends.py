"""Courses over time: weeks or months, gaps, what stands out from chance, and who was how sure when."""

import re
from datetime import date, timedelta
from math import comb
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import article, briefing, said, threat
from markupsafe import Markup

from analysis import charts, figures, network, periods, rates, trends
from analysis.brief import Brief
from analysis.rates import Rate


def course(*days: str, languages: tuple[str, ...] = ()) -> periods.Course | None:
    codes = [*languages, *["en"] * (len(days) - len(languages))]
    connection = duckdb.connect()
    articles = [
        (f"{i}", f"{i}.txt", 1, day, code) for i, (day, code) in enumerate(zip(days, codes, strict=True))
    ]
    frame = pd.DataFrame(articles, columns=["article_id", "path", "record", "date", "language"], dtype=object)
    connection.register("articles", frame.astype({"article_id": str, "date": str, "language": str}))
    connection.execute("CREATE TABLE stories (article_id VARCHAR, story_id VARCHAR)")
    return periods.course(connection)


COURSES = [
    (("2024-01-03",), "week", ["2024-W01"], [1], "one article"),
    (("2024-01-01", "2024-01-07", "2024-01-08"), "week", ["2024-W01", "2024-W02"], [2, 1], "a week begins on Monday"),
    (("2020-12-27", "2021-01-04"), "week", ["2020-W52", "2020-W53", "2021-W01"], [1, 0, 1], "a year of 53 weeks, and a gap"),
    (("2024-01-01", "2024-06-30"), "week", [f"2024-W{i:02d}" for i in range(1, 27)], [1, *[0] * 24, 1], "181 days are weeks"),
    (("2024-01-01", "2024-07-01"), "month", [f"2024-{i:02d}" for i in range(1, 8)], [1, *[0] * 5, 1], "182 days are months"),
    (("2023-11-30", "2023-12-01", "2024-11-30"), "month", ["2023-11", "2023-12", *(f"2024-{i:02d}" for i in range(1, 12))],
     [1, 1, *[0] * 10, 1], "months over the turn of the year"),
]  # fmt: skip


@pytest.mark.parametrize(("days", "unit", "expected", "read", "why"), COURSES, ids=[c[4] for c in COURSES])
def test_a_course(days: tuple[str, ...], unit: str, expected: list[str], read: list[int], why: str) -> None:
    found = course(*days)
    assert found is not None
    assert (found.unit, found.periods, [n for n, _ in found.read]) == (unit, expected, read), why
    assert found.gaps == [period for period, n in zip(expected, read, strict=True) if not n]


def test_an_article_in_another_language_is_in_no_course() -> None:
    assert course("2020-01-01", "2024-01-03", languages=("ko",)) == course("2024-01-03")
    assert course("2020-01-01", languages=("ko",)) is None
    assert course() is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.dates(date(2020, 12, 1), date(2021, 9, 1)), min_size=1, max_size=8))
def test_every_article_is_in_one_period(days: list[date]) -> None:
    found = course(*(day.isoformat() for day in days))
    assert found is not None
    assert sum(n for n, _ in found.read) == len(days)
    assert found.read[0][0]
    assert found.read[-1][0]
    assert found.periods == sorted(set(found.periods))
    assert (found.unit == "week") == (max(days) - min(days) < timedelta(weeks=26))


#: last, before, two-sided p; the first is Fisher's lady who tasted tea.
FISHER = [
    ((3, 4), (1, 4), 34 / 70), ((8, 10), (1, 6), 400 / 11440), ((0, 5), (0, 50), 1.0), ((5, 5), (0, 5), 2 / 252), ((2, 4), (2, 4), 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("last", "before", "p"), FISHER)
def test_fishers_exact_test(last: tuple[int, int], before: tuple[int, int], p: float) -> None:
    assert rates.p_value(Rate(*last), Rate(*before)) == pytest.approx(p)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_p_as_counted_with_whole_numbers(data: st.DataObject) -> None:
    n, m = data.draw(st.integers(1, 30)), data.draw(st.integers(1, 30))
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    ways = [comb(n, i) * comb(m, a + b - i) for i in range(max(0, a + b - m), min(n, a + b) + 1)]
    mine = comb(n, a) * comb(m, b)
    assert rates.p_value(Rate(a, n), Rate(b, m)) == pytest.approx(
        sum(w for w in ways if w <= mine) / comb(n + m, a + b)
    )


def test_newcombes_interval_as_he_printed_it() -> None:
    low, high = rates.difference(Rate(56, 70), Rate(48, 80))  # Newcombe 1998, table II, example (a)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        ([0.04], [0.04]),
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
        ([0.6, 0.7], [1.0, 1.0]),
    ],
)
def test_holms_correction(values: list[float], expected: list[float]) -> None:
    assert rates.holm(values) == pytest.approx(expected)


def weeks(
    n: int, stories: int = 6, gaps: tuple[int, ...] = (), *, shift: int = 0, copies: bool = False
) -> Brief:
    """Return a briefing of weeks with stories each: the first story of a week names Taiwan, the others Ukraine.

    In the last week the next ``shift`` stories name Taiwan too. With ``copies`` each article of the last week tells one story.
    """
    articles, threats = [], []
    for week in range(n):
        for story in range(stories if week not in gaps else 0):
            day = date(2024, 1, 1) + timedelta(weeks=week, days=story % 7)
            number = len(articles)
            articles.append(article(number, date=day.isoformat()))
            taiwan = story == 0 or (week == n - 1 and story <= shift)
            threats.append(
                threat(number, regions=["TW" if taiwan else "UA"], category="war" if story % 2 else "missile")
            )
    last = list(range(len(articles) - stories, len(articles)))
    return briefing(articles, [last] if copies else [], threats=threats)


def test_a_change_stands_out_where_chance_hardly_explains_it() -> None:
    found = {one.group: one for one in rates.changes(weeks(10, shift=5).connection, "2024-W10")}
    assert set(found) == {"TW", "UA", "war", "missile"}
    assert (found["TW"].last, found["TW"].before) == (Rate(6, 6), Rate(9, 54))
    assert [one for one in found if found[one].stands_out] == ["TW", "UA"]
    assert found["TW"].interval.low > 0 > found["UA"].interval.high


def test_a_steady_course_stands_out_nowhere() -> None:
    found = rates.changes(weeks(10).connection, "2024-W10")
    assert len(found) == 4
    assert not any(one.stands_out for one in found)


FEW: list[tuple[dict[str, Any], str, str]] = [
    ({"n": 10, "shift": 5, "copies": True}, "2024-W10", "six copies are one story"),
    ({"n": 10, "stories": 4, "shift": 3}, "2024-W10", "four stories in the last week"),
    ({"n": 1}, "2024-W01", "nothing before"),
]


@pytest.mark.parametrize(("asked", "last", "why"), FEW, ids=[f[2] for f in FEW])
def test_of_few_stories_nothing_is_told(asked: dict[str, Any], last: str, why: str) -> None:
    b = weeks(**asked)
    assert rates.changes(b.connection, last) == [], why
    assert "stands out" not in trends.changed(b)


def test_a_region_of_few_stories_is_not_compared() -> None:
    assert "TW" not in {one.group for one in rates.changes(weeks(4, stories=6).connection, "2024-W04")}


def test_denied_threats_and_copies_in_two_periods() -> None:
    """A story that runs on into the last period stays in that of its first article, and is counted once."""
    articles = [article(i, date=f"2024-01-{1 + i:02d}") for i in range(12)] + [
        article(i, date="2024-01-15") for i in range(12, 20)
    ]
    threats = [threat(i) for i in range(12)] + [threat(i, is_negated=True) for i in range(12, 18)]
    b = briefing(articles, [(0, 18), (1, 19)], threats=[*threats, threat(18), threat(19)])
    found = {one.group: one for one in rates.changes(b.connection, "2024-W03")}
    assert (found["JP"].last, found["JP"].before) == (Rate(0, 6), Rate(12, 12))


NONE = [
    (0, "2024-01-01", "No article was read, so no trend is drawn."),
    (1, "2024-01-01", "There is one article: no trend is drawn."),
    (
        2,
        "2024-01-01",
        "The 2 articles are of 1 week: a trend is drawn from 3 weeks or months with articles on.",
    ),
    (
        1000,
        "2024-01-01",
        "The 1,000 articles are of 1 week: a trend is drawn from 3 weeks or months with articles on.",
    ),
]


@pytest.mark.parametrize(("n", "day", "expected"), NONE)
def test_why_there_is_no_trend(n: int, day: str, expected: str) -> None:
    b = briefing([article(i, date=day) for i in range(n)], threats=[threat(i) for i in range(n)])
    assert trends.said(b) == f'<p class="note">{expected}</p>'
    assert [trends.course(b, "region"), trends.course(b, "category"), trends.changed(b)] == [
        trends.said(b)
    ] * 3


def text(markup: str) -> str:
    return " ".join(Markup(markup).striptags().split())


def test_gaps_are_drawn_and_listed() -> None:
    b = weeks(10, gaps=(2, 3, 6), shift=5)
    assert (
        "In 3 weeks no article was read, which is a gap and not a zero: 2024-W03 to 2024-W04 and 2024-W07."
        in text(trends.said(b))
    )
    shown = trends.course(b, "region")
    assert "2024-W03 none, 2024-W04 none, 2024-W05 6 (6)" in shown
    rows = re.findall(r"<tr><th scope=\"row\"><time>(.*?)</time></th>(.*?)</tr>", trends.course(b, "region"))
    assert [week for week, cells in rows if "gap" in cells] == ["2024-W03", "2024-W04", "2024-W07"]
    assert all(cells.count("gap") in (0, 2) for _, cells in rows)
    assert "without an article" in trends.said(weeks(5))


def test_many_gaps_are_summed_up() -> None:
    days = [f"{2000 + i // 12}-{i % 12 + 1:02d}-01" for i in range(0, 48, 2)]
    b = briefing([article(i, date=day) for i, day in enumerate(days)])
    assert text(trends.said(b)).endswith("2001-06, 2001-08 and 13 other stretches.")


LEADS = [
    ({"n": 10, "shift": 5}, "region", "Taiwan in more stories and Ukraine in fewer stories of 2024-W10 than of the weeks before"),
    ({"n": 10}, "region", "Ukraine leads with 50 mentions and peaks in 2024-W01 (5); no change in 2024-W10 stands out from chance"),
    ({"n": 10}, "category", "Missile and war lead with 30 mentions each; no change in 2024-W10 stands out from chance"),
    ({"n": 4, "stories": 3}, "category", "Missile leads with 8 mentions and peaks in 2024-W01 (2); too few stories to tell a change"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "what", "expected"), LEADS)
def test_the_chart_says_what_changed_or_who_leads(asked: dict[str, Any], what: str, expected: str) -> None:
    assert f"<figcaption>{expected}</figcaption>" in trends.course(weeks(**asked), what)


def test_what_stands_out_is_drawn_though_it_is_small() -> None:
    """Six regions have ten stories each and more; the seventh has five, all of them in the last week."""
    articles, threats = [], []
    for i in range(60):
        articles.append(article(i, date=(date(2024, 1, 1) + timedelta(days=i // 6)).isoformat()))
        threats += [threat(i, regions=[["UA", "RU", "TW", "KR", "KP", "IL"][i % 6]])] * 2
    for i in range(60, 66):
        articles.append(article(i, date="2024-01-15"))
        threats.append(threat(i, regions=["SO"]))
    found = trends.course(briefing(articles, threats=threats), "region")
    assert "<figcaption>Somalia in more stories of 2024-W03 than of the weeks before</figcaption>" in found
    assert found.count('<th scope="col" class="num">') == 2 + 7


def test_two_stories_that_run_on_are_not_of_the_last_week() -> None:
    articles = [article(i, date=f"2024-01-{1 + 7 * (i // 6):02d}") for i in range(18)]
    b = briefing(articles, [(0, 16), (1, 17)], threats=[threat(i) for i in range(18)])
    assert (
        "4 stories begin in 2024-W03, 12 stories before it, and a comparison takes 5 of each"
        in trends.changed(b)
    )


def test_the_table_holds_the_counts_with_links() -> None:
    b = briefing(
        [article(i, date=f"2024-01-{day:02d}") for i, day in enumerate((1, 1, 8, 15))], [(0, 1)],
        threats=[threat(0), threat(0), threat(1), threat(2, is_negated=True), threat(3, regions=["UA", "JP"])],
    )  # fmt: skip
    found = trends.course(b, "region")
    assert [text(row) for row in re.findall(r"<tr>.*?</tr>", found)] == [
        "WeekArticles readStoriesJapanUkraine", "2024-W01213 (2, 1)0", "2024-W021100", "2024-W03111 (1, 1)1 (1, 1)",
    ]  # fmt: skip
    keys = set(re.findall(r'href="#(n-[^"]+)"', found))
    assert keys == {
        row["key"] for row in b.summary.to_dict("records") if row["measure"] == "threats_by_region_and_week"
    }


def test_without_threats_there_is_a_sentence() -> None:
    b = briefing([article(i) for i in range(0, 28, 7)], threats=[threat(0, regions=[])])
    assert text(trends.course(b, "region")) == "No threat mention names a region, so no trend is drawn."
    assert "War leads with 1 mention" in trends.course(b, "category")
    assert text(trends.course(briefing([article(i) for i in range(0, 28, 7)]), "category")).startswith(
        "No threat mention was found"
    )


def test_a_long_course_is_one_light_path_a_panel() -> None:
    panel = charts.Panel("A" * 300, [(i % 7, i % 5, i % 3) for i in range(600)])
    names = [f"{i // 12 + 1975}-{i % 12 + 1:02d}" for i in range(600)]
    shown = charts.courses([panel], names, [(9, 8)] * 600, "A century", "month")
    assert len(shown) < 350_000
    assert shown == charts.courses([panel], names, [(9, 8)] * 600, "A century", "month")


NAMES = [
    ("Oliver Jia", "Oliver Jia"), ("a_b", "a b"), ("محمد الأحمد", "محمد الأحمد"), ("王小明", "(in the table)"), ("x" * 300, "x" * 41 + "…"),
    ("a\nb\x00", "(in the table)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_names_in_charts(name: str, expected: str) -> None:
    assert figures.short(name) == expected


def stated(*rows: tuple[int, str, str], **values: Any) -> Brief:
    """Return a briefing of one article a day, in which (article, expert, band) is said."""
    n = max((number for number, _, _ in rows), default=0) + 2
    return briefing(
        [article(i) for i in range(n)], values.pop("stories", ()),
        attributions=[said(number, speaker=name, likelihood=band, content=["It is " + band], **values) for number, name, band in rows],
    )  # fmt: skip


def test_the_timeline_draws_who_spoke_on_two_days_and_lists_all() -> None:
    b = stated(
        (0, "Ann", "likely"),
        (2, "Ann", "almost certain"),
        (2, "Bo", "unlikely"),
        (3, "", "likely"),
        (4, "Cy", "none"),
    )
    shown = network.timeline(b)
    assert "Ann goes farthest: from likely (2024-01-01) to almost certain (2024-01-03)" in shown
    assert "Ann: 2024-01-01 likely, 2024-01-03 almost certain</desc>" in shown
    rows = re.findall(r"<tr><th.*?</tr>", network.timeline_table(b))[1:]
    assert [text(row) for row in rows] == [
        "2024-01-01AnnlikelyIt is likely", "2024-01-03Annalmost certainIt is almost certain", "2024-01-03BounlikelyIt is unlikely",
    ]  # fmt: skip
    assert re.findall(r'href="#(e-[^"]+)"', network.timeline_table(b)) == ["e-a0", "e-a1", "e-a2"]


def test_copies_of_a_story_are_one_statement() -> None:
    b = stated((0, "Ann", "likely"), (1, "Ann", "likely"), (1, "Ann", "unlikely"), stories=[(0, 1)])
    assert re.findall(r'href="#(e-[^"]+)"', network.timeline_table(b)) == ["e-a0", "e-a2"]


def test_why_there_is_no_timeline() -> None:
    one = briefing([article(0)], attributions=[said(likelihood="likely")])
    assert text(network.timeline(one)) == "There is one article: no timeline is drawn."
    none = "No named expert states a likelihood on two days, so no timeline is drawn."
    assert text(network.timeline(stated((0, "Ann", "likely"), (0, "Ann", "unlikely")))) == none
    assert text(network.timeline(briefing([]))) == none


def test_who_never_moves_and_who_only_calls_it_possible() -> None:
    assert (
        "2 experts state a likelihood on two days or more; none ends in another band than at first"
        in network.timeline(
            stated((0, "Ann", "likely"), (1, "Ann", "likely"), (0, "Bo", "possible"), (1, "Bo", "possible"))
        )
    )


def test_the_table_is_cut_and_says_so() -> None:
    b = stated(*((i, "Ann", "likely") for i in range(9)))
    assert "The first 4 of 9 statements" in network.timeline_table(b, 4)
    assert network.timeline_table(b, 4).count("<bdi>") == 4


def speaking(experts: int, regions: int) -> Brief:
    """Return a briefing in which expert i speaks of region i, once more often than the next, and nobody named of the first."""
    ids = ["UA", "JP", "RU", "TW", "KR", "KP", "CN", "IL", "IR", "YE", "ML", "SO", "GY"][:regions]
    rows, threats = [], []
    for i in range(experts):
        rows.append(said(i, speaker=f"Expert {i:02d}", content_start=[0], content_end=[1000]))
        threats += [threat(i, regions=[ids[i % regions]])] * (experts - i)
    rows.append(said(experts, speaker=""))
    threats.append(threat(experts, regions=ids[:1], start=0, end=5))
    return briefing(
        [article(i, date="2024-01-01") for i in range(experts + 1)], attributions=rows, threats=threats
    )


def test_a_small_matrix_is_whole() -> None:
    found = network.matrix(speaking(3, 2))
    assert re.findall(r"<bdi>(.*?)</bdi>", found) == [
        "Expert 00",
        "Expert 01",
        "Expert 02",
        "unnamed experts",
    ]
    assert text(found.partition("<tbody>")[0]).endswith("ExpertUkraineJapan")
    assert "Left out" not in found
    assert 'class="num heat-3"' in found
    assert 'class="num nothing"' in found


def test_a_large_matrix_is_cut_and_says_so() -> None:
    found = network.matrix(speaking(20, 13))
    assert found.count("<bdi>") == network.EXPERTS
    assert found.count("<bdi>unnamed experts") == 1
    assert found.partition("<tbody>")[0].count('class="num"') == network.REGIONS
    assert (
        "Left out: 6 experts and 3 regions with fewer mentions; all of them are in the table summary."
        in found
    )


def test_no_matrix_without_threats_in_statements() -> None:
    assert (
        text(network.matrix(briefing([article(0)], attributions=[said()])))
        == "No expert's statement names a threat to a region."
    )


def test_hostile_names_are_escaped() -> None:
    name = "<script>alert(1)</script>$x$ {{7*7}}"
    b = stated((0, name, "likely"), (1, name, "unlikely"))
    b2 = briefing([article(0)], attributions=[said(speaker=name, content_end=[1000])], threats=[threat()])
    for shown in (network.timeline(b), network.timeline_table(b), network.matrix(b2)):
        assert "<script" not in shown
        assert "&lt;script&gt;" in shown
