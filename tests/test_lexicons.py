"""A lexicon that cannot be read says where and what to do; a build that meets one says so too."""

from pathlib import Path

import pytest

from analysis import lexicons, report, tables

HEAD = "term,category,source,date_added,note\n"
BAD = [
    (HEAD + "war,war,own,2024-01-01,\nraid,war,own,2024-01-01,\nwar,war,own,2024-01-01,\n",
     r"words\.csv, line 4: 'war' stands in line 2 too; remove one of the two", "a term twice"),
    (HEAD + "war,war,own,2024-01-01,\n war ,war,own,2024-01-01,\n", "line 3: 'war' stands in line 2 too", "twice but for spaces"),
    (HEAD + ",war,own,2024-01-01,\n", r"words\.csv, line 2: term is empty; fill it or remove the line", "no term"),
    (HEAD + "  ,war,own,2024-01-01,\n", "line 2: term is empty", "a term of spaces"),
    (HEAD + "war,war,own\n", "line 2: the line has too many or too few fields", "too few fields"),
    (HEAD + "war, or worse,war,own,2024-01-01,\n", "too few fields; quote fields that hold a comma", "a comma"),
    ((HEAD + "war,war,own,2024-01-01,\n").replace(",", ";"), "the columns must be term, category, source, date_added, note", "semicolons"),
    ("term,category\nwar,war\n", "the columns must be term, category, source, date_added, note", "no source, date and note"),
    ("", "the columns must be", "an empty file"),
    (HEAD + 'war,"war" ,own,2024-01-01,\n', r"words\.csv: .*; see to the quotation marks", "text after a quotation mark"),
    ((HEAD + "café,war,own,2024-01-01,\n").encode("cp1252"), r"words\.csv: not in UTF-8", "another encoding"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "why"), BAD, ids=[b[2] for b in BAD])
def test_a_bad_lexicon_is_refused(tmp_path: Path, text: str | bytes, said: str, why: str) -> None:
    (tmp_path / "words.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(lexicons.LexiconError, match=said):
        lexicons.read("words", "term", "category", folder=tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_spreadsheet_may_have_saved_it(tmp_path: Path, encoding: str, end: str) -> None:
    (tmp_path / "words.csv").write_bytes(
        (HEAD + "war,war,own,2024-01-01,\n").replace("\n", end).encode(encoding)
    )
    (line,) = lexicons.read("words", "term", "category", folder=tmp_path)
    assert (line["term"], line["date_added"]) == ("war", "2024-01-01")


@pytest.mark.parametrize("path", sorted(lexicons.FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_no_lexicon_of_the_project_has_a_key_twice(path: Path) -> None:
    columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert columns[-3:] == ["source", "date_added", "note"]
    assert lexicons.read(path.stem, *columns[:-3])


def test_a_bad_lexicon_is_no_fault_of_an_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def measured(article: object) -> None:
        raise lexicons.LexiconError("threats.csv, line 3: 'war' stands in line 2 too; remove one of the two")

    monkeypatch.setattr(tables, "measure", measured)
    corpus = tables.Store(tmp_path).load(report.ROOT / "data" / "corpus")
    with pytest.raises(
        tables.TablesError, match=r"^threats\.csv, line 3: 'war' stands in line 2 too; remove one of the two$"
    ):
        corpus.measure()
    assert corpus.status().failed == 0
