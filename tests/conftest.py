"""What several files of tests start from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis import brief, briefing, tables


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A place of its own for builds and caches."""
    folder = tmp_path_factory.mktemp("build")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(briefing, "BUILD", folder)
        patch.setattr(brief, "STORE", tables.Store(folder / ".tables"))
        yield folder
