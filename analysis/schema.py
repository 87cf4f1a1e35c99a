"""The tables, defined once: every column with its type, unit and meaning. The codebook is generated from here."""

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

LIKELIHOODS = (
    "almost no chance",
    "very unlikely",
    "unlikely",
    "roughly even chance",
    "likely",
    "very likely",
    "almost certain",
    "possible",
    "none",
)
SOURCE_TYPES = (
    "expert",
    "official",
    "military",
    "intelligence",
    "state",
    "organisation",
    "media",
    "document",
    "witness",
    "other",
)
CATEGORIES = ("war", "military_buildup", "nuclear", "missile", "terror", "coercion", "instability")
KINDS = ("threat", "act")
QUOTE_TYPES = ("direct", "mixed", "indirect")
TONES = ("negative", "neutral", "positive")
TARGETS = ("person", "state", "organisation")

_TEXT, _INT, _REAL, _FLAG = pa.string(), pa.int32(), pa.float64(), pa.bool_()
_TEXTS, _INTS = pa.list_(pa.string()), pa.list_(pa.int32())


class Column(NamedTuple):
    """One column: its name, Arrow type, unit ('' where it has none) and meaning."""

    name: str
    type: pa.DataType
    unit: str
    meaning: str


_ARTICLE = Column(
    "article_id",
    _TEXT,
    "",
    "The article: 16 hexadecimal digits of the SHA-256 of its date, outlet, title, byline and text.",
)
_EVIDENCE = [
    _ARTICLE,
    Column(
        "start",
        _INT,
        "character",
        "Where the evidence begins in the article's canonical text; first character is 0.",
    ),
    Column(
        "end",
        _INT,
        "character",
        "Where it ends, exclusive: `text[start:end]` of the article is the text of the row.",
    ),
]


def _part(role: str, meaning: str) -> list[Column]:
    return [
        Column(role, _TEXT, "", f"{meaning} Null where the text leaves it out."),
        Column(f"{role}_start", _INT, "character", f"Start of the {role}."),
        Column(f"{role}_end", _INT, "character", f"End of the {role}, exclusive."),
    ]


_PLACE = [
    Column(
        "path",
        _TEXT,
        "",
        "The file, relative to the corpus folder; a member of an archive follows it after `/`.",
    ),
    Column(
        "record", _INT, "", "Number of the record in the file, from 1; 0 where the file as a whole is meant."
    ),
]

