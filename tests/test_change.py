"""What changed since the last briefing: each cause alone and all together, over corpora that are really read and measured."""

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path

import earlier
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import brief, briefing, change, lexicons, overrides, report, schema, stories, tables
from analysis.change import causes, counts, headlines, inputs, last, steps
from analysis.change.comparison import OTHER, Comparison
from analysis.change.counts import ENTERED, GONE, KEPT, LEFT, NEW, Counts
from analysis.change.steps import ARTICLES, EXPERTS, STEPS, STORIES

ONE = (
    "2024-05-06", "Missiles", "Mara Voss, an analyst at the Harbour Institute, said that a missile attack on Japan by North Korea is "
    "likely. North Korea launched a ballistic missile toward Japan on Monday. A glimmering pact with Japan was signed.",
)  # fmt: skip
TWO = ("2024-05-17", "Warships", "Ilya Brandt, a professor of history, warned that war between China and Taiwan is unlikely. China sent warships to the Taiwan Strait.")  # fmt: skip
THREE = ("2024-06-07", "Strikes", "Nora O'Neil, an expert on Iran, said that Iran could attack Israel with missiles. Israel bombed a port in Yemen.")  # fmt: skip
FOUR = (
    "2024-05-20",
    "Raids",
    "Pakistan threatened India with an air strike. Officials said that India shelled a village.",
)
COPY = (ONE[0], "Missiles again", ONE[2])


@pytest.fixture(scope="module", autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A place of its own for what is measured, and no corrections."""
    folder = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(brief, "STORE", tables.Store(folder))
        patch.setattr(stories, "OVERRIDES", folder / "no-overrides")
        patch.setattr(briefing, "BUILD", folder / "build")
        yield folder


def write(folder: Path, *articles: tuple[str, str, str]) -> str:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for date, title, text in articles:
        name = re.sub(r"\W+", "-", title)
        (folder / f"{name}.txt").write_text(
            f"date {date} {title}\n\nBy Jo Doe\nOutlet: The Post\n\n{text}\n", encoding="utf-8"
        )
    return str(folder)


def now(corpus: str, last: Path, **parameters: object) -> Comparison:
    return change.compare(brief.make(report.parameters({"corpus": corpus, "last": str(last), **parameters})))


def plain(html: object) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", str(html))))


def moving(c: Comparison) -> set[tuple[str, ...]]:
    return {cause for key in c.numbers for cause, n in c.parts(key).items() if n}


def check(c: Comparison) -> None:
    """The parts add up, the first number is the last briefing's and the last one today's."""
    assert c.problem == ""
    assert c.last
    then = schema.read(c.last.folder / "tables", "summary")
    was = {(row["measure"], row["group"]): row["n_rows"] for row in schema.records(then)}
    for (measure, group), course in c.numbers.items():
        assert sum(c.parts((measure, group)).values()) == course[-1] - course[0]
        if (measure, group) not in (ARTICLES, STORIES, EXPERTS):
            assert course[0] == was.get((measure, group), 0), (measure, group)
            assert course[-1] == c.brief.number(measure, group)["n_rows"], (measure, group)
    assert c.numbers[ARTICLES][-1] == len(c.brief.read)
    assert c.numbers[STORIES][-1] == c.brief.n_stories
    assert c.numbers[EXPERTS][-1] == len(c.brief.numbers("attributions_by_expert"))
    assert all(str(part(c)) for part in (change.compared, change.went_in, change.moved))


def sign(folder: Path) -> None:
    """Write the manifest anew, as a build with these files would have."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["outputs"] = [
        {"path": p.relative_to(folder).as_posix(), "sha256": hashlib.sha256(p.read_bytes()).hexdigest()}
        for p in sorted(folder.rglob("*")) if p.is_file() and p != path and p.suffix != ".zip"
    ]  # fmt: skip
    path.write_text(json.dumps(manifest))


# Each cause alone.


