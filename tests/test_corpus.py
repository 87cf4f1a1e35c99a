"""Loading: every file is an article or a rejected file with its reason and remedy."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from analysis import report
from analysis.corpus import CorpusError, decoding
from analysis.tables import Store

GOOD = "date 2024-05-06 A title\n\nBy Jo Doe\nOutlet: The Post\n\nSome text."


class Loaded(NamedTuple):
    articles: pd.DataFrame
    rejected: pd.DataFrame
    duplicates: pd.DataFrame


def load(folder: Path) -> Loaded:
    with tempfile.TemporaryDirectory() as store:
        found = Store(Path(store)).load(folder, workers=1)
        read = Loaded(*(found.read(name) for name in Loaded._fields))
        counts = found.counts
    assert tuple(map(len, read)) == (counts.articles, counts.rejected, counts.duplicates)
    assert sum(map(len, read)) == counts.announced
    return read


def test_the_real_article() -> None:
    (row,) = load(report.ROOT / "data" / "corpus").articles.to_dict("records")
    assert (row["date"], row["byline"], row["outlet"]) == ("2024-11-01", "Samir Muradov", "")
    assert (
        row["title"] == "Russia’s new ally in Ukraine – Will North Korea help change the course of the war?"
    )
    assert row["path"] == "2024-11-01-russias-new-ally-in-ukraine.txt"
    assert row["sha256_raw"] == "8dcc9f8c02ef5b2b309496b3820037804d489dd7b230ca4329bc2ed68ce84d04"
    assert "hostilities. For North Korea" in row["text"]
    assert "in Ukraine, reports" in row["text"]


def test_the_demo_corpus_is_whole_and_says_that_it_is_invented() -> None:
    found = load(report.ROOT / "data" / "demo")
    assert (len(found.articles), len(found.rejected)) == (60, 0)
    assert found.articles["text"].str.contains("This article is invented").all()
    assert found.articles["date"].str[:7].nunique() == 12


BAD = [
    ("empty", b"", "empty file", "an empty file"),
    ("nodate", b"A title\n\nText.", "no date", "no header line"),
    ("notitle", b"date 2024-05-06\n\nText.", "no title", "no title"),
    ("nobody", b"date 2024-05-06 A title\n\n", "no body", "no body"),
    ("binary", b"\x7fELF\x00\x00\x01", "binary", "a binary file"),
    ("latin", "date 2024-05-06 Café\n\nText.".encode("latin-1"), "not UTF-8: byte 0xe9", "wrong encoding"),
    ("old", b"date 1899-05-06 A title\n\nText.", "outside", "a date in 1899"),
    ("far", b"date 2091-05-06 A title\n\nText.", "outside", "a date in 2091"),
    ("order", b"date 06/05/2024 A title\n\nText.", "not a day", "an ambiguous date"),
    ("none", b"date 2024-02-30 A title\n\nText.", "not a day", "no such day"),
    ("long", b"date 2024-05-06 A title\n\n" + b"x" * 5_000_000, "5,000,025 bytes", "5 MB on one line"),
]


@pytest.mark.parametrize(("name", "content", "reason", "why"), BAD, ids=[b[3] for b in BAD])
def test_what_cannot_be_read_is_rejected(
    tmp_path: Path, name: str, content: bytes, reason: str, why: str
) -> None:
    (tmp_path / f"{name}.txt").write_bytes(content)
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    found = load(tmp_path)
    assert list(found.articles["path"]) == ["good.txt"]
    (row,) = found.rejected.to_dict("records")
    assert (row["path"], reason in row["reason"], bool(row["remedy"])) == (f"{name}.txt", True, True), row


READ = [
    ("﻿" + GOOD, "a byte order mark"),
    (GOOD.replace("\n", "\r\n"), "Windows line ends"),
    ("  DATE 2024-05-06 A title\n\n\n\nSome text.", "spaces, capitals, no byline"),
]


@pytest.mark.parametrize(("text", "why"), READ, ids=[r[1] for r in READ])
def test_what_can_be_read(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode())
    (row,) = load(tmp_path).articles.to_dict("records")
    assert (row["date"], row["title"], row["text"]) == ("2024-05-06", "A title", "Some text."), why


def test_utf16_with_its_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(GOOD.encode("utf-16"))
    assert len(load(tmp_path).articles) == 1


def test_a_first_sentence_with_by_is_no_byline(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "date 2024-05-06 T\n\nBy Friday, the troops had left.\n", encoding="utf-8"
    )
    (row,) = load(tmp_path).articles.to_dict("records")
    assert (row["byline"], row["text"]) == ("", "By Friday, the troops had left.")


def test_markup_stays_text(tmp_path: Path) -> None:
    (tmp_path / 'a "b" c’s.txt').write_text(
        "date 2024-05-06 <script>x</script>\n\n<b onclick=y>Z</b>", encoding="utf-8"
    )
    (row,) = load(tmp_path).articles.to_dict("records")
    assert (row["title"], row["text"]) == ("<script>x</script>", "<b onclick=y>Z</b>")


def test_a_copy_is_a_duplicate_another_format_and_a_link_outside_are_rejected(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(GOOD, encoding="utf-8")
    (folder / "c.pdf").write_bytes(b"%PDF")
    (tmp_path / "outside.txt").write_text(GOOD, encoding="utf-8")
    (folder / "d.txt").symlink_to(tmp_path / "outside.txt")
    found = load(folder)
    reasons = dict(zip(found.rejected["path"], found.rejected["reason"], strict=True))
    (copy,) = found.duplicates.to_dict("records")
    assert (copy["path"], copy["article_id"]) == ("b.txt", found.articles["article_id"][0])
    assert "format .pdf" in reasons["c.pdf"]
    assert "outside the corpus" in reasons["d.txt"]
    assert (len(found.articles), len(found.rejected)) == (1, 2)


def test_an_empty_or_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="the folder is empty; put the articles into it"):
        load(tmp_path)
    with pytest.raises(CorpusError, match="no such folder"):
        load(tmp_path / "none")


def test_a_folder_without_permission_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = load(tmp_path)
    assert (len(found.articles), list(found.rejected["path"])) == (1, ["locked"])
    assert "Permission denied" in found.rejected["reason"][0]


def test_an_id_depends_on_the_content_and_not_on_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    first = load(tmp_path).articles["article_id"][0]
    (tmp_path / "a.txt").rename(tmp_path / "z.txt")
    assert load(tmp_path).articles["article_id"][0] == first
    assert len(first) == 16
    assert decoding.MAX_BYTES < 5_000_000
    assert hashlib.sha256(GOOD.encode()).hexdigest() == load(tmp_path).articles["sha256_raw"][0]


def test_a_link_to_itself_is_rejected_and_the_rest_kept(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "a.txt").symlink_to("a.txt")
    found = load(tmp_path)
    assert (list(found.articles["path"]), list(found.rejected["path"])) == (["good.txt"], ["a.txt"])


def test_a_name_in_another_encoding_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff.txt")).write_text(GOOD + " More.", encoding="utf-8")
    assert "good.txt" in list(load(tmp_path).articles["path"])


def test_a_linked_folder_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    (folder / "link").symlink_to(report.ROOT / "data" / "corpus")
    assert list(load(folder).rejected["path"]) == ["link"]


def test_what_is_no_ordinary_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    os.mkfifo(tmp_path / "x.txt")
    found = load(tmp_path)
    assert (len(found.articles), list(found.rejected["reason"])) == (1, ["no ordinary file"])
