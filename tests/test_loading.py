"""Loading: every announced record is an article, a rejected record or a duplicate; shards keep apart what does not change."""

import errno
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import corpus, drafts, ingest, loading, schema, stories
from analysis.corpus import Item, Record, Settings, Unreadable
from analysis.corpus.files import Mark

MARK = Mark("0" * 64, 10, 0)
GOOD = "date 2024-05-06 Title {n}\n\nOutlet: The Post\n\nSome text number {n}.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five articles, one of them twice, and two files that cannot be read."""
    found = tmp_path / "corpus"
    found.mkdir()
    for n in range(5):
        (found / f"{n}.txt").write_text(GOOD.format(n=n), encoding="utf-8")
    (found / "copy of 3.txt").write_text(GOOD.format(n=3), encoding="utf-8")
    (found / "bad.txt").write_text("no header", encoding="utf-8")
    (found / "x.pdf").write_bytes(b"%PDF")
    return found


def test_nothing_is_lost(folder: Path, tmp_path: Path) -> None:
    counts = loading.load(folder, tmp_path / "out", Settings())
    assert counts == (8, 5, 2, 1, ())
    assert loading.read(tmp_path / "out") == counts
    assert counts.sentence() == "5 articles + 2 rejected + 1 duplicates = 8 announced"
    (copy,) = pq.read_table(tmp_path / "out" / "duplicates.parquet").to_pylist()
    (shard,) = (tmp_path / "out" / "articles").glob("*.parquet")
    kept = {row["path"]: row["article_id"] for row in pq.read_table(shard).to_pylist()}
    assert (copy["path"], copy["article_id"]) == ("copy of 3.txt", kept["3.txt"])
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "articles", "duplicates.parquet", "loaded.json", "rejected.parquet", "stories.parquet",
    ]  # fmt: skip


def one(n: int) -> Record | Unreadable:
    return Unreadable("bad", "mend it") if n < 0 else Record("2024-05-06", f"T{n}", "", "", f"Text {n}.")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-1, 6), max_size=30), st.integers(1, 4))
def test_whatever_is_announced_is_somewhere(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int], size: int
) -> None:
    """``numbers`` are articles, the same number the same article, -1 is no article."""
    out = tmp_path_factory.mktemp("x") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "SHARD", size)
        patch.setattr(loading, "BATCH", 3)
        patch.setattr(
            loading, "items", lambda *_: (Item("a", "a", i + 1, MARK, one(n)) for i, n in enumerate(numbers))
        )
        counts = loading.load(Path("none"), out, Settings(), workers=1)
    kept = {n for n in numbers if n >= 0}
    lost = numbers.count(-1)
    assert counts == (len(numbers), len(kept), lost, len(numbers) - lost - len(kept), ())
    tables = [pq.read_table(p) for p in sorted((out / "articles").glob("*"))]
    ids = [i for table in tables for i in table["article_id"].to_pylist()]
    assert ids == sorted(set(ids))
    assert all(1 <= len(table) <= size for table in tables)
    rows = [r for t in tables for r in t["record"].to_pylist()]
    for name in ("rejected", "duplicates"):
        rows += pq.read_table(out / f"{name}.parquet")["record"].to_pylist()
    assert sorted(rows) == list(range(1, len(numbers) + 1))


IDS = st.sets(st.integers(0, 2**64 - 1) | st.integers(0, 600), max_size=500)


def runs(ids: set[int]) -> list[tuple[str, ...]]:
    names = sorted(f"{i:016x}" for i in ids)
    sizes = loading.sizes_of(names)
    assert sum(sizes) == len(names)
    assert all(0 < size <= loading.SHARD for size in sizes)
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    return [tuple(names[a : a + n]) for a, n in zip(starts, sizes, strict=True)]


@settings(max_examples=100, deadline=None)
@given(IDS, st.integers(0, 2**64 - 1) | st.integers(0, 600), st.sampled_from([1, 4, 256]))
def test_one_article_more_changes_one_shard(ids: set[int], new: int, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "SHARD", size)
        before, after = runs(ids), runs(ids | {new})
    assert len(set(before) - set(after)) <= 1
    assert sum(len(run) for run in set(after) - set(before)) <= size + 1