TABLES: dict[str, list[Column]] = {
    "articles": [
        _ARTICLE,
        *_PLACE,
        Column("date", _TEXT, "ISO 8601 day", "Date of publication as the article states it."),
        Column("title", _TEXT, "", "Headline."),
        Column("byline", _TEXT, "", "Author as named; empty where unknown."),
        Column("outlet", _TEXT, "", "Publisher as named; empty where unknown."),
        Column("url", _TEXT, "", "Address as the source gives it; empty where unknown."),
        Column("text", _TEXT, "", "Canonical body text: what all offsets refer to."),
        Column("n_words", _INT, "words", "Words of the body, parted by white space."),
        Column("words_declared", _INT, "words", "Length that the source states; null where it states none."),
        Column(
            "language",
            _TEXT,
            "ISO 639-1",
            "Language of the body; empty where it is too short or too mixed to tell, which counts as English. "
            "Articles in another language have no rows in any measure.",
        ),
        Column("sha256_raw", _TEXT, "", "SHA-256 of the bytes of the file that it was read from."),
    ],
    "rejected": [
        *_PLACE,
        Column("reason", _TEXT, "", "Why it could not be read as an article."),
        Column("remedy", _TEXT, "", "What to do about it."),
        Column("sha256_raw", _TEXT, "", "SHA-256 of the file's bytes; empty where they could not be read."),
    ],
    "duplicates": [
        *_PLACE,
        Column(
            "article_id",
            _TEXT,
            "",
            "The article that has the same date, outlet, title, byline and text, and was kept.",
        ),
        Column("sha256_raw", _TEXT, "", "SHA-256 of the file's bytes."),
    ],
    "stories": [
        _ARTICLE,
        Column(
            "story_id", _TEXT, "", "The story that it tells: the `article_id` of the story's first article."
        ),
        Column(
            "n_articles", _INT, "articles", "How many articles tell this story; 1 where there are no copies."
        ),
    ],
    "attributions": [
        *_EVIDENCE,
        Column("text", _TEXT, "", "The sentence or run of sentences that holds the whole row."),
        *_part(
            "source", "Who or what the content is attributed to: the whole noun phrase, apposition included."
        ),
        *_part("cue", "The words that make the link between source and content."),
        Column("content", _TEXTS, "", "What is attributed: one or more spans."),
        Column("content_start", _INTS, "character", "Start of each content span."),
        Column("content_end", _INTS, "character", "End of each content span, exclusive."),
        Column(
            "quote_type",
            _TEXT,
            "",
            "`direct`, `mixed` or `indirect`: all, part or none of the content is in quotation marks.",
        ),
        Column(
            "speaker", _TEXT, "", "Canonical name of the person or body; empty where the text names nobody."
        ),
        Column("source_type", _TEXT, "", "One of: " + ", ".join(f"`{t}`" for t in SOURCE_TYPES) + "."),
        Column("is_expert", _FLAG, "", "True where `source_type` is `expert`."),
        Column("is_named", _FLAG, "", "True where a person or body is identifiable by name."),
        Column("role", _TEXT, "", "The credential as the text gives it anywhere in the article."),
        Column("affiliation", _TEXT, "", "The body that the speaker belongs to."),
        Column(
            "likelihood",
            _TEXT,
            "ICD 203 band",
            "How sure the content says it is: one of " + ", ".join(f"`{t}`" for t in LIKELIHOODS) + ".",
        ),
        Column("likelihood_term", _TEXT, "", "The words that say so; null where there are none."),
        Column(
            "p",
            _REAL,
            "[0, 1]",
            "The reader's probability: mean over the row's spans, of each the mean over its words that a word has the span's role. "
            "How sure the link between the spans is, is not in it. Null where a rule alone found the row, inside of what another is cited for.",
        ),
        Column("id", _TEXT, "", "Name of the row: article, `a` and a running number."),
    ],
    "speakers": [
        _ARTICLE,
        Column("speaker", _TEXT, "", "Canonical name, or the source's own words where it is unnamed."),
        Column("source_type", _TEXT, "", "As in `attributions`."),
        Column("is_named", _FLAG, "", "As in `attributions`."),
        Column("role", _TEXT, "", "As in `attributions`."),
        Column("affiliation", _TEXT, "", "As in `attributions`."),
        Column("start", _INT, "character", "Start of the first source span of this speaker."),
        Column("end", _INT, "character", "End of that span, exclusive."),
        Column("text", _TEXT, "", "That span."),
        Column("n_attributions", _INT, "rows", "Attributions to this speaker in the article."),
    ],
    "threats": [
        *_EVIDENCE,
        Column("text", _TEXT, "", "The smallest phrase that carries the threat."),
        Column("category", _TEXT, "", "One of: " + ", ".join(f"`{t}`" for t in CATEGORIES) + "."),
        Column(
            "kind",
            _TEXT,
            "",
            "`threat` (feared, warned of, possible, planned) or `act` (happened or is happening).",
        ),
        Column(
            "gpr",
            _INT,
            "",
            "Category of the Geopolitical Risk index (1 to 8; Caldara and Iacoviello, AER 2022) that `category` and `kind` correspond to; null for none.",
        ),
        Column(
            "actor",
            _TEXT,
            "",
            "Who threatens: place ids joined by `; ` where they are states, else the text; empty where unnamed.",
        ),
        Column(
            "regions",
            _TEXTS,
            "place id",
            "States (ISO 3166-1 alpha-2) and named regions threatened or where it takes place.",
        ),
        Column("is_negated", _FLAG, "", "True where the text denies it."),
        Column("likelihood", _TEXT, "ICD 203 band", "As in `attributions`."),
        Column("sentence_start", _INT, "character", "Start of the sentence that holds the span."),
        Column("sentence_end", _INT, "character", "End of that sentence, exclusive."),
        Column(
            "term",
            _TEXT,
            "",
            "The term of `data/lexicons/threats.csv` that found it, as written there; of several in one mention the last. "
            "Null where the reader alone found it.",
        ),
        Column(
            "p",
            _REAL,
            "[0, 1]",
            "The reader's probability that the words of the row belong to a threat mention: mean over its words, whoever found it. "
            "A row with a `term` and a small `p` is one that the lexicon holds against the reader's doubt. Null where no reader was asked.",
        ),
        Column("id", _TEXT, "", "Name of the row: article, `t` and a running number."),
    ],
    "sentences": [
        *_EVIDENCE,
        Column("text", _TEXT, "", "The sentence."),
        Column("polarity", _REAL, "[-1, 1]", "Wording from negative to positive, as TextBlob computes it."),
        Column(
            "subjectivity", _REAL, "[0, 1]", "Wording from factual to opinionated, as TextBlob computes it."
        ),
        Column("id", _TEXT, "", "Name of the row: article, `s` and a running number."),
    ],
    "tones": [
        *_EVIDENCE,
        Column("text", _TEXT, "", "The mention of the target: its words in the article."),
        Column(
            "target",
            _TEXT,
            "",
            "Who or what the tone is toward: a person's full name in the article, a state's short name, a body's name.",
        ),
        Column("target_id", _TEXT, "place id", "The place id of a state; empty for persons and bodies."),
        Column("target_type", _TEXT, "", "One of: " + ", ".join(f"`{t}`" for t in TARGETS) + "."),
        Column(
            "tone",
            _TEXT,
            "",
            "Tone of the passage toward the target, the most probable of: "
            + ", ".join(f"`{t}`" for t in TONES)
            + ".",
        ),
        *(
            Column(f"p_{t}", _REAL, "[0, 1]", f"Probability that the tone toward the target is {t}.")
            for t in TONES
        ),
        Column("sentence_start", _INT, "character", "Start of the sentence that holds the mention."),
        Column("sentence_end", _INT, "character", "End of that sentence, exclusive."),
        Column("id", _TEXT, "", "Name of the row: article, `n` and a running number."),
    ],
    "summary": [
        Column("key", _TEXT, "", "Name of the number, and the anchor of its evidence in the briefing."),
        Column("measure", _TEXT, "", "What is counted."),
        Column(
            "group",
            _TEXT,
            "",
            "For which speaker, region, category ...: values joined by ` | `; empty for all.",
        ),
        Column("n_rows", _INT, "rows", "How many rows were counted."),
        Column("n_articles", _INT, "articles", "In how many articles they stand."),
        Column(
            "n_stories", _INT, "stories", "In how many stories they stand: copies of one text are one story."
        ),
        Column(
            "n_of",
            _INT,
            "articles",
            "Articles read, of the month where the measure is by month: the denominator of the share.",
        ),
        Column("n_of_stories", _INT, "stories", "The stories that the articles of `n_of` tell."),
        Column("share", _REAL, "[0, 1]", "`n_articles / n_of`; null where no article was read."),
        Column("rows", _TEXTS, "", "The `id` of every row that was counted."),
    ],
}


