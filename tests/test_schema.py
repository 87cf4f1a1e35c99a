"""Tables: one schema, the same bytes, whole files or none."""

from pathlib import Path

import pytest

from analysis import report, schema

REJECTED = {"path": "a.txt", "record": 1, "reason": "empty file", "remedy": "remove it", "sha256_raw": ""}


def test_a_table_survives_writing_with_the_same_bytes(tmp_path: Path) -> None:
    frame = schema.table("rejected", [REJECTED])
    first = schema.write(frame, tmp_path, "rejected").read_bytes()
    assert schema.read(tmp_path, "rejected").equals(frame)
    assert schema.write(schema.read(tmp_path, "rejected"), tmp_path, "rejected").read_bytes() == first


def test_nulls_and_lists_keep_their_types(tmp_path: Path) -> None:
    row = {c.name: None for c in schema.TABLES["attributions"]} | {
        "content": ["a", "b"],
        "content_start": [1, 5],
        "content_end": [2, 6],
    }
    schema.write(schema.table("attributions", [row]), tmp_path, "attributions")
    back = schema.read(tmp_path, "attributions")
    assert (back["content"][0], back["content_start"][0], str(back["source_start"].dtype)) == (
        ["a", "b"],
        [1, 5],
        "Int32",
    )


@pytest.mark.parametrize("change", [{"extra": 1}, {"path": ...}])
def test_a_missing_or_unknown_column_is_an_error(change: dict[str, object]) -> None:
    row = {k: v for k, v in {**REJECTED, **change}.items() if v is not ...}
    with pytest.raises(KeyError, match="table rejected: columns"):
        schema.table("rejected", [row])


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "x").write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="No space"):
        schema.write_atomically(tmp_path / "x", b"new")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("x", b"old")]


def test_the_codebook_is_the_one_in_the_data_folder() -> None:
    text = (report.ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert text.endswith(schema.codebook()), "run: python -m analysis codebook --write"
