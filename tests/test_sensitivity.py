"""Whether headlines stand: against recounts by brute force, at the reader's thresholds, without terms, and what is said of it."""

import re
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import article, briefing, said, threat, tone
from markupsafe import Markup

from analysis import attributions, brief, reader, report, robustness, sensitivity, summary, threats
from analysis.brief import Brief
from analysis.sensitivity import HEADLINES, First, Headline
from analysis.threats import terms

REGION, CATEGORY, ACTOR, EXPERT, TARGET = HEADLINES


def counted(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """Return ``part, group, n`` of rows ``part, group``."""
    return [(*pair, n) for pair, n in sorted(Counter(rows).items())]


def top(groups: Iterable[str]) -> First:
    """Return the first place, counted in the plainest way."""
    counts = Counter(groups)
    most = max(counts.values(), default=0)
    return First(tuple(sorted(g for g in counts if counts[g] == most)), most)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("xyz")), max_size=25))
def test_leaving_out_each_part_is_counting_without_it(rows: list[tuple[str, str]]) -> None:
    found = sensitivity.standing(counted(rows), kept="D")
    here = top(g for _, g in rows)
    moved = {p: top(g for q, g in rows if q != p) for p in sorted({p for p, _ in rows} - {"D"})}
    falls = {p: then for p, then in moved.items() if not set(here.groups) <= set(then.groups)}
    assert {o.part: o.first for o in found.falls} == falls
    if found.most:
        leading = here.groups[0]
        left = {p: sum(g == leading for q, g in rows if q != p) for p in moved}
        assert found.most.n == min(left.values()) == left[found.most.part]
    else:
        assert not any(here.groups[0] == g for p, g in rows if p != "D") or len(here.groups) > 1


_MENTIONS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["JP", "TW", "KR"]), st.sampled_from([None, 0.2, 0.5, 0.8, 0.95]), st.booleans()), max_size=15,
)  # fmt: skip


@settings(max_examples=6, deadline=None)
@given(_MENTIONS, st.lists(st.sampled_from(["A", "B", ""]), min_size=6, max_size=6))
def test_a_headline_is_what_a_recount_of_fewer_articles_gives(
    mentions: list[tuple[int, str, float | None, bool]], outlet_of: list[str]
) -> None:
    rows = [
        threat(i, id=f"t{k}", regions=[r], p=p, is_negated=denied)
        for k, (i, r, p, denied) in enumerate(mentions)
    ]
    made = briefing([article(i, outlet=o) for i, o in enumerate(outlet_of)], [[0, 1]], threats=rows)
    stated = [(i, r, p) for i, r, p, denied in mentions if not denied]
    names = sensitivity.outlets(made.connection)
    assert names == sorted({"A", "B"} & set(outlet_of), key=lambda o: (-outlet_of.count(o), o))
    found = sensitivity.examine(made.connection, REGION, names)
    assert found.units == {
        "mentions": top(r for _, r, _ in stated),
        "articles": top(r for _, r in {(i, r) for i, r, _ in stated}),
        "stories": top(r for _, r in {(max(i, 1), r) for i, r, _ in stated}),
    }
    without = {o: top(r for i, r, _ in stated if outlet_of[i] != o) for o in names}
    assert (found.largest and found.largest.first) == (without[names[0]] if names else None)
    fallen = {o: then for o, then in without.items() if not set(found.first.groups) <= set(then.groups)}
    assert {o.part: o.first for o in found.outlets.falls} == fallen
    for threshold, then in found.surer.items():
        assert then == top(r for _, r, p in stated if p is None or p >= threshold)


def test_a_term_is_left_out_with_all_its_rows() -> None:
    rows = [("war", "JP"), ("war", "JP"), (None, "JP"), ("drills", "TW"), ("drills", "TW")]
    made = briefing([article(0)], threats=[threat(id=f"t{i}", term=t, regions=[r]) for i, (t, r) in enumerate(rows)])  # fmt: skip
    found = sensitivity.examine(made.connection, REGION, [])
    assert found.terms
    assert found.terms.most
    assert (found.terms.most.part, found.terms.most.n, found.terms.most.first) == (
        "war",
        1,
        First(("TW",), 2),
    )
    assert [o.part for o in found.terms.falls] == ["war"]
    assert "Japan, but Taiwan without <em>war</em>" in robustness.other_counts(made, [found])


def test_rows_that_no_term_found_are_left_out_together() -> None:
    made = briefing([article(0)], threats=[threat(id="t0"), threat(id="t1"), threat(id="t2", term="war")])
    shown = robustness.other_counts(made, robustness.headlines(made))
    assert "Japan 1, without what the reader alone found" in shown


