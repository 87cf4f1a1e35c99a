"""Measure one article: from its text to its rows in every table of measures."""

import hashlib
from collections.abc import Mapping
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
    said = attributions.rows(article_id, text, reading.spans, reading.entities)
    return {
        "attributions": said,
        "speakers": attributions.speakers(said),
        "threats": threats.rows(article_id, text, reading.spans, reading),
        "sentences": sentiment.rows(article_id, text),
        "tones": tones.rows(article_id, text, reading),
    }


@cache
def version() -> str:
    """Return 16 hexadecimal digits that change with whatever measuring rests on.

    That is the package's version, the code that measures, its lexicons, the reader's weights, and the libraries that compute.
    """
    folder = Path(__file__).parent
    code = [folder / f"{name}.py" for name in _CODE if (folder / f"{name}.py").is_file()]
    code += [path for name in _CODE for path in (folder / name).rglob("*.py")]
    data = [*lexicons.FOLDER.glob("*.csv"), *(folder / "reader" / "weights").glob("reader.*")]
    data.append(folder / "reader" / "weights" / "tokenizer.json")
    libraries = [f"{name} {metadata.version(name)}" for name in _LIBRARIES]
    digest = hashlib.sha256(" ".join([__version__, *libraries, *sorted(language.READ)]).encode())
    for path in sorted({*code, *data}):
        digest.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


#: The modules that ``measure`` rests on; a test holds them against what is imported.
_CODE = (
    "attributions", "lexicons", "likelihood", "measure", "nested", "places", "reader", "schema", "sentiment", "speakers", "text",
    "threats", "tones",
)  # fmt: skip
_LIBRARIES = ("onnxruntime", "textblob", "tokenizers")