def test_ids_that_collide_share_a_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SHARD", 2)
    assert loading.sizes_of(["0" * 16] * 5 + ["f" * 16]) == [5, 1]


def test_the_name_of_a_shard_tells_its_articles_and_their_languages(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def name(out: str) -> str:
        loading.load(folder, tmp_path / out, Settings())
        return next((tmp_path / out / "articles").iterdir()).name

    first = name("a")
    (folder / "0.txt").rename(folder / "renamed.txt")
    assert name("b") == first
    monkeypatch.setattr(loading.language, "identify", lambda text: "fr")
    assert name("c") != first


def bytes_of(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def test_one_core_and_two_write_the_same_bytes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("BATCH", 2), ("MANY", 1), ("SHARD", 2)):
        monkeypatch.setattr(loading, name, value)
    for workers in (1, 2):
        loading.load(folder, tmp_path / f"{workers}", Settings(), workers=workers)
    assert bytes_of(tmp_path / "1") == bytes_of(tmp_path / "2")


@pytest.mark.parametrize("field", ["title", "text", "url"])
def test_half_a_character_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    bad = Record("2024-05-06", "T", "", "", "Text.")._replace(**{field: "x \ud83d y"})
    monkeypatch.setattr(
        loading, "items", lambda *_: iter([Item("a", "a", 1, MARK, bad), Item("a", "a", 2, MARK, one(1))])
    )
    assert loading.load(tmp_path, tmp_path / "out", Settings()) == (2, 1, 1, 0, ())
    (row,) = pq.read_table(tmp_path / "out" / "rejected.parquet").to_pylist()
    assert row["reason"] == "half a character ('\\ud83d')"


def test_a_length_beyond_belief_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Record("2024-05-06", "T", "", "", "Text.", "", 10**12)
    monkeypatch.setattr(loading, "items", lambda *_: iter([Item("a", "a", 1, MARK, found)]))
    assert loading.load(tmp_path, tmp_path / "out", Settings()).articles == 1


# The ingest log.


def log_of(store: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (store / "log").read_text(encoding="utf-8").splitlines()]


def test_the_log_has_a_line_a_file_bytes_and_version(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(out: str) -> bytes:
        loading.load(folder, tmp_path / out, Settings(), log=tmp_path / "log")
        return (tmp_path / "log").read_bytes()

    first = load("a")
    lines = {str(line["path"]): line for line in log_of(tmp_path)}
    assert sorted(lines) == sorted(p.name for p in folder.iterdir())
    assert len(log_of(tmp_path)) == 8
    raw = (folder / "1.txt").read_bytes()
    about = lines["1.txt"]
    assert about["sha256"] == hashlib.sha256(raw).hexdigest()
    assert (about["bytes"], about["records"]) == (len(raw), 1)
    assert about["modified"] == int((folder / "1.txt").stat().st_mtime)
    assert load("b") == first, "nothing new"
    (folder / "1.txt").write_text(GOOD.format(n=11), encoding="utf-8")
    second = load("c")
    assert second.startswith(first)
    assert [line["path"] for line in log_of(tmp_path)[8:]] == ["1.txt"]
    monkeypatch.setattr(ingest, "__version__", "99")
    third = load("d")
    assert third.startswith(second)
    assert len(log_of(tmp_path)) == 17


def test_a_line_that_was_cut_does_no_harm(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "log").write_text('{"path": "1.t', encoding="utf-8")
    for out in ("a", "b"):
        loading.load(folder, tmp_path / out, Settings(), log=tmp_path / "log")
    lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert lines[0] == '{"path": "1.t'
    assert len([json.loads(line) for line in lines[1:]]) == 8


FILES = [
    ("a.txt", []),
    ("in/a.zip", ["b/c.txt", "d.txt"]),
    ("a.zip", ["b.zip/c.txt"]),
    ("What now!.txt", []),
    ("Now! All.zip", ["a.txt"]),
]


@pytest.mark.parametrize(("file", "members"), FILES)
def test_a_member_counts_for_the_file_that_lies_in_the_corpus(
    tmp_path: Path, file: str, members: list[str]
) -> None:
    path = tmp_path / "corpus" / file
    path.parent.mkdir(parents=True)
    path.write_bytes(_zipped(members) if members else GOOD.format(n=0).encode())
    loading.load(tmp_path / "corpus", tmp_path / "out", Settings(), log=tmp_path / "log")
    assert [(line["path"], line["records"]) for line in log_of(tmp_path)] == [(file, len(members) or 1)]


def _zipped(members: list[str]) -> bytes:
    """Return an archive with an article a member; what stands before a slash and ends in *.zip* is an archive in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for n, member in enumerate(members):
            outer, _, inner = member.partition(".zip/")
            content = _zipped([inner]) if inner else GOOD.format(n=n).encode()
            archive.writestr(f"{outer}.zip" if inner else member, content)
    return packed.getvalue()


# Corrections of stories.


def test_corrections_of_unknown_articles_are_told(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "OVERRIDES", tmp_path)
    head = "article_id,action,with_article_id,source,date_added,note\n"
    (tmp_path / "stories.csv").write_text(head + "abc,split,,me,2024-01-01,x\n", encoding="utf-8")
    (said,) = loading.load(folder, tmp_path / "out", Settings()).remarks
    assert "the corpus has no article abc" in said
    assert loading.read(tmp_path / "out").remarks == (said,)
    (tmp_path / "stories.csv").write_text(head + "abc,divide,,me,2024-01-01,x\n", encoding="utf-8")
    with pytest.raises(corpus.CorpusError, match="the action must be merge"):
        loading.load(folder, tmp_path / "other", Settings())


# Faults.


@pytest.mark.parametrize("when", ["while it reads", "while it writes", "at the end"])
def test_an_error_leaves_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def fail(*_: object, **__: object) -> Iterator[Item]:
        raise OSError(errno.ENOSPC, "No space left on device")

    owner, name = {
        "while it reads": (loading, "items"),
        "while it writes": (pq.ParquetWriter, "write_table"),
        "at the end": (schema, "write_atomically"),
    }[when]
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, fail)
        with pytest.raises(OSError, match="No space"):
            loading.load(folder, tmp_path / "out", Settings())
    assert not (tmp_path / "out").exists()
    assert [p.name for p in (tmp_path / drafts.FOLDER).iterdir()] == ["lock"]
    assert loading.load(folder, tmp_path / "out", Settings()).articles == 5


def test_what_a_killed_process_left_is_swept_and_what_a_running_one_fills_is_not(tmp_path: Path) -> None:
    left = tmp_path / drafts.FOLDER / "out.killed"
    (left / "new").mkdir(parents=True)
    (left / "lock").touch()
    bare = tmp_path / drafts.FOLDER / "out.bare"
    bare.mkdir()
    with drafts.folder(tmp_path / "a") as running:
        assert not left.exists()
        assert not bare.exists()
        (running / "x").write_text("a")
        with drafts.folder(tmp_path / "b") as other:
            (other / "x").write_text("b")
        with drafts.file(tmp_path / "c") as file:
            file.write_text("c")
    texts = [(tmp_path / name).read_text() for name in ("a/x", "b/x", "c")]
    assert texts == ["a", "b", "c"]
    assert [p.name for p in (tmp_path / drafts.FOLDER).iterdir()] == ["lock"]


def test_the_first_of_two_drafts_counts(tmp_path: Path) -> None:
    with drafts.folder(tmp_path / "out") as first:
        (first / "x").write_text("1")
        with drafts.folder(tmp_path / "out") as second:
            (second / "x").write_text("2")
    assert (tmp_path / "out" / "x").read_text() == "2"
    assert list(tmp_path.iterdir()) != []


def test_the_types_are_those_of_the_schema(folder: Path, tmp_path: Path) -> None:
    loading.load(folder, tmp_path / "out", Settings())
    files = {"articles": next((tmp_path / "out" / "articles").iterdir())}
    files |= {name: tmp_path / "out" / f"{name}.parquet" for name in ("rejected", "duplicates", "stories")}
    for name, path in files.items():
        assert pq.read_schema(path) == schema.arrow_schema(name)
        assert isinstance(schema.frame(pq.read_table(path)), pd.DataFrame)
