"""Known gaps: what the guide or the issue asks for and the code does not do yet. A mended one fails here: drop its mark."""

import pytest

from analysis import attributions, likelihood, reader, threats


def gap(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, reason=reason)


def sources(text: str) -> list[object]:
    return [r["source"] for r in attributions.rows("a", text, reader.read(text))]


@gap("guide 6: coordinated sources are one row with one source span; the first of three is lost")
def test_three_coordinated_states_are_one_source() -> None:
    text = "France, Britain and Germany said they would impose sanctions on Iran."
    assert sources(text) == ["France, Britain and Germany"]


@gap("guide 6: a content without content (said nothing) is none")
def test_to_say_nothing_is_no_attribution() -> None:
    assert sources("Ana Ruiz said nothing.") == []


@gap("British quotation with a comma before the closing mark gets no row")
def test_a_british_quotation_is_attributed() -> None:
    assert sources("‘It’s over,’ said Tom Reed.") == ["Tom Reed"]


@gap("guide 3: threat used of weather is none")
def test_storms_are_no_threat() -> None:
    assert threats.rows("a", "Storms threaten Japan.", []) == []


@gap("guide 6: a threat withdrawn is a row with is_negated true")
def test_troops_withdrawn_are_a_denied_row() -> None:
    assert [r["is_negated"] for r in threats.rows("a", "Russia withdrew troops from Syria.", [])] == [True]


@gap("no term for a bombing told as a plain sentence")
def test_a_bombing_is_a_threat_mention() -> None:
    assert [r["regions"] for r in threats.rows("a", "A bomb exploded in Kabul.", [])] == [["AF"]]


@gap("ICD 203: 'no chance' and 'zero chance' are almost no chance")
def test_no_chance_is_an_estimate() -> None:
    assert [e.likelihood for e in likelihood.find("There is no chance of war.")] == ["almost no chance"]
