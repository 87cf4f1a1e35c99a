"""The vocabulary of the lab: its examples, its errors, its two ways to show a table, corrections and terms."""

import doctest
import importlib
import pkgutil
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import lab, lexicons, overrides, report, schema, stories
from analysis.lab import LabError, chapters, compare, errors, fresh, lexicon_lines, results

MODULES = sorted(m.name for m in pkgutil.iter_modules(lab.__path__))
NOTEBOOKS = sorted((report.ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def desk() -> lab.Desk:
    return lab.open({"corpus": "data/corpus"})


@pytest.fixture
def seat(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[lab.Desk]:
    """A desk in JupyterLab, whose lexicons and overrides are copies that a test may write to."""
    shutil.copytree(lexicons.FOLDER, tmp_path / "lexicons")
    (tmp_path / "overrides").mkdir()
    monkeypatch.setattr(lexicons, "FOLDER", tmp_path / "lexicons")
    monkeypatch.setattr(stories, "OVERRIDES", tmp_path / "overrides")
    monkeypatch.setenv("JPY_SESSION_NAME", "notebooks/00-start.ipynb")
    fresh.forget()
    yield lab.open({"corpus": "data/corpus"})
    fresh.forget()


@pytest.mark.parametrize("name", ["", *MODULES])
def test_the_examples_say_what_is_so(name: str, desk: lab.Desk) -> None:
    module = importlib.import_module(f"analysis.lab.{name}".rstrip("."))
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.testmod(module, extraglobs={"desk": desk}, optionflags=flags).failed == 0


def test_every_question_has_an_example(desk: lab.Desk) -> None:
    words = [desk.experts, desk.threats, desk.tone, desk.show, desk.lexicon, desk.explore]
    asked = [getattr(word, name) for word in words for name in dir(word) if not name.startswith("_")]
    assert [q.__qualname__ for q in asked if callable(q) and ">>>" not in (q.__doc__ or "")] == []


ERRORS: list[tuple[Callable[[lab.Desk], object], str]] = [
    (lambda d: d.show.evidence("Olivr Jia"), 'no speaker "Olivr Jia"; did you mean "Oliver Jia"?'),
    (lambda d: d.show.evidence("jia"), 'no speaker "jia"; did you mean "Oliver Jia"?'),
    (lambda d: d.show.evidence("Japn"), 'no region "Japn"; did you mean "Japan"'),
    (lambda d: d.show.evidence("Japan", of="regions"), 'no sort "regions"; the sorts are speaker, region'),
    (lambda d: d.show.evidence("qqq"), "no speaker, region, actor, category or target"),
    (lambda d: d.show.evidence(7), "a name in quotation marks is needed, not 7"),  # type: ignore[arg-type]
    (lambda d: d.show.evidence("Oliver Jia")[9], "there is no row 9; the rows are 0 to 0"),
    (lambda d: d.show.evidence("Oliver Jia")[0]["speeker"], 'no column "speeker" in attributions'),
    (lambda d: d.show.article("nothing like it"), 'no article "nothing like it"'),
    (lambda d: d.show.concordance(" * "), "a word or a phrase is needed"),
    (lambda d: d.tone.by_target("body"), 'no kind "body"; the kinds are person, state, organisation'),
    (lambda d: d.compare("2024", "2024"), "two different periods are needed"),
    (lambda d: d.compare("2024-13", "2024"), '"2024-13" is no period; write 2024, 2024-Q1'),
    (lambda d: d.compare("2024-05-02..2024-05-01", "2024"), "ends before it begins"),
    (lambda d: d.compare("2023", "2024", ("threat",)), 'there is no measure "threat"'),
    (lambda d: d.lexicon.unmatched("threat"), 'no lexicon "threat"; did you mean "threats"?'),
    (lambda d: d.lexicon.candidates("names"), 'no candidates of the kind "names"; did you mean "name"?'),
    (lambda d: d.lexicon.try_term("threats", "raid x"), "category is missing"),
    (lambda d: d.lexicon.try_term("threats", " raid", category="war"), "it is empty or has stray blanks"),
    (lambda d: d.lexicon.try_term("threats", "", category="war"), "it is empty or has stray blanks"),
    (lambda d: d.lexicon.try_term("threats", "raid x", category="wra"), 'no category "wra"; did you mean "war"'),
    (lambda d: d.lexicon.try_term("threats", "raid x", categry="war"), 'no column "categry"; did you mean "category"'),
    (lambda d: d.lexicon.try_term("threats", "(raid", category="war"), "a bracket that is not closed"),
    (lambda d: d.lexicon.try_term("places", "Japan", id="JP"), '"Japan" is in places.csv already, line'),
    (lambda d: d.new_chapter("My chapter", "?"), '"My chapter" is no name for a chapter'),
    (lambda d: d.new_chapter("02-experts", "?"), "is there already"),
    (lambda d: d.build("no-such-report"), "there is no reports/no-such-report.yml"),
    (lambda d: lab.open({"corpus": "data/corpus", "regions": "JP"}), "regions: must be a list of texts, not 'JP'"),
    (lambda d: lab.open({"corpus": "data/nowhere"}), "data/nowhere"),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "message"), ERRORS, ids=[message for _, message in ERRORS])
def test_an_error_says_what_would_have_worked(
    ask: Callable[[lab.Desk], object], message: str, desk: lab.Desk
) -> None:
    with pytest.raises(LabError) as raised:
        ask(desk)
    assert message in str(raised.value)
    assert raised.value._render_traceback_() == [str(raised.value)]


NAMES = [
    ("Oliver Jia", "", "speaker"), ("oliver jia", "", "speaker"), ("Oliver Jia", "target", "target"), ("JP", "region", "region"),
    ("Japan", "region", "region"), ("war", "", "category"), ("Peru", "region", "region"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "of", "sort"), NAMES)
def test_a_name_is_found_as_it_is_written_or_by_its_id(name: str, of: str, sort: str, desk: lab.Desk) -> None:
    found = lab.names.resolve(desk.brief, name, of)
    assert found.sort == sort
    measure = lab.names.SORTS[sort].measure
    assert found.n == desk.brief.number(measure, found.value)["n_rows"]
    assert len(desk.show.evidence(name, of, most=1000)) == found.n


@given(st.text(min_size=1, max_size=20))
def test_a_suggestion_is_one_of_the_known_names(asked: str) -> None:
    known = ["Oliver Jia", "Leif-Eric Easley", "Kim Jong Un"]
    assert set(errors.nearest(asked, known)) <= set(known)


HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.mark.parametrize("is_searchable", [True, False])
def test_a_table_is_text_wherever_it_comes_from(is_searchable: bool) -> None:
    frame = pd.DataFrame({"speaker": [HOSTILE, None], "n_articles": [1, 2], "regions": [["JP"], []]})
    shown = results.Table(HOSTILE, frame, HOSTILE, is_searchable=is_searchable)._repr_html_()
    assert "<script>alert" not in shown
    assert "<img" not in shown


def test_in_the_lab_a_table_has_search_and_outside_it_is_plain(seat: lab.Desk, desk: lab.Desk) -> None:
    assert "new ITable" in seat.experts.most_cited()._repr_html_()
    plain = desk.experts.most_cited()._repr_html_()
    assert plain.startswith('<table class="data">')
    assert 'href="#n-attributions-by-expert' in plain


def test_nothing_that_a_table_needs_is_fetched() -> None:
    script = results.script_of_tables()
    assert "src=" not in script
    assert "import(url)" in script


def test_in_a_briefing_no_more_than_an_excerpt_is_shown(desk: lab.Desk, seat: lab.Desk) -> None:
    text = desk.brief.texts([schema.records(desk.brief.articles)[0]["article_id"]]).popitem()[1]
    words = text.split()
    runs = {" ".join(words[i : i + 26]) for i in range(len(words) - 25)}
    shown = [desk.show.article("new ally").data, desk.show.evidence("Russia")._repr_html_()]
    shown += [repr(desk.show.evidence("Russia")), desk.show.concordance("the")._repr_html_()]
    for piece in shown:
        plain = " ".join(re.sub(r"<[^>]+>", "", piece).split())
        assert not any(run in plain for run in runs)
    assert text.split("\n")[0][-60:] in re.sub(r"<[^>]+>", "", seat.show.article("new ally").data)


def test_a_correction_is_a_line_and_the_next_question_counts_with_it(seat: lab.Desk) -> None:
    row = seat.show.evidence("Oliver Jia")[0]
    written = seat.correct(
        row, speaker="O. Jia", who="A. Reader", when="2024-11-05", why="as the byline has it"
    )
    assert seat.experts.most_cited().frame["expert"].tolist() == ["Leif-Eric Easley", "O. Jia"]
    assert [line.value for line in overrides.read(stories.OVERRIDES)] == ["O. Jia"]
    written.undo()
    assert "Oliver Jia" in seat.experts.most_cited().frame["expert"].tolist()
    with pytest.raises(LabError, match="not there any more"):
        written.undo()


NOT_SAID = [
    ({"speaker": "X", "why": "y"}, "say who corrects"),
    ({"who": "A", "why": "y"}, "say one thing of the row"),
    ({"who": "A", "why": "y", "speaker": "X", "remove": True}, "say one thing of the row"),
    ({"who": "A", "why": "y", "speeker": "X"}, 'did you mean "speaker"?'),
    ({"who": "A", "why": "y", "source_type": "guru"}, "guru"),
]


@pytest.mark.parametrize(("said", "message"), NOT_SAID)
def test_a_correction_that_cannot_be_made_writes_nothing(
    said: dict[str, str], message: str, seat: lab.Desk
) -> None:
    with pytest.raises(LabError, match=message):
        seat.correct(seat.show.evidence("Oliver Jia")[0], **said)  # type: ignore[arg-type]
    assert overrides.read(stories.OVERRIDES) == ()


def test_a_briefing_that_is_built_corrects_nothing(desk: lab.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    row = desk.show.evidence("Oliver Jia")[0]
    monkeypatch.setattr(desk, "parameters", desk.parameters.model_copy(update={"tables": "somewhere"}))
    with pytest.raises(LabError, match="nothing is corrected where the parameter tables is set"):
        desk.correct(row, remove=True, who="A", why="y")


def test_the_form_writes_the_same_line(seat: lab.Desk) -> None:
    form = seat.correct.form(seat.show.evidence("Oliver Jia")[0])
    _, action, value, who, why, button, said = form.children
    action.value, value.value, who.value, why.value = "source_type", "witness", "A. Reader", "he was there"
    button.click()
    assert "attributions.csv" in said.value
    assert "Oliver Jia" not in seat.experts.most_cited().frame["expert"].tolist()
    why.value = ""
    action.value, value.value = "speaker", HOSTILE
    button.click()
    assert "role='alert'" in said.value
    assert "<script>" not in said.value


def test_a_term_is_tried_and_saved(seat: lab.Desk) -> None:
    trial = seat.lexicon.try_term("threats", "pragmatic move", category="coercion")
    n = trial.table.frame.loc[0, "n_before"]
    assert n == seat.brief.number("threats")["n_rows"]
    before = (lexicons.FOLDER / "threats.csv").read_bytes()
    assert "threats.csv" in trial.save(source="a test", date_added="2024-11-05", note="an example")
    after = (lexicons.FOLDER / "threats.csv").read_bytes()
    assert after == before + b"pragmatic move,coercion,,event,a test,2024-11-05,an example\n"
    assert seat.brief.number("threats")["n_rows"] == trial.table.frame.loc[0, "n_after"]
    with pytest.raises(LabError, match="already"):
        trial.save()


@given(
    st.text('abcdefgh ,;"’', min_size=1, max_size=30)
    .map(str.strip)
    .filter(lambda t: any(c.isalpha() for c in t))
)
def test_a_line_is_added_and_no_other_changed(term: str) -> None:
    path = lexicons.FOLDER / "places.csv"
    line = {
        "term": term,
        "id": "JP",
        "kind": "city",
        "context": "",
        "source": "own",
        "date_added": "2024-11-05",
        "note": "",
    }
    before, after = path.read_bytes(), lexicon_lines.with_line(path, "places", line)
    old, new = before.split(b"\n"), after.split(b"\n")
    at = next(i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
    assert new[:at] + new[at + 1 :] == old


def test_a_lexicon_that_a_spreadsheet_saved_with_semicolons_is_refused(tmp_path: Path) -> None:
    (tmp_path / "threats.csv").write_text("term;category;kind;part;source;date_added;note\n")
    with pytest.raises(LabError, match="parted by commas"):
        lexicon_lines.with_line(tmp_path / "threats.csv", "threats", {"term": "x"})


def test_a_new_chapter_is_a_copy_of_the_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(chapters.NOTEBOOKS / f"{chapters.TEMPLATE}.ipynb", tmp_path)
    monkeypatch.setattr(chapters, "NOTEBOOKS", tmp_path)
    assert "chapters: [02-experts, 04-threats, 05-red-sea]" in chapters.new_chapter(
        "05-red-sea", "Who speaks of it?"
    )
    book = nbformat.read(tmp_path / "05-red-sea.ipynb", as_version=4)
    nbformat.validate(book)
    assert book.cells[0].source.startswith("## Who speaks of it?")
    assert book.cells[1].metadata.tags == ["parameters"]
    assert len({cell.id for cell in book.cells}) == len(book.cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[p.stem for p in NOTEBOOKS])
def test_no_notebook_has_widgets_of_its_own(path: Path) -> None:
    code = "\n".join(
        cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"
    )
    assert "ipywidgets" not in code
    if path.stem != "00-start":
        assert "explore" not in code
        assert ".form(" not in code


def test_no_briefing_has_the_desk_or_the_template() -> None:
    every = [*report.CHAPTERS, *(c for p in report.find().values() for c in report.load(p).chapters)]
    assert not {"00-start", chapters.TEMPLATE} & set(every)


@pytest.mark.parametrize("period", ["2024", "2024-Q3", "2024-02", "2024-02-29", "2023-01-01..2024-01-01"])
def test_a_period_begins_before_it_ends(period: str) -> None:
    first, last = compare.days(period)
    assert first <= last
