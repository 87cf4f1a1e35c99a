"""Measure one article: from its text to its rows in every table of measures."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

from analysis import __version__, attributions, lexicons, reader, sentiment, threats, tones
from analysis.corpus import language

Rows = dict[str, list[dict[str, object]]]
#: The tables that an article has rows in.
TABLES = ("attributions", "speakers", "threats", "sentences", "tones")


def measure(article: Mapping[str, object]) -> Rows:
    """Return the rows of ``TABLES`` of one article, given as a row of ``articles``."""
    article_id, text = str(article["article_id"]), str(article["text"])
    reading = reader.read(text)
    said = attributions.rows(article_id, text, reading.spans, reading.entities, reading)
    return {
        "attributions": said,
        "speakers": attributions.speakers(said),
        "threats": threats.rows(article_id, text, reading.spans, reading),
        "sentences": sentiment.rows(article_id, text),
        "tones": tones.rows(article_id, text, reading),
    }


@cache
def version() -> str:
    """Return 16 hexadecimal digits that change with whatever measuring rests on: any of ``parts``."""
    digest = hashlib.sha256(" ".join(sorted(language.READ)).encode())
    for name, part in sorted(parts().items()):
        digest.update(f"{name}\0{part}\0".encode())
    return digest.hexdigest()[:16]


@cache
def reading_version() -> str:
    """Return 16 hexadecimal digits that change with whatever the reader rests on, which is no lexicon."""
    return hashed(_files(_READ), f"{__version__} {_weights()} {_libraries()}")[:16]


def parts() -> dict[str, str]:
    """Return what measuring rests on: ``code``, ``weights`` and ``lexicons`` as hashes, the ``libraries`` that compute by name.

    The package's version belongs to its code.
    """
    return {
        "code": hashed(_files(_CODE), __version__),
        "weights": _weights(),
        "lexicons": hashed(lexicons.FOLDER.glob("*.csv")),
        "libraries": _libraries(),
    }


def _files(modules: Iterable[str]) -> list[Path]:
    folder = Path(__file__).parent
    code = [folder / f"{name}.py" for name in modules if (folder / f"{name}.py").is_file()]
    return code + [path for name in modules for path in (folder / name).rglob("*.py")]


@cache
def _weights() -> str:
    folder = Path(__file__).parent / "reader" / "weights"
    return hashed([*folder.glob("reader.*"), folder / "tokenizer.json"])


def _libraries() -> str:
    return ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)


def hashed(paths: Iterable[Path], about: str = "") -> str:
    """Return a SHA-256 over the names and bytes of files, and over what else is known of them."""
    digest = hashlib.sha256(about.encode())
    for path in sorted(set(paths)):
        digest.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


#: The modules that ``measure`` rests on; a test holds them against what is imported.
_CODE = (
    "attributions", "lexicons", "likelihood", "measure", "nested", "places", "reader", "schema", "sentiment", "speakers", "text",
    "threats", "tones",
)  # fmt: skip
#: Those that ``reader`` reads with; it is trained with others too.
_READ = ("reader", "schema", "text")
_LIBRARIES = ("onnxruntime", "textblob", "tokenizers")
