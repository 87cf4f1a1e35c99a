"""Who may threaten: groups by the lexicon, by their own noun, and what only looks like one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import lexicons, places
from analysis.threats import parties


def named(text: str, bodies: tuple[str, ...] = ()) -> list[str]:
    at = [(text.index(body), text.index(body) + len(body)) for body in bodies]
    return [p.actor for p in parties.find(text, places.find(text), at)]


CASES = [
    ("Hamas fired on Ashkelon.", ["Hamas"]),
    ("Gunmen came at noon.", ["gunmen"]),
    ("Somali pirates took the ship. The pirates want money.", ["Somali pirates", "Somali pirates"]),
    ("Boko Haram fighters burnt it.", ["Boko Haram"]),
    ("On Thursday masked men came.", ["masked men"]),
    ("Kurdish-led fighters and Tuareg fighters met.", ["Kurdish-led fighters", "Tuareg fighters"]),
    ("Chinese fighters crossed the line.", ["CN"]),
    ("F-16 fighters crossed the line.", ["fighters"]),
    ("The Kremlin denied it.", ["RU"]),
    ("The North has warheads, Seoul said.", ["KP", "KR"]),
    ("The North has warheads, the governor of Kano said.", []),
    ("Seoul watched the North Sea.", ["KR"]),
    ("The Tarim Martyrs Brigade took the town.", ["Tarim Martyrs Brigade"]),
    ("If the Front for the Liberation of Oran strikes", ["Front for the Liberation of Oran"]),
    ("He went to the front with a brigade.", []),
    ("The Resistance is a film.", []),
    ("Islamic State Khorasan claimed it.", ["Islamic State Khorasan"]),
    ("A war within a war: the mob cheered the cartel.", ["cartel"]),
]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[c[0] for c in CASES])
def test_who_may_threaten(text: str, wanted: list[str]) -> None:
    assert named(text) == wanted


def test_a_body_that_no_lexicon_knows_counts_unless_it_is_part_of_a_state_or_group() -> None:
    text = "Jaish al-Adl attacked. The Iranian Navy and the Hamas Council did not."
    assert named(text, ("Jaish al-Adl", "Iranian Navy", "Hamas Council")) == ["Jaish al-Adl", "IR", "Hamas"]


@given(
    st.lists(
        st.sampled_from(
            "The Tarim Front of the North Hamas fighters Somali pirates gunmen , . Iran’s Army".split()
        )
    )
)
def test_a_party_stands_in_the_text_in_order(words: list[str]) -> None:
    text = " ".join(words)
    found = parties.find(text, places.find(text), [])
    assert found == sorted(found)
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert one.is_place or text[one.start : one.end].strip() == text[one.start : one.end]
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_a_term_that_begins_with_no_word_is_named() -> None:
    with pytest.raises(
        lexicons.LexiconError, match=r"actors.csv: '#x' does not begin with a letter or digit"
    ):
        lexicons.by_first_word("actors", {"#x": "#x"}, "")
