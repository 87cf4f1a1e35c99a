"""How a briefing came about: its inputs and outputs by hash, parameters, versions, and how to cite it."""

import hashlib
import json
import platform
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml
from rocrate.model import ContextEntity
from rocrate.rocrate import ROCrate

from analysis import __version__, report, show
from analysis.brief import Brief
from analysis.report import Report

SOFTWARE = "regional-threat-briefing"
PACKAGES = (
    "duckdb",
    "matplotlib",
    "nbconvert",
    "numpy",
    "onnxruntime",
    "pandas",
    "papermill",
    "py3langid",
    "pyarrow",
    "pylatexenc",
    "rocrate",
    "textblob",
    "tokenizers",
    "weasyprint",
    "xlsxwriter",
)
#: Files of a corpus that the RO-Crate lists one by one; of more, only the manifest does.
INPUTS_LISTED = 1_000
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
RIGHTS = (
    "Excerpts and titles of articles belong to their publishers and are quoted as evidence. "
    "Counts and sentences about them were computed."
)
_FORMATS = {
    ".bib": "application/x-bibtex",
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def day(opened: Brief) -> datetime:
    """Return the day that a briefing bears: that of its last article, since no clock is looked at."""
    return datetime.fromisoformat(opened.read["date"].max())


def facts(wanted: Report, opened: Brief) -> list[tuple[str, str]]:
    """Return what must be known of a briefing, as labels and texts."""
    dates = opened.read["date"]
    return [
        ("Title", wanted.title),
        ("Description", wanted.description or "none"),
        ("How to cite", citation(wanted, opened)),
        ("Corpus", f"{wanted.corpus}: {show.plain(len(opened.read), 'article')} read, {show.plain(opened.n_stories, 'story', 'stories')}"),
        ("Period", f"{dates.min()} to {dates.max()}"),
        ("Regions", ", ".join(wanted.regions) or "all"),
        ("Watch list", ", ".join(wanted.watch_list) or "none"),
        ("Version", f"{SOFTWARE} {opened.version}"),
        ("Content hash", opened.content_hash),
        ("Shared", "whole texts" if wanted.share else f"at most {show.EXCERPT} words of an article in a cell; offsets lead to the rest"),
        ("Rights", RIGHTS),
    ]  # fmt: skip


def citation(wanted: Report, opened: Brief) -> str:
    """Return how to cite a briefing, as prose."""
    last = day(opened).date()
    return (
        f"{wanted.title} ({last.year}). Regional threat briefing on {show.plain(len(opened.read), 'article')} up to {last}, "
        f"made with {SOFTWARE} {opened.version}. Content hash {opened.content_hash[:16]}."
    )


def citation_file(wanted: Report, opened: Brief) -> bytes:
    """Return how to cite a briefing in the Citation File Format 1.2.0 (Druskat and others 2021)."""
    content = {
        "cff-version": "1.2.0",
        "type": "dataset",
        "message": citation(wanted, opened),
        "title": wanted.title,
        "abstract": wanted.description or "A briefing computed from news articles.",
        "authors": [{"name": f"{SOFTWARE} {opened.version}"}],
        "version": opened.content_hash[:16],
        "date-released": day(opened).date().isoformat(),
        "identifiers": [
            {"type": "other", "value": f"sha256:{opened.content_hash}", "description": "Hash over all files of the corpus"}
        ],
    }  # fmt: skip
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1_000_000).encode()