@pytest.mark.parametrize(
    ("then", "today", "was", "parameters", "cause", "said", "why"),
    [
        ((ONE, TWO), (ONE,), {}, {}, "gone", "1 article that is gone takes away 2", "one article less"),
        ((ONE, TWO, THREE), (ONE,), {}, {}, "gone", "2 articles that are gone take away 4", "two articles less"),
        ((ONE,), (ONE, TWO), {}, {}, "new", "1 new article adds 2", "one article more"),
        ((ONE,), (ONE, TWO, THREE), {}, {}, "new", "2 new articles add 4", "two articles more"),
        ((ONE, THREE), (ONE, THREE), {}, {"period_to": "2024-05-31"}, "parameters", "the other period takes away 2", "a shorter period"),
        ((ONE, THREE), (ONE, THREE), {"period_to": "2024-05-31"}, {}, "parameters", "the other period adds 2", "a longer period"),
        ((ONE, TWO), (ONE, TWO), {}, {"regions": ["JP"]}, "parameters", "the other regions take away 2", "fewer regions"),
        ((ONE, TWO), (ONE, TWO), {"regions": ["JP"]}, {}, "parameters", "the other regions add 2", "all regions"),
        ((ONE, TWO, THREE), (ONE, TWO, THREE), {"regions": ["JP"]}, {"regions": ["IL"], "period_from": "2024-06-01"}, "parameters", "the other period and regions", "both"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 25 else "",
)  # fmt: skip
def test_one_cause_moves_what_it_moves(
    tmp_path: Path, then: tuple[tuple[str, str, str], ...], today: tuple[tuple[str, str, str], ...],
    was: dict[str, object], parameters: dict[str, object], cause: str, said: str, why: str,
) -> None:  # fmt: skip
    corpus = write(tmp_path / "corpus", *then)
    earlier.make(tmp_path / "last", corpus=corpus, **was)
    c = now(write(tmp_path / "corpus", *today), tmp_path / "last", **parameters)
    check(c)
    assert moving(c) == {(cause,)}, why
    assert said in plain(change.moved(c)), why


def test_nothing_changed(tmp_path: Path) -> None:
    corpus = write(tmp_path / "corpus", ONE, TWO)
    c = now(corpus, earlier.make(tmp_path / "last", corpus=corpus))
    check(c)
    assert moving(c) == set()
    assert "Nothing moved these: 2 articles in English" in plain(change.moved(c))
    assert "All its files are as its manifest says." in plain(change.compared(c))
    assert (
        "Code, weights and libraries are the same. No lexicon changed. No file of corrections changed."
        in plain(change.went_in(c)).replace("  ", " ")
    )
    assert str(change.moves_table(c)) == str(change.lines_table(c)) == str(change.articles_table(c)) == ""


def with_lexicon(folder: Path, name: str, change: Callable[[list[list[str]]], None]) -> Path:
    """Copy the lexicons, with one of them changed."""
    shutil.copytree(lexicons.FOLDER, folder)
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    change(lines)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
    return folder


def built_with(folder: Path, store: Path, lexicon: Path, **parameters: object) -> Path:
    """Make an earlier briefing with other lexicons, and the corrections beside them, in a process of its own."""
    command = [sys.executable, str(Path(earlier.__file__)), str(folder), str(store), json.dumps(parameters)]
    environment = {**os.environ, lexicons.ELSEWHERE: str(lexicon), "PYTHONPATH": str(report.ROOT)}
    subprocess.run(command, check=True, env=environment, capture_output=True)
    return folder


def glimmer(lines: list[list[str]]) -> None:
    """Take *a glimmering pact* for a threat, and the word launched for none."""
    lines.append(["glimmering pact", "war", "", "event", "test", "2024-01-01", ""])


def test_a_lexicon_moves_what_it_moves(tmp_path: Path, store: Path) -> None:
    corpus = write(tmp_path / "corpus", ONE, TWO)
    lexicon = with_lexicon(tmp_path / "lexicons", "threats", glimmer)
    c = now(corpus, built_with(tmp_path / "last", store, lexicon, corpus=corpus))
    check(c)
    assert c.differ("code", "weights", "lexicons", "overrides", "libraries") == ["lexicons"]
    assert moving(c) == {("lexicons",)}
    assert c.parts(("threats", ""))[("lexicons",)] == -1
    assert "the changed lexicon threats.csv takes away 1" in plain(change.moved(c))
    assert "1 lexicon changed: threats.csv (1 line)." in plain(change.went_in(c))
    assert "glimmering pact" in plain(change.lines_table(c))


def test_code_moves_what_it_moves(tmp_path: Path) -> None:
    corpus = write(tmp_path / "corpus", ONE, TWO)
    folder = earlier.make(tmp_path / "last", corpus=corpus)
    older(folder)
    c = now(corpus, folder)
    check(c)
    assert moving(c) == {("code",)}
    assert c.parts(("threats", ""))[("code",)] == 1
    assert "the other code adds 1" in plain(change.moved(c))
    assert "Changed is the code (the package 0.0.1 is now" in plain(change.went_in(c))


def older(folder: Path) -> None:
    """Make of a briefing one of an older version, which found one threat less."""
    found = pq.read_table(folder / "tables" / "threats.parquet")
    pq.write_table(found.slice(1), folder / "tables" / "threats.parquet")
    of = schema.read(folder / "tables", "threats")
    numbers = brief.of(report.Parameters(), {name: schema.read(folder / "tables", name) for name in ("articles", "stories", "attributions", "sentences", "tones")} | {"threats": of}).summary  # fmt: skip
    schema.write(numbers, folder / "tables", "summary")
    path = folder / "inputs" / "versions.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "code": "older", "package": "0.0.1"}))
    sign(folder)


@pytest.mark.parametrize("kind", ["threats", "stories", "aliases"])
def test_corrections_move_what_they_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    corpus = write(tmp_path / "corpus", ONE, TWO, COPY)
    folder = earlier.make(tmp_path / "last", corpus=corpus)
    monkeypatch.setattr(stories, "OVERRIDES", tmp_path / "overrides")
    correct(brief.make(report.parameters({"corpus": corpus})), kind)
    c = now(corpus, folder)
    check(c)
    assert moving(c) == {("overrides",)}
    assert f"1 file of corrections changed: {kind}.csv (1 line)." in plain(change.went_in(c))
    moved = {"threats": "1 changed line of corrections takes away 1", "stories": "1 changed line of corrections adds 1", "aliases": "adds 2"}  # fmt: skip
    assert moved[kind] in plain(change.moved(c))
    monkeypatch.setattr(stories, "OVERRIDES", tmp_path / "none")
    back = now(corpus, earlier_with(tmp_path, monkeypatch, corpus))
    check(back)
    assert moving(back) == {("overrides",)}


def correct(opened: brief.Brief, kind: str) -> None:
    about = {"who": "A. Reader", "when": "2024-07-01", "why": "seen"}
    if kind == "aliases":
        overrides.add(kind, {"speaker": "Mara Voss"}, "speaker", "Ilya Brandt", **about)
        return
    article = schema.records(opened.query("SELECT * FROM articles WHERE title = 'Missiles'"))[0]
    if kind == "stories":
        overrides.add(kind, article, "split", "", **about)
        return
    row = schema.records(opened.query(opened.table("threats", f"article_id = '{article['article_id']}'")))[0]
    overrides.add(kind, row, "remove", article=article, **about)


def earlier_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, corpus: str) -> Path:
    """Make an earlier briefing with the corrections that a later one does without."""
    with monkeypatch.context() as patch:
        patch.setattr(stories, "OVERRIDES", tmp_path / "overrides")
        return earlier.make(tmp_path / "corrected", corpus=corpus)


def test_all_causes_together(tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = write(tmp_path / "corpus", ONE, TWO, COPY, FOUR)
    lexicon = with_lexicon(tmp_path / "old" / "lexicons", "threats", glimmer)
    folder = built_with(tmp_path / "last", store, lexicon, corpus=corpus, period_from="2024-05-01")
    older(folder)
    monkeypatch.setattr(stories, "OVERRIDES", tmp_path / "overrides")
    correct(brief.make(report.parameters({"corpus": corpus})), "threats")
    c = now(write(tmp_path / "corpus", ONE, COPY, FOUR, THREE), folder, regions=["JP", "IL"])
    check(c)
    assert moving(c) == {(step,) for step in STEPS}
    said = plain(change.moved(c))
    for part in ("that is gone", "the other period and regions", "the other code", "the changed lexicon", "1 changed line of corrections", "1 new article"):  # fmt: skip
        assert part in said
    heads = plain(change.moves_table(c))
    assert "articles gone parameters code lexicons corrections articles new" in heads


# Stories.


def test_an_article_that_is_gone_may_part_a_story(tmp_path: Path) -> None:
    words = [f"word{i}" for i in range(90)]
    chain = [("2024-05-06", f"Part {i}", " ".join(words[i * 10 : i * 10 + 60])) for i in range(3)]
    corpus = write(tmp_path / "corpus", *chain)
    opened = brief.make(report.parameters({"corpus": corpus}))
    assert opened.n_stories == 1, "each next text is nearly that before"
    folder = earlier.make(tmp_path / "last", corpus=corpus)
    c = now(write(tmp_path / "corpus", chain[0], chain[2]), folder)
    check(c)
    assert c.numbers[STORIES][0] == 1
    assert c.numbers[STORIES][-1] == 2
    assert c.parts(STORIES)[("gone",)] == 1, "not the code, which is the same"
    assert "1 article that is gone adds 1" in plain(change.moved(c))


# The last briefing as it is found.


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A corpus and an earlier briefing of it."""
    folder = tmp_path_factory.mktemp("pair")
    corpus = write(folder / "corpus", ONE, TWO)
    return corpus, earlier.make(folder / "last", corpus=corpus)


def change_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def name_outside(path: Path) -> None:
    manifest = json.loads(path.read_text())
    manifest["outputs"][0]["path"] = "../../etc/passwd"
    path.write_text(json.dumps(manifest))


def without(column: str) -> Callable[[Path], None]:
    def drop(path: Path) -> None:
        pq.write_table(pq.read_table(path).drop_columns(column), path)
        sign(path.parent.parent)

    return drop


def unlisted(path: Path) -> None:
    path.unlink()
    sign(path.parent.parent)


def unreadable(path: Path) -> None:
    path.write_bytes(b"PAR1")
    sign(path.parent.parent)


DAMAGED: list[tuple[str, Callable[[Path], object], str]] = [
    ("tables/threats.parquet", change_byte, "The last briefing was altered since it was built: tables/threats.parquet was changed."),
    ("tables/threats.parquet", Path.unlink, "The last briefing was altered since it was built: tables/threats.parquet is missing."),
    ("inputs/lexicons/threats.csv", change_byte, "altered since it was built: inputs/lexicons/threats.csv was changed."),
    ("inputs/overrides/threats.csv", lambda p: (p.parent.mkdir(), p.write_text("x")), "altered since it was built: inputs/overrides/threats.csv was added."),
    ("manifest.json", Path.unlink, "has no manifest.json, so nobody can tell whether it is as it was built."),
    ("manifest.json", lambda p: p.write_text("[]"), "cannot be read as one."),
    ("manifest.json", lambda p: p.write_text('{"outputs": ['), "cannot be read as one."),
    ("manifest.json", lambda p: p.write_bytes(b"\xff\xfe"), "cannot be read as one."),
    ("manifest.json", name_outside, "cannot be read as one."),
    ("tables/threats.parquet", without("actor"), "is of another version: its tables/threats.parquet has no actor as this version counts it."),
    ("tables/tones.parquet", unlisted, "The last briefing has no tables/tones.parquet."),
    ("tables/tones.parquet", unreadable, "The last briefing's tables/tones.parquet cannot be read."),
    (".", shutil.rmtree, "There is no folder"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "damage", "said"), DAMAGED, ids=[f"{d[0]} {d[2][-30:]}" for d in DAMAGED])
def test_a_last_briefing_that_cannot_be_trusted_is_said(
    pair: tuple[str, Path], tmp_path: Path, file: str, damage: Callable[[Path], object], said: str
) -> None:
    folder = shutil.copytree(pair[1], tmp_path / "last")
    damage(folder / file)
    c = now(pair[0], folder)
    assert c.problem
    assert said in plain(change.compared(c))
    assert "No comparison is made." in plain(change.compared(c))
    assert [*map(str, (change.went_in(c), change.moved(c), change.moves_table(c)))] == [""] * 3


@pytest.mark.parametrize(
    ("file", "damage", "said"),
    [
        ("sources.bib", change_byte, "sources.bib was changed"),
        ("tables.xlsx", Path.unlink, "tables.xlsx is missing"),
        ("tables/threats.csv", change_byte, "tables/threats.csv was changed"),
        ("note.txt", lambda p: p.write_text("mine"), "note.txt was added"),
    ],
)
def test_what_no_comparison_rests_on_is_said_and_compared(
    pair: tuple[str, Path], tmp_path: Path, file: str, damage: Callable[[Path], object], said: str
) -> None:
    folder = shutil.copytree(pair[1], tmp_path / "last")
    damage(folder / file)
    c = now(pair[0], folder)
    check(c)
    assert (
        f"Since it was built, {said}; its tables and inputs, which are compared, are as its manifest says."
        in plain(change.compared(c))
    )


@pytest.mark.parametrize(
    ("table", "column"), [("threats", "p"), ("attributions", "quote_type"), ("articles", "text")]
)
def test_a_column_that_nothing_counts_may_be_missing(
    pair: tuple[str, Path], tmp_path: Path, table: str, column: str
) -> None:
    folder = shutil.copytree(pair[1], tmp_path / "last")
    without(column)(folder / "tables" / f"{table}.parquet")
    check(now(pair[0], folder))


def test_every_column_that_is_counted_is_asked_for() -> None:
    counted = " ".join(
        f"{m.condition} {m.group} {counts.summary.RELATIONS.get(m.relation, '')}"
        for m in map(counts.summary.MEASURES.__getitem__, counts.MEASURES)
    )
    for name in ("attributions", "threats", "sentences", "tones"):
        columns = {c.name for c in schema.TABLES[name]}
        assert {c for c in columns - {"text", "id"} if re.search(rf"(?<!\.)\b{c}\b", counted)} <= {
            *last.NEEDED[name], *set().union(*(set(v) for v in last.NEEDED.values()))
        }  # fmt: skip


def test_the_archive_that_is_shared_will_do(pair: tuple[str, Path], tmp_path: Path) -> None:
    archive = pair[1] / "last.zip"
    assert "last.zip is a file; unpack it, and name the folder." in plain(
        change.compared(now(pair[0], archive))
    )
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path)
    c = now(pair[0], tmp_path / "last")
    check(c)
    assert "All its files are as its manifest says." in plain(change.compared(c))


def test_no_last_briefing_is_named(pair: tuple[str, Path]) -> None:
    c = change.compare(brief.make(report.parameters({"corpus": pair[0]})))
    assert "the key last of the report file names its folder" in plain(change.compared(c))


def test_another_corpus_has_its_numbers_side_by_side(pair: tuple[str, Path], tmp_path: Path) -> None:
    c = now(write(tmp_path / "other", THREE), pair[1])
    check(c)
    assert c.causes == ((OTHER,),)
    assert "have no article in common" in plain(change.compared(c))
    said = plain(change.moved(c))
    assert "There is 1 article in English; the last briefing had 2." in said
    assert not re.search(r"\b(adds?|takes? away)\b", said)


def test_without_its_inputs_code_lexicons_and_corrections_are_one_cause(
    pair: tuple[str, Path], tmp_path: Path
) -> None:
    folder = shutil.copytree(pair[1], tmp_path / "last")
    older(folder)
    shutil.rmtree(folder / "inputs")
    sign(folder)
    c = now(write(tmp_path / "corpus", ONE, TWO, THREE), folder)
    check(c)
    assert moving(c) == {("code", "lexicons", "overrides"), ("new",)}
    assert (
        "What code, lexicons and corrections changed cannot be told apart: the last briefing does not hold"
        in plain(change.compared(c))
    )
    assert "code, lexicons and corrections, which cannot be told apart, add 1" in plain(change.moved(c))
    assert "was not kept" in plain(change.went_in(c))


def test_lexicons_that_this_version_cannot_read_are_one_cause_with_the_code(
    pair: tuple[str, Path], tmp_path: Path
) -> None:
    folder = shutil.copytree(pair[1], tmp_path / "last")
    (folder / "inputs" / "lexicons" / "threats.csv").write_text("term,kind\nwar,act\n")
    path = folder / "inputs" / "versions.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "lexicons": "others"}))
    older(folder)
    c = now(pair[0], folder)
    check(c)
    assert moving(c) == {("code", "lexicons")}
    assert "What code and lexicons changed cannot be told apart: " in plain(change.compared(c))
    assert "with the lexicons of the last briefing (threats.csv: the columns must be" in plain(
        change.compared(c)
    )


def test_corrections_that_this_version_cannot_read_are_one_cause_with_code_and_lexicons(
    pair: tuple[str, Path], tmp_path: Path
) -> None:
    folder = shutil.copytree(pair[1], tmp_path / "last")
    (folder / "inputs" / "overrides").mkdir()
    (folder / "inputs" / "overrides" / "threats.csv").write_text("a,b\n1,2\n")
    path = folder / "inputs" / "versions.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "overrides": "others"}))
    sign(folder)
    c = now(pair[0], folder)
    check(c)
    assert ("code", "lexicons", "overrides") in c.causes
    assert "the columns must be" in plain(change.compared(c))


def test_tables_that_were_given_ready_hide_what_measured_them(pair: tuple[str, Path], tmp_path: Path) -> None:
    c = change.compare(
        brief.make(report.parameters({"last": str(pair[1]), "tables": str(given_tables(pair[0], tmp_path))}))
    )
    check(c)
    assert "tables were given ready" in plain(change.compared(c))
    assert moving(c) == set()


def given_tables(corpus: str, folder: Path) -> Path:
    loaded = brief.STORE.load(Path(corpus))
    for name in schema.TABLES:
        if name != "summary":
            loaded.write(name, folder / f"{name}.parquet")
    return folder


def test_a_corrected_text_is_gone_and_new(pair: tuple[str, Path], tmp_path: Path) -> None:
    c = now(write(tmp_path / "corpus", ONE, (*TWO[:2], f"{TWO[2]} Corrected.")), pair[1])
    check(c)
    assert "1 of them is replaced by a new one in the same place" in plain(change.went_in(c))


def test_hostile_words_are_words(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script> & 'x' {0} {{7*7}}"
    corpus = write(tmp_path / "corpus", ONE, (TWO[0], hostile, TWO[2]))
    folder = earlier.make(tmp_path / "last", corpus=corpus, title=hostile)
    shown = now(write(tmp_path / "corpus", ONE), folder)
    html = "".join(
        str(part(shown)) for part in (change.compared, change.went_in, change.articles_table, change.moved)
    )
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#39;x&#39; {0} {{7*7}}") == 2
    assert "&amp;amp;" not in html


# What a build keeps.


def test_a_build_keeps_what_a_comparison_needs(pair: tuple[str, Path]) -> None:
    folder = pair[1] / "inputs"
    assert {p.name for p in (folder / "lexicons").iterdir()} == {p.name for p in lexicons.FOLDER.iterdir()}
    assert all(
        (folder / "lexicons" / p.name).read_bytes() == p.read_bytes() for p in lexicons.FOLDER.iterdir()
    )
    manifest = json.loads((pair[1] / "manifest.json").read_text())
    listed = {one["path"] for one in manifest["outputs"]}
    assert {"inputs/versions.json", "inputs/articles.parquet", "inputs/lexicons/threats.csv"} <= listed
    assert json.loads((folder / "versions.json").read_text()).keys() == {
        "package", "code", "weights", "lexicons", "overrides", "libraries", "measured"
    }  # fmt: skip


@pytest.mark.parametrize(("share", "most"), [("", 26), ("full", 40)])
def test_corrections_quote_no_more_than_may_be_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pair: tuple[str, Path], share: str, most: int
) -> None:
    words = " ".join(f"w{i}" for i in range(40))
    (tmp_path / "threats.csv").write_text(f'quote,action,why\n"{words}",remove,"{words}"\n', encoding="utf-8")
    monkeypatch.setattr(stories, "OVERRIDES", tmp_path / "none")
    opened = brief.make(report.parameters({"corpus": pair[0], "share": share}))
    monkeypatch.setattr(stories, "OVERRIDES", tmp_path)
    inputs.write(tmp_path / "build", opened)
    with (tmp_path / "build" / "inputs" / "overrides" / "threats.csv").open() as file:
        (line,) = csv.DictReader(file)
    assert len(line["quote"].split()) == most
    assert line["why"] == words, "what the corrector says is no article's"


def test_a_briefing_is_compared_with_its_own_last_state(tmp_path: Path, store: Path) -> None:
    corpus, path = tmp_path / "corpus", tmp_path / "own.yml"
    folder = store / "build" / "own"
    write(corpus, ONE)
    path.write_text(f"corpus: {corpus}\nlast: {folder}\nchapters: [06-change]\n")
    first = briefing.build("own", path, lambda _: None)
    assert "There is no folder" in plain((first.folder / "briefing.html").read_text())
    if not first.remarks:
        assert not briefing.build("own", path, lambda _: None).is_new, "its own folder is no reason to build"
    write(corpus, ONE, TWO)
    again = briefing.build("own", path, lambda _: None)
    html = (again.folder / "briefing.html").read_text()
    assert "1 new article adds 2" in plain(html)
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(re.findall(r'\sid="([^"]+)"', html))


def test_a_briefing_is_built_anew_when_the_last_one_is_another(
    pair: tuple[str, Path], tmp_path: Path
) -> None:
    folder = shutil.copytree(pair[1], tmp_path / "last")
    path = tmp_path / "x.yml"
    path.write_text(f"corpus: {pair[0]}\nlast: {folder}\n")
    wanted = report.load(path)
    before = briefing._fingerprint(path, wanted, tmp_path / "x")
    own = briefing._fingerprint(path, wanted, folder)
    change_byte(folder / "tables" / "threats.parquet")
    assert briefing._fingerprint(path, wanted, tmp_path / "x") != before
    assert briefing._fingerprint(path, wanted, folder) == own


# Numbers and words.


KEYS = [
    ("threats", ""),
    ("threats_by_region", "JP"),
    ("attributions_by_expert", "A"),
    ("attributions_by_expert", "B"),
]
CELLS = st.dictionaries(
    st.tuples(st.sampled_from(KEYS), st.sampled_from([GONE, KEPT, LEFT, ENTERED, NEW]), st.booleans()),
    st.integers(0, 9),
)


def table_of(cells: dict[tuple[tuple[str, str], str, bool], int], stands: tuple[str, ...]) -> Counts:
    return Counts(
        {(*key, stand, fits): n for (key, stand, fits), n in cells.items() if stand in stands and n}
    )


@given(CELLS, CELLS, CELLS, CELLS)
def test_the_parts_add_up(then_: dict, old_: dict, lexed_: dict, now_: dict) -> None:  # type: ignore[type-arg]
    then = table_of(then_, (GONE, KEPT, LEFT))
    old, lexed, today = (table_of(cells, (KEPT, ENTERED, NEW)) for cells in (old_, lexed_, now_))
    for key, course in steps.rows(then, old, lexed, today).items():
        parts = [b - a for a, b in pairwise(course)]
        assert sum(parts) == course[-1] - course[0]
        if key == EXPERTS:
            continue
        assert course[0] == sum(n for (*k, _, _), n in then.rows.items() if tuple(k) == key)
        assert course[-1] == sum(n for (*k, _, _), n in today.rows.items() if tuple(k) == key)
        assert parts[0] == -sum(
            n for (*k, stand, _), n in then.rows.items() if tuple(k) == key and stand == GONE
        )
        assert parts[-1] == sum(
            n for (*k, stand, _), n in today.rows.items() if tuple(k) == key and stand == NEW
        )


@given(CELLS)
def test_what_is_the_same_moves_nothing(cells: dict) -> None:  # type: ignore[type-arg]
    """Where code, lexicons and corrections are the same, the rows that both briefings keep are the same."""
    today = table_of(cells, (KEPT, ENTERED, NEW))
    then = Counts({key: n for key, n in today.rows.items() if key[2] == KEPT and key[3]})
    for course in steps.rows(then, today, today, today).values():
        _, gone, parameters, code, lexicon, corrections, _ = course
        assert gone == course[0]
        assert parameters == code == lexicon == corrections


def comparison(course: tuple[int, int], n_new: int) -> Comparison:
    stands = pd.DataFrame({"stands": [NEW] * n_new})
    return Comparison(
        brief.of(report.Parameters(), {}), "", None, stands, {}, (("new",),), {("threats", ""): course}
    )


@pytest.mark.parametrize(
    ("course", "n", "said"),
    [
        ((0, 1), 1, "There is 1 threat mention; the last briefing had none: 1 new article adds 1."),
        ((1, 0), 1, "There are no threat mentions; the last briefing had 1: 1 new article takes away 1."),
        ((2, 0), 2, "There are no threat mentions; the last briefing had 2: 2 new articles take away 2."),
        ((1, 2), 2, "There are 2 threat mentions; the last briefing had 1: 2 new articles add 1."),
        (
            (1, 12000),
            1000,
            "There are 12,000 threat mentions; the last briefing had 1: 1,000 new articles add 11,999.",
        ),
    ],
)
def test_sentences_are_grammatical(course: tuple[int, int], n: int, said: str) -> None:
    c = comparison(course, n)
    (threats,) = [h for h in headlines.of(c) if h.key == ("threats", "")]
    assert plain(change._moved(c, threats)) == said


def test_an_unexplained_difference_is_called_one(pair: tuple[str, Path], tmp_path: Path) -> None:
    folder = shutil.copytree(pair[1], tmp_path / "last")
    found = pq.read_table(folder / "tables" / "threats.parquet")
    pq.write_table(pa.table(found.slice(1)), folder / "tables" / "threats.parquet")
    sign(folder)
    assert "a cause that is not known adds 1" in plain(change.moved(now(pair[0], folder)))


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        ({}, "none"),
        ({"JP": 1}, "Japan (1)"),
        ({"JP": 2, "TW": 2, "KR": 1}, "Japan and Taiwan (2 each)"),
        ({"JP": 2, "TW": 2, "KR": 2, "CN": 2}, "China, Japan, South Korea and 1 more (2 each)"),
    ],
)
def test_who_is_named_most_often(counted: dict[str, int], said: str) -> None:
    numbers = {("threats_by_region", place): (0, n) for place, n in counted.items()}
    c = comparison((0, 0), 0)._replace(numbers=numbers)
    assert change._most(*headlines.leaders(c, "threats_by_region", -1)) == said


def test_every_step_has_its_name() -> None:
    assert set(causes.HEADS) == {*STEPS, OTHER}