def test_the_tone_that_must_be_surer_is_the_negative_one() -> None:
    tones = [
        *(tone(id=f"n{i}", p_negative=0.6) for i in range(3)),
        *(tone(id=f"m{i}", target="Iran", p_negative=0.8) for i in range(2)),
        *(tone(id=f"p{i}", target="Peru", tone="positive", p_negative=0.1) for i in range(9)),
    ]
    found = sensitivity.examine(briefing([article(0)], tones=tones).connection, TARGET, [])
    assert found.surer == {0.5: First(("Russia",), 3), 0.7: First(("Iran",), 2), 0.9: First((), 0)}
    assert found.terms is None


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("war", "war"),
        ("invasion*", "invasion*"),
        ("(threat|threats|danger|risk) (to|for) … (a|b|c)", "(threat|threats|…) (to|for) … (a|b|…)"),
        ("attack [on|against|in|at]", "attack [on|against|…]"),
        ("@(a|b|c)? d", "@(a|b|…)? d"),
        ("", ""),
    ],
)
def test_a_term_is_shortened_to_two_choices(term: str, expected: str) -> None:
    assert sensitivity.short(term) == expected


def text(html: Markup) -> str:
    return re.sub(r"\s+", " ", Markup(re.sub(r"</(?:p|li)>", " ", re.sub(r"</?(?:em|a|strong)\b[^>]*>", "", html))).striptags())  # fmt: skip


def outlets_said(outlet_of: list[str], regions: list[str]) -> str:
    """Return what is said of one threat mention an article, each of an outlet and a region."""
    articles = [article(i, outlet=o) for i, o in enumerate(outlet_of)]
    made = briefing(articles, threats=[threat(i, id=f"t{i}", regions=[r] if r else [], category="") for i, r in enumerate(regions) if r])  # fmt: skip
    found = [one for one in robustness.headlines(made) if one.headline == REGION]
    return text(robustness.outlets(made, found))


@pytest.mark.parametrize(
    ("outlets", "regions", "expected"),
    [
        ([], [], "Nothing was counted that a headline could rest on."),
        (["A"], [""], "Nothing was counted that a headline could rest on."),
        (["", ""], ["JP", "JP"], "No article that was read states its outlet, so none can be left out."),
        (["A"], ["JP"], "All articles come from one outlet, A: without it nothing is left."),
        (["A", "A"], ["JP", "JP"], "All articles come from one outlet, A: without it nothing is left."),
        (["A", ""], ["JP", "JP"], "The one headline stands without the one outlet that is stated, A, too."),
        (["A", "B"], ["JP", "JP"], "The one headline stands whichever of the 2 outlets is left out."),
        (["A", "B", "A"], ["JP", "TW", "JP"], "The one headline hangs on a single outlet: region named most with threats (Taiwan without A)."),
        (["A", "B", "A"], ["JP", "TW", ""], "region named most with threats (Taiwan without A and Japan without B)"),
        (["A", "B", "C", "C"], ["JP", "JP", "TW", ""], "The one headline stands whichever of the 3 outlets is left out."),
    ],
)  # fmt: skip
def test_what_is_said_of_outlets(outlets: list[str], regions: list[str], expected: str) -> None:
    assert expected in outlets_said(outlets, regions)


def test_the_table_names_who_is_first_without_which_outlets() -> None:
    outlet_of = [*"AABBCCDDEE", "F", "F"]
    regions = ["JP"] * 10 + ["TW"] * 9
    articles = [article(i, outlet=outlet_of[i % 10] if i < 10 else "F") for i in range(19)]
    made = briefing(articles, threats=[threat(i, id=f"t{i}", regions=[r]) for i, r in enumerate(regions)])
    (row,) = re.findall(r"<tr><th scope=\"row\">Region.*?</tr>", robustness.outlets(made, robustness.headlines(made)))  # fmt: skip
    assert "Taiwan without A or B or C or 2 others" in row
    assert f'Japan <a class="n" href="#{made.number("threats_by_region", "JP")["key"]}">10</a>' in row


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], "Nothing was counted, so there is nothing to count in another way."),
        ([("A", 0.95)], "The one headline stands in every other way of counting."),
        ([("A", 0.4)], "The one headline falls in some other way of counting. Expert cited most: A, but nothing where the reader gives at least 0.5, 0.7 or 0.9."),
        ([("A", 0.6), ("A", 0.6), ("B", 0.8)], "The one headline falls in some other way of counting. Expert cited most: A, but B where the reader gives at least 0.7; nothing where the reader gives at least 0.9."),
        ([("A", None), ("A", None), ("B", 0.8)], "The one headline stands in every other way of counting."),
    ],
)  # fmt: skip
def test_what_is_said_of_other_ways(rows: list[tuple[str, float | None]], expected: str) -> None:
    made = briefing(
        [article(0, outlet="")],
        attributions=[said(id=f"a{i}", speaker=s, p=p) for i, (s, p) in enumerate(rows)],
    )
    assert text(robustness.other_counts(made, robustness.headlines(made))).startswith(expected)


