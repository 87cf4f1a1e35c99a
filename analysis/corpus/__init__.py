"""Read a corpus record by record: what can be read becomes an article, all else is rejected with its reason and remedy.

Formats are told apart by the ending of a file's name and, where vendors share one, by how the text begins. Archives are opened,
and what they hold is read as if it lay in the folder.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from analysis.corpus import archives, files
from analysis.corpus.files import CorpusError, Mark
from analysis.corpus.record import Record, Settings, Unreadable

__all__ = ["CorpusError", "Item", "Record", "Settings", "Unreadable", "items"]

Format = Callable[[BinaryIO, Settings], Iterator[Record | Unreadable]]


class Item(NamedTuple):
    """One announced record: the file it stands in, its path (that of a member in an archive), its number there from 1, what came of it.

    ``number`` is 0 where the file as a whole could not be read, or where it holds nothing.
    """

    file: str
    path: str
    number: int
    mark: Mark
    found: Record | Unreadable


_NOTHING = Mark("", 0, 0)
#: The module and function that read a format, by the ending of the name; imported when a corpus has such a file.
_FORMATS = {
    ".txt": "header_text.read", ".md": "markdown.read", ".markdown": "markdown.read", ".csv": "tabular.read_csv",
    ".tsv": "tabular.read_tsv", ".tab": "tabular.read_tsv", ".jsonl": "tabular.read_jsonl", ".ndjson": "tabular.read_jsonl",
    ".xlsx": "tabular.read_xlsx", ".parquet": "tabular.read_parquet", ".html": "page.read", ".htm": "page.read",
    ".xhtml": "page.read", ".mht": "page.read", ".mhtml": "page.read", ".rss": "feed.read", ".atom": "feed.read",
    ".xml": "feed.read", ".docx": "vendors.read_docx", ".rtf": "vendors.read_rtf",
}  # fmt: skip
#: What reads a format where the text begins like a vendor's export.
_VENDORS = {".txt": "vendors.read_txt", ".html": "vendors.read_html", ".htm": "vendors.read_html"}


def items(corpus: Path, settings: Settings | None = None) -> Iterator[Item]:
    """Yield every record that a corpus announces, in the order of the files' names and of the records in them.

    ``corpus`` is a folder, a file or a glob. Raises ``CorpusError`` where it is missing, unreadable or empty.
    """
    for source in files.sources(corpus):
        try:
            if source.problem:
                raise source.problem
            with files.opened(source.path) as file:
                yield from _of(source.name, file, settings or Settings())
        except Unreadable as error:
            yield Item(source.name, source.name, 0, _NOTHING, error)


def _of(name: str, file: BinaryIO, settings: Settings) -> Iterator[Item]:
    before = files.mark(file)
    members = archives.members(file, name) if archives.is_archive(name) else iter([(name, file)])
    empty = True
    for path, member in members:
        empty = False
        number = 0
        try:
            if isinstance(member, Unreadable):
                raise member
            for found in _format(path, member)(member, settings):
                number += 1
                yield Item(name, path, number, before, found)
            if not number:
                raise Unreadable("no record in the file", "remove it, or export it again")
        except Unreadable as error:
            yield Item(name, path, number + 1 if number else 0, before, error)
    if empty:
        yield Item(
            name, name, 0, before, Unreadable("an archive without files", "remove it, or pack it again")
        )
    if files.mark(file) != before:
        yield Item(
            name,
            name,
            0,
            before,
            Unreadable("the file changed while it was read", "load it again when it is at rest"),
        )


def _format(path: str, file: BinaryIO) -> Format:
    ending = Path(path).suffix.lower()
    known = _FORMATS.get(ending)
    if known is None:
        raise Unreadable(
            f"format {ending or 'without ending'} is not read",
            f"save it in one of the formats that are: {', '.join(_FORMATS)}",
        )
    if ending in _VENDORS and _function("vendors.recognise")(_beginning(file)):
        known = _VENDORS[ending]
    return cast(Format, _function(known))


def _function(name: str) -> Callable[..., Any]:
    module, function = name.split(".")
    return cast(Callable[..., Any], getattr(import_module(f"analysis.corpus.{module}"), function))


def _beginning(file: BinaryIO) -> str:
    """Return how a text begins, enough to tell whose layout it has."""
    start = file.read(200_000)
    file.seek(0)
    is_utf16 = start[:2] in (b"\xff\xfe", b"\xfe\xff")
    return start.decode("utf-16" if is_utf16 else "utf-8", errors="replace").removeprefix("\ufeff")
