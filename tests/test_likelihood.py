"""Terms of likelihood: their band on the ICD 203 scale, their span, their negation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.likelihood import find, of_clauses, strongest
from analysis.schema import LIKELIHOODS

CASES = [
    ("this deployment is unlikely to have an impact", "is unlikely to", "unlikely"),
    ("It is likely that they leave", "is likely that", "likely"),
    ("It is not likely to end", "is not likely to", "unlikely"),
    ("It isn’t likely", "isn’t likely", "unlikely"),
    ("It is highly unlikely", "is highly unlikely", "very unlikely"),
    ("war is almost certainly not coming", "is almost certainly not", "almost no chance"),
    ("He would almost certainly lose", "almost certainly", "almost certain"),
    ("they will probably attack", "probably", "likely"),
    ("It will probably not happen", "probably not", "unlikely"),
    ("that cannot be ruled out", "cannot be ruled out", "possible"),
    ("it may well happen", "may well", "possible"),
    ("it could happen", "could", "possible"),
    ("far from certain", "far from certain", "unlikely"),
    ("more likely than not", "more likely than not", "likely"),
    ("there is a roughly even chance", "roughly even chance", "roughly even chance"),
    ("a 60 percent chance of war", "a 60 percent chance", "likely"),
    ("a 3% chance", "a 3% chance", "almost no chance"),
    ("a probability of 85 to 95 per cent", "85 to 95 per cent", "very likely"),
    ("the risk is remote", "is remote", "almost no chance"),
    ("is highly probable", "is highly probable", "very likely"),
    ("is not impossible", "is not impossible", "possible"),
    ("There is no chance of war", "is no chance", "almost no chance"),
    ("a strike is almost out of the question", "is almost out of the question", "almost no chance"),
    ("very little chance of an invasion", "very little chance", "very unlikely"),
    ("a fifty percent chance", "a fifty percent chance", "roughly even chance"),
    ("a probability of “two or three per cent”", "two or three per cent", "almost no chance"),
    ("the chance of an incursion at less than one in ten", "less than one in ten", "very unlikely"),
    ("a closure is nine in ten", "nine in ten", "very likely"),
    ("the odds of unrest at one in four at most", "one in four at most", "unlikely"),
    ("it is more than 80 per cent certain", "more than 80 per cent certain", "very likely"),
    ("sabotage could not be excluded", "could not be excluded", "possible"),
    ("he thinks it possible that they stay", "possible", "possible"),
    ("the odds favour a launch", "the odds favour", "likely"),
    ("a reprisal is a near certainty", "is a near certainty", "almost certain"),
    ("an attack that is virtually certain", "is virtually certain", "almost certain"),
]
NONE = [
    ("a remote valley", "a place is no estimate"),
    ("In May the army left", "a month is no modal"),
    ("as soon as possible", "a set phrase"),
    ("they could not sleep", "an inability"),
    ("it expects a war", "expects states no probability"),
    ("seven in ten officers would refuse", "a share of people"),
    ("prices rose by 30 percent", "a percentage of something else"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("text", "term", "band"), CASES, ids=[c[0] for c in CASES])
def test_a_term_has_its_span_and_band(text: str, term: str, band: str) -> None:
    (one,) = find(text)
    assert (text[one.start : one.end], one.likelihood) == (term, band)


@pytest.mark.parametrize(("text", "why"), NONE, ids=[c[1] for c in NONE])
def test_what_is_no_estimate(text: str, why: str) -> None:
    assert find(text) == [], why


def test_a_probability_counts_before_a_mere_possibility() -> None:
    one = strongest(of_clauses(find("Missiles that could reach Guam are unlikely to be used.")))
    assert one is not None
    assert one.likelihood == "unlikely"


def test_an_adjective_speaks_of_its_noun_only() -> None:
    assert strongest(of_clauses(find("a possible threat"))) is None


@given(st.lists(st.sampled_from([c[0] for c in CASES] + ["not", "the", ".", "“"])).map(" ".join))
def test_spans_lie_in_the_text_and_do_not_overlap_in_start(text: str) -> None:
    found = find(text)
    assert all(0 <= e.start < e.end <= len(text) and e.likelihood in LIKELIHOODS for e in found)
