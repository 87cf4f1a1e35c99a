"""The languages of names in other scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.exporter.clean import contents, parse
from analysis.exporter.scripts import language, mark


def marked(html: str) -> str:
    page = parse(html)
    mark(page)
    return contents(page)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("김정은", "ko"),
        ("金정은", "ko"),
        ("いしば しげる", "ja"),
        ("石破茂", "und-Hani"),  # Chinese or Japanese
        ("石破しげる", "ja"),
        ("Владимир Путин", "und-Cyrl"),  # Russian, Ukrainian, Bulgarian …
        ("محمد", "und-Arab"),  # Arabic, Persian, Urdu …
        ("שלום", "und-Hebr"),
        ("Αθήνα", "und-Grek"),
    ],
)
def test_language_of_a_run(run: str, expected: str) -> None:
    assert language(run) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Kim (김정은), says.</p>", '<p>Kim (<bdi lang="ko">김정은</bdi>), says.</p>'),
        (
            "<p>김 정은 and Путин</p>",
            '<p><bdi lang="ko">김 정은</bdi> and <bdi lang="und-Cyrl">Путин</bdi></p>',
        ),
        ("<p><b>x</b> 김<i>y</i></p>", '<p><b>x</b> <bdi lang="ko">김</bdi><i>y</i></p>'),
        (
            "<p>“Müller’s” café – 3 €, Łódź</p>",
            "<p>“Müller’s” café – 3 €, Łódź</p>",
        ),  # Latin is the page's own
        ('<p lang="ru">Путин</p>', '<p lang="ru">Путин</p>'),  # said already
        ("<svg><text>김</text></svg>", "<svg><text>김</text></svg>"),
        ("김", '<bdi lang="ko">김</bdi>'),
    ],
)
def test_names_are_marked(html: str, expected: str) -> None:
    assert marked(html) == expected


@given(
    st.lists(
        st.sampled_from(["김정은", "Путин", "محمد", "a", " ", "<b>", "</b>", "<i>é</i>", "&lt;", "石"]),
        max_size=12,
    )
)
def test_nothing_of_the_text_is_lost(parts: list[str]) -> None:
    before, after = parse("".join(parts)), parse("".join(parts))
    mark(after)
    assert "".join(after.itertext()) == "".join(before.itertext())
