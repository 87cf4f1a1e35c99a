"""The last briefing: its folder as it was built, or a sentence that says why nothing can be compared with it."""

import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from analysis import provenance, schema
from analysis.change import inputs
from analysis.change.words import joined

#: The columns of each table that counting needs; a table of another version may have more or fewer of the others.
NEEDED = {
    "articles": ("article_id", "path", "record", "date", "title", "outlet", "language"),
    "stories": ("article_id", "story_id", "n_articles"),
    "attributions": ("article_id", "start", "end", "content_start", "content_end", "speaker", "source_type", "is_expert", "likelihood", "id"),
    "threats": ("article_id", "start", "end", "category", "kind", "gpr", "actor", "regions", "is_negated", "likelihood", "id"),
    "sentences": ("article_id", "start", "end", "polarity", "id"),
    "tones": ("article_id", "start", "end", "target", "target_type", "tone", "id"),
}  # fmt: skip


class NoLast(Exception):
    """There is nothing to compare with; the message is a sentence for the reader."""


class Last(NamedTuple):
    """A briefing that was built before and has not been altered since, as far as a comparison rests on it."""

    folder: Path
    sha256: str  #: of its manifest
    content_hash: str
    parameters: dict[str, Any]  #: of its report file
    versions: dict[str, str]  #: none where it was built before versions were kept
    remarks: list[str]  #: what differs from the manifest in files that no comparison rests on

    @property
    def lexicons(self) -> Path:
        """The lexicons that it was measured with."""
        return self.folder / inputs.FOLDER / inputs.LEXICONS

    @property
    def overrides(self) -> Path:
        """The corrections that were made in it."""
        return self.folder / inputs.FOLDER / inputs.OVERRIDES

    @property
    def period(self) -> tuple[str, str]:
        """The first and the last day that it was cut to, each empty where it was not."""
        return str(self.parameters.get("period_from") or ""), str(self.parameters.get("period_to") or "")

    @property
    def regions(self) -> list[str]:
        """The regions that it was cut to; none where it has all."""
        regions = self.parameters.get("regions")
        return [str(place) for place in regions] if isinstance(regions, list) else []

    def table(self, name: str) -> Path:
        """Return the Parquet file of a table."""
        return self.folder / "tables" / f"{name}.parquet"

    def ids(self) -> set[str] | None:
        """Return the ids of all articles of its corpus, in its period or not; None where they were not kept."""
        path = self.folder / inputs.FOLDER / inputs.ARTICLES
        return set(pq.read_table(path)["article_id"].to_pylist()) if path.is_file() else None


def read(folder: Path, name: str) -> Last:
    """Open the briefing in ``folder``, which a reader knows as ``name``, and hold it against its manifest.

    Raises ``NoLast`` where it is not there, was altered in what a comparison rests on, or has tables of another form.
    """
    if folder.is_file():
        raise NoLast(f"{name} is a file; unpack it, and name the folder.")
    if not folder.is_dir():
        raise NoLast(f"There is no folder {name}.")
    path = folder / "manifest.json"
    if not path.is_file():
        raise NoLast(
            f"The folder {name} has no manifest.json, so nobody can tell whether it is as it was built."
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        outputs = {_inside(one["path"]): str(one["sha256"]) for one in manifest["outputs"]}
        parameters, content = dict(manifest["report"]), str(manifest["content_hash"])
    except (ValueError, KeyError, TypeError) as error:
        raise NoLast(f"The manifest of {name} cannot be read as one.") from error
    wrong = _altered(folder, outputs)
    rests = [said for file, said in wrong if _is_compared(file)]
    if rests:
        raise NoLast(f"The last briefing was altered since it was built: {joined(rests)}.")
    _check_tables(folder, outputs)
    versions = _versions(folder) if f"{inputs.FOLDER}/{inputs.VERSIONS}" in outputs else {}
    return Last(folder, provenance.sha256(path), content, parameters, versions, [said for _, said in wrong])


def _inside(path: str) -> str:
    """Return a path of a manifest. Raises ``ValueError`` where it leads out of the folder."""
    if not path or PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        raise ValueError(f"{path!r} lies outside of the folder")
    return path


def _is_compared(file: str) -> bool:
    return file.startswith(f"{inputs.FOLDER}/") or file in {f"tables/{name}.parquet" for name in NEEDED}


def _altered(folder: Path, outputs: dict[str, str]) -> list[tuple[str, str]]:
    """Return each file that is not as the manifest says, with what is wrong with it."""
    there = {path.relative_to(folder).as_posix() for path in provenance.files(folder)} - {"manifest.json"}
    wrong = [(file, f"{file} is missing") for file in outputs if file not in there]
    wrong += [(file, f"{file} was added") for file in there if file not in outputs]
    wrong += [
        (file, f"{file} was changed")
        for file in there & set(outputs)
        if provenance.sha256(folder / file) != outputs[file]
    ]
    return sorted(wrong)


def _check_tables(folder: Path, outputs: Iterable[str]) -> None:
    for name, columns in NEEDED.items():
        file = f"tables/{name}.parquet"
        if file not in outputs:
            raise NoLast(f"The last briefing has no {file}.")
        try:
            form = pq.read_schema(folder / file)
        except (OSError, pa.ArrowInvalid) as error:
            raise NoLast(f"The last briefing's {file} cannot be read.") from error
        wanted = schema.arrow_schema(name)
        other = [c for c in columns if c not in form.names or form.field(c).type != wanted.field(c).type]
        if other:
            raise NoLast(
                f"The last briefing is of another version: its {file} has no {joined(other)} as this version counts {'it' if len(other) == 1 else 'them'}."
            )


def _versions(folder: Path) -> dict[str, str]:
    path = folder / inputs.FOLDER / inputs.VERSIONS
    try:
        return {str(k): str(v) for k, v in json.loads(path.read_text(encoding="utf-8")).items()}
    except (ValueError, AttributeError) as error:
        raise NoLast(f"The last briefing's {inputs.FOLDER}/{inputs.VERSIONS} cannot be read.") from error
