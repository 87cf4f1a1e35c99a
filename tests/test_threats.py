"""Threat mentions: what is one, by whom, against whom, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import lexicons, threats
from analysis.places import PLACE_KINDS
from analysis.schema import CATEGORIES, KINDS, LIKELIHOODS, SOURCE_TYPES
from analysis.text import canonical

FOUND = [
    ("North Korea launched a ballistic missile into the Sea of Japan.", "launched a ballistic missile", "missile", "act", "KP", ["sea-of-japan"], False, "none"),
    ("China could invade Taiwan.", "invade", "war", "threat", "CN", ["TW"], False, "possible"),
    ("There was no sign of a nuclear test in North Korea.", "nuclear test", "nuclear", "act", "", ["KP"], True, "none"),
    ("Further escalation on the Korean Peninsula is unlikely.", "Further escalation", "war", "threat", "", ["korean-peninsula"], False, "unlikely"),
    ("The move threatens stability in the Sahel.", "threatens stability", "instability", "threat", "", ["sahel"], False, "none"),
    ("The Houthis attacked ships in the Red Sea.", "attacked ships", "war", "act", "Houthis", ["red-sea"], False, "none"),
    ("Russia has sent troops to Belarus.", "sent troops", "military_buildup", "act", "RU", ["BY"], False, "none"),
    ("The EU lifted sanctions on Venezuela.", "sanctions", "coercion", "act", "", ["VE"], True, "none"),
]  # fmt: skip
NONE = [
    ("He fought in the Vietnam War.", "a past war as background"),
    ("There is a threat of rain in Seoul.", "weather"),
    ("The threat of relegation hangs over the club.", "sport"),
    ("He is a professor at Ewha University in Seoul.", "a university's city"),
    ("The trade war with China hurts.", "trade"),
    ("Shells from the bombardment of 1958 lie in the field.", "a year makes it background"),
    ("The ceasefire holds in Lebanon.", "a ceasefire"),
]


@pytest.mark.parametrize("case", FOUND, ids=[f[0] for f in FOUND])
def test_a_threat(case: tuple[object, ...]) -> None:
    text, *expected = case
    (row,) = threats.rows("a", str(text), [])
    assert [
        row[k] for k in ("text", "category", "kind", "actor", "regions", "is_negated", "likelihood")
    ] == expected


@pytest.mark.parametrize(("text", "why"), NONE, ids=[n[1] for n in NONE])
def test_no_threat(text: str, why: str) -> None:
    assert threats.rows("a", text, []) == [], why


def test_where_a_speaker_sits_is_not_threatened() -> None:
    text = "A professor in Seoul said that an attack is near."
    (row,) = threats.rows("a", text, [(0, text.index(" said"))])
    assert row["regions"] == []


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from([f[0] for f in FOUND] + [n[0] for n in NONE])).map(" ".join)
    )
)
def test_every_row_is_a_slice_with_known_labels(raw: str) -> None:
    text = canonical(raw)
    for row in threats.rows("a", text, []):
        assert text[row["start"] : row["end"]] == row["text"]
        assert row["sentence_start"] <= row["start"] < row["end"] <= row["sentence_end"]
        assert (row["category"] in CATEGORIES, row["kind"] in KINDS, row["likelihood"] in LIKELIHOODS) == (
            True,
            True,
            True,
        )


LEXICONS = [
    ("threats", ("term", "category", "kind"), {"category": {*CATEGORIES, "none"}, "kind": {"", *KINDS}}),
    (
        "likelihood",
        ("term", "likelihood", "scope"),
        {"likelihood": set(LIKELIHOODS), "scope": {"clause", "phrase"}},
    ),
    ("sources", ("term", "source_type"), {"source_type": set(SOURCE_TYPES)}),
    ("cues", ("cue", "forms", "frame"), {}),
    ("actors", ("term", "actor"), {}),
]


@pytest.mark.parametrize(("name", "columns", "allowed"), LEXICONS, ids=[x[0] for x in LEXICONS])
def test_a_lexicon_is_well_formed(name: str, columns: tuple[str, ...], allowed: dict[str, set[str]]) -> None:
    lines = lexicons.read(name, *columns)
    assert len(lines) > 20
    for line in lines:
        assert line["source"], line
        assert line["date_added"], line
        assert all(line[column] in values for column, values in allowed.items()), line
    assert PLACE_KINDS


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("term,source\n", "the columns must be term, source, date_added, note"),
        ("term,source,date_added,note\n,own,2026,\n", "line 2: term is empty"),
        ("term,source,date_added,note\na,own,2026,\na,own,2026,\n", "line 3: 'a' stands in line 2 too"),
        ("term,source,date_added,note\na,own\n", "line 2: the line has too many or too few fields"),
    ],
)
def test_a_bad_lexicon_is_named_with_its_line(tmp_path, content: str, message: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "x.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        lexicons.read("x", "term", folder=tmp_path)