def files(work: Path) -> list[Path]:
    """Return the files of a build, sorted, without hidden ones and the archive of them all."""
    found = (path for path in work.rglob("*") if path.is_file())
    return sorted((p for p in found if not p.name.startswith(".") and p.suffix != ".zip"), key=Path.as_posix)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of what makes a briefing."""
    return {SOFTWARE: __version__, "python": platform.python_version()} | {p: version(p) for p in PACKAGES}


def inputs(opened: Brief) -> list[tuple[str, str]]:
    """Return every file of the corpus that was looked at, with its SHA-256; of a file with many records once for each place."""
    frames = (opened.articles, opened.rejected, opened.duplicates)
    found = (row for f in frames for row in f[["path", "sha256_raw"]].itertuples(index=False, name=None))
    return list(dict.fromkeys(found))


def manifest(work: Path, wanted: Report, opened: Brief, tables: Mapping[str, Any]) -> bytes:
    """Return the manifest: inputs and outputs with SHA-256, parameters, the tables' sizes and the versions that made them."""
    content = {
        "report": wanted.model_dump(),
        "content_hash": opened.content_hash,
        "inputs": [{"path": path, "sha256": digest} for path, digest in inputs(opened)],
        "outputs": [
            {"path": path.relative_to(work).as_posix(), "sha256": sha256(path)} for path in files(work)
        ],
        "tables": tables,
        "versions": versions(),
    }
    return json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def crate(work: Path, wanted: Report, opened: Brief) -> bytes:
    """Return the description of a build as an RO-Crate 1.2 (Soiland-Reyes and others 2022): a run of this software on the corpus.

    Inputs are not part of what is shared; they are named by their hashes. No id is random and no time is that of the clock.
    """
    made = ROCrate(version="1.2")
    made.name, made.datePublished = wanted.title, day(opened).date()
    made.description = wanted.description or citation(wanted, opened)

    def add(id: str, kind: str, **properties: Any) -> ContextEntity:
        return made.add(ContextEntity(made, id, {"@type": kind, **properties}))

    made.license = add("#rights", "CreativeWork", name="Rights", description=RIGHTS)
    profile = add(PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    made.root_dataset["conformsTo"] = profile
    results = [
        made.add_file(
            dest_path=path.relative_to(work).as_posix(),
            properties={
                "name": path.name, "sha256": sha256(path), "contentSize": str(path.stat().st_size),
                "encodingFormat": _FORMATS.get(path.suffix, "application/octet-stream"),
            },
        )
        for path in files(work)
    ]  # fmt: skip
    software = add(
        "#software", "SoftwareApplication", name=SOFTWARE, softwareVersion=opened.version,
        softwareRequirements=[
            add(f"#package-{name}", "SoftwareApplication", name=name, softwareVersion=number)
            for name, number in versions().items() if name != SOFTWARE
        ],
    )  # fmt: skip
    used = inputs(opened)
    corpus = add(
        "#corpus", "Collection", name=wanted.corpus, identifier=f"sha256:{opened.content_hash}",
        description=f"{show.plain(len(used), 'file')} of the corpus, by path and SHA-256 in manifest.json; not part of this crate.",
    )  # fmt: skip
    given = [corpus]
    if len(used) <= INPUTS_LISTED:
        listed: dict[str, list[str]] = {}
        for path, digest in used:
            listed.setdefault(digest, []).append(path)
        given += [
            add(f"#sha256-{digest}", "File", name=", ".join(paths), sha256=digest)
            for digest, paths in sorted(listed.items()) if digest
        ]  # fmt: skip
    given += [
        add(f"#parameter-{name}", "PropertyValue", name=name, value=json.dumps(value, ensure_ascii=False, sort_keys=True))
        for name, value in wanted.model_dump(include={*report.NAMES, "chapters"}).items()
    ]  # fmt: skip
    action = add(
        "#build",
        "CreateAction",
        name="Build of the briefing",
        instrument=software,
        object=given,
        result=results,
    )
    made.root_dataset["mentions"] = [action]
    described = made.metadata.generate()
    described["@graph"].sort(
        key=lambda entity: (entity["@id"] not in ("ro-crate-metadata.json", "./"), entity["@id"])
    )
    for entity in described["@graph"]:
        for value in entity.values():
            if isinstance(value, list) and all(isinstance(one, dict) for one in value):
                value.sort(key=lambda one: one["@id"])
    return json.dumps(described, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"