def test_some_of_several_headlines_fall() -> None:
    made = briefing(
        [article(0, outlet="A"), article(1, outlet="B"), article(2, outlet="B")],
        attributions=[
            said(0, id="a0", p=0.9),
            said(0, id="a1", p=0.9),
            said(1, id="a2", speaker="Ann", p=1.0),
        ],
        threats=[threat(i, id=f"t{i}", p=0.99) for i in range(3)],
    )
    found = robustness.headlines(made)
    assert [one.headline for one in found] == [REGION, CATEGORY, EXPERT]
    assert "1 of 3 headlines hangs on a single outlet: expert cited most (Ann without A)." in text(robustness.outlets(made, found))  # fmt: skip
    told = text(robustness.other_counts(made, found))
    assert "In articles" in told
    assert "Without B, the largest outlet" in told


def test_names_are_escaped() -> None:
    bad = "<script>alert(1)</script>{x}"
    made = briefing(
        [article(0, outlet=bad), article(1, outlet="B")],
        attributions=[said(0, id=f"a{i}", speaker=bad) for i in range(2)] + [said(1, id="a9", speaker="C")],
        threats=[threat(0, id=f"t{i}", actor=bad, term=bad) for i in range(3)],
        tones=[tone(0, id="n0", target=bad, p_negative=0.9)],
    )
    found = robustness.headlines(made)
    shown = robustness.outlets(made, found) + robustness.other_counts(made, found)
    assert "<script" not in shown
    assert "{x}" in shown


@pytest.fixture(scope="module")
def demo() -> Brief:
    return brief.make(report.Parameters(corpus="data/demo"))


@pytest.mark.parametrize("headline", HEADLINES, ids=[h.measure for h in HEADLINES])
def test_the_demonstration_corpus_stands_or_falls_as_recounted(demo: Brief, headline: Headline) -> None:
    names = sensitivity.outlets(demo.connection)
    found = sensitivity.examine(demo.connection, headline, names)
    rows = demo.query(
        f"SELECT rows.*, outlet FROM ({headline.rows}) AS rows JOIN articles USING (article_id)"
    )
    assert len(names) == demo.read["outlet"].nunique()
    assert found.first == top(rows["group"])
    for name in names:
        then = top(rows.loc[rows["outlet"] != name, "group"])
        assert (name in [o.part for o in found.outlets.falls]) == (not sensitivity.stands(found.first, then))
    assert found.surer[0.7] == top(rows.loc[rows["p"].isna() | (rows["p"] >= 0.7), "group"])


def test_the_same_briefing_says_the_same(demo: Brief) -> None:
    first, again = (
        str(robustness.outlets(demo, found) + robustness.other_counts(demo, found))
        for found in (robustness.headlines(demo), robustness.headlines(demo))
    )
    assert first == again


def test_the_real_article_has_no_outlet_to_leave_out() -> None:
    made = brief.make(report.Parameters())
    found = robustness.headlines(made)
    assert len(found) == len(HEADLINES)
    assert "none can be left out" in robustness.outlets(made, found)
    told = text(robustness.other_counts(made, found))
    assert "In articles" not in told
    assert "Without one term" in told


TEXT = (
    "China threatened Taiwan with an invasion on Monday. “War is likely,” said Mara Voss, an analyst at the Institute for Peace. "
    "Mara Voss said that the army believes that the island is ready for a blockade."
)


def test_a_row_carries_the_readers_probability() -> None:
    reading = reader.read(TEXT)
    rows = attributions.rows("x", TEXT, reading.spans, reading.entities)
    assert rows
    for row in rows:
        spans = [(row[f"{r}_start"], row[f"{r}_end"]) for r in ("source", "cue") if row[r]]
        spans += zip(row["content_start"], row["content_end"], strict=True)
        known = [s.p for s in reading.spans if (s.start, s.end) in spans]
        assert all(p is not None and 0 < p <= 1 for p in known)
        assert row["p"] == (pytest.approx(sum(known) / len(known), abs=1e-4) if known else None)  # type: ignore[arg-type]
    without = [s._replace(p=None) for s in reading.spans]
    assert [row["p"] for row in attributions.rows("x", TEXT, without, reading.entities)] == [None] * len(rows)


def test_a_threat_carries_its_term_and_the_readers_probability() -> None:
    reading = reader.read(TEXT)
    found = threats.rows("x", TEXT, reading.spans, reading)
    alone = threats.rows("x", TEXT, reading.spans)
    assert found
    assert all(0 <= row["p"] <= 1 for row in found)
    assert alone
    assert all(row["p"] is None and row["term"] for row in alone)
    lines = {line["term"] for line in terms.lexicons.read("threats", "term", "category", "kind", "part")}
    assert {row["term"] for row in [*found, *alone]} <= lines | {None}
    for row in found:
        (danger,) = reading.danger([(row["start"], row["end"])])
        assert row["p"] == pytest.approx(danger.mean, abs=1e-4)
        assert danger.mean <= danger.likeliest


def test_every_headline_is_a_measure_of_the_summary() -> None:
    assert {h.measure for h in HEADLINES} <= set(summary.MEASURES)
    assert [h for h in HEADLINES if h.has_terms] == [REGION, CATEGORY, ACTOR]
