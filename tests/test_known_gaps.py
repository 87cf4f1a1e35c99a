"""Known gaps: what the guide or the issue asks for and the code does not do yet. A mended one fails here: drop its mark."""

import pytest

from analysis import attributions, reader, threats


def gap(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, reason=reason)


def sources(text: str) -> list[object]:
    return [r["source"] for r in attributions.rows("a", text, reader.read(text))]


@gap("guide 6: coordinated sources are one row with one source span; the first of three is lost")
def test_three_coordinated_states_are_one_source() -> None:
    text = "France, Britain and Germany said they would impose sanctions on Iran."
    assert sources(text) == ["France, Britain and Germany"]


@gap("the reader takes a clause of fear for what analysts doubt")
def test_two_sources_in_one_sentence_part_the_clauses() -> None:
    assert sources("While Taiwan fears that war is near, analysts doubt this.") == ["Taiwan", "analysts"]


@gap("guide 6: a content without content (said nothing) is none")
def test_to_say_nothing_is_no_attribution() -> None:
    assert sources("Ana Ruiz said nothing.") == []


@gap("British quotation with a comma before the closing mark gets no row")
def test_a_british_quotation_is_attributed() -> None:
    assert sources("‘It’s over,’ said Tom Reed.") == ["Tom Reed"]


@gap("guide 3: what only the sense tells: fires, cases and boats in an article on sabotage are missed")
def test_an_act_told_in_plain_words_is_a_threat_mention() -> None:
    text = "Saboteurs burned a depot in Leipzig. Nine similar cases are known in Poland."
    assert [r["regions"] for r in threats.rows("a", text, [])] == [["DE"], ["PL"]]


@gap("the reader takes what shows something for a source, where it is no document")
def test_a_crisis_says_nothing() -> None:
    assert sources("The crisis shows that peace is fragile.") == []


@gap("the reader takes questions that reports raise for what they say")
def test_reports_that_raise_questions_report_nothing() -> None:
    assert sources("The reports raise questions about the war.") == []


@gap("the reader takes an empty *it* for a source")
def test_what_can_be_seen_as_something_is_said_by_nobody() -> None:
    assert sources("It can be seen as an act of desperation.") == []