def arrow_schema(name: str) -> pa.Schema:
    """Return the Arrow schema of a table."""
    return pa.schema([(c.name, c.type) for c in TABLES[name]])


def table(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows as a data frame with exactly the columns and types of the table ``name``.

    Raises ``KeyError`` for a missing or an unknown column, ``pyarrow.ArrowInvalid`` for a value of another type.
    """
    names = [c.name for c in TABLES[name]]
    records = [dict(r) for r in rows]
    for record in records:
        if record.keys() != set(names):
            raise KeyError(
                f"table {name}: columns {sorted(record.keys() ^ set(names))} are missing or unknown"
            )
    return frame(pa.Table.from_pylist(records, schema=arrow_schema(name)))


def frame(data: pa.Table) -> pd.DataFrame:
    """Return rows, perhaps of some columns only, as a data frame with the types of the schema."""
    types = {_INT: pd.Int32Dtype(), _FLAG: pd.BooleanDtype(), _TEXT: pd.StringDtype("pyarrow")}
    found = data.to_pandas(types_mapper=types.get, ignore_metadata=True)
    for field in data.schema:
        if pa.types.is_list(field.type):
            found[field.name] = pd.Series(
                [v.tolist() for v in found[field.name]], index=found.index, dtype=object
            )
    return found


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dicts."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def read(folder: Path, name: str) -> pd.DataFrame:
    """Read the table ``name`` from its Parquet file in ``folder``."""
    return frame(pq.read_table(folder / f"{name}.parquet", schema=arrow_schema(name)))


def write(frame: pd.DataFrame, folder: Path, name: str) -> Path:
    """Write a table as Parquet, atomically and with the same bytes for the same rows; return its path."""
    path = folder / f"{name}.parquet"
    write_parquet(pa.Table.from_pandas(frame, schema=arrow_schema(name), preserve_index=False), path)
    return path


def write_parquet(data: pa.Table, path: Path) -> None:
    """Write rows that are no table of the schema, atomically and with the same bytes for the same rows."""
    sink = pa.BufferOutputStream()
    pq.write_table(data.replace_schema_metadata(None), sink, compression="zstd")
    write_atomically(path, sink.getvalue().to_pybytes())


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a temporary file in the same folder, then a rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def codebook() -> str:
    """Return the codebook of all tables as Markdown."""
    parts = []
    for name, columns in TABLES.items():
        parts += [f"### `{name}`", "", "| column | type | unit | meaning |", "|---|---|---|---|"]
        parts += [f"| `{c.name}` | {c.type} | {c.unit} | {c.meaning} |" for c in columns]
        parts.append("")
    return "\n".join(parts)
