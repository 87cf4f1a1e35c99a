"""One core or several: the same results, in the same order."""

from pathlib import Path

import pandas as pd
import pytest

from analysis import cores, report, tables


@pytest.mark.parametrize(("n", "many", "workers"), [(0, 1, 2), (7, 100, 2), (7, 1, 1), (7, 1, 2)])
def test_each_keeps_the_order(n: int, many: int, workers: int) -> None:
    words = ["x" * i for i in range(n)]
    assert list(cores.each(len, words, many=many, workers=workers)) == list(range(n))


def test_an_error_in_a_worker_is_raised_here() -> None:
    with pytest.raises(TypeError):
        list(cores.each(len, ["a", None], many=1, workers=2))  # type: ignore[list-item]


def test_tables_are_the_same_from_one_core_and_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MANY", 1)
    folder = report.ROOT / "data" / "corpus"
    one, two = (tables.build(folder, tmp_path / str(n), workers=n) for n in (1, 2))
    for name, table in one.items():
        pd.testing.assert_frame_equal(table, two[name])
