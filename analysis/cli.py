"""The command line: ``python -m analysis`` reads a corpus into tables and builds briefings."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import lxml.etree  # noqa: F401  # it loses a Ctrl-C that comes while it loads: so before there is anything to interrupt
import pyarrow as pa
import typer
from tqdm import tqdm

from analysis import brief, cluster, coding, corpus, overrides, report, schema, summary, tones
from analysis import tables as reading
from analysis.corpus import language, targets

app = typer.Typer(
    help="From a folder of news articles to a briefing that can be defended.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _fail(error: Exception) -> typer.Exit:
    typer.echo(f"error: {error}", err=True)
    return typer.Exit(1)


@contextmanager
def _plainly() -> Iterator[None]:
    """End with one line where a corpus or its tables cannot be had, or where the user interrupts."""
    try:
        yield
    except (
        corpus.CorpusError,
        report.ReportError,
        reading.TablesError,
        overrides.OverrideError,
        coding.CodingError,
    ) as error:
        raise _fail(error) from error
    except KeyboardInterrupt as error:
        typer.echo(f"\ninterrupted; {reading.AGAIN}", err=True)
        raise typer.Exit(130) from error


_CORPUS = Annotated[
    Path,
    typer.Option("--corpus", help="The folder of articles; or one file, or a glob such as 'exports/*.csv'."),
]
_STORE = Annotated[
    Path, typer.Option("--store", help="The folder in which loaded articles and measured shards are kept.")
]
_COLUMN = Annotated[
    list[str] | None,
    typer.Option("--column", help="Which column is which field, as title=Headline. May be repeated."),
]
_ORDER = Annotated[str, typer.Option("--date-order", help="Order of numeric dates: DMY, MDY or YMD.")]
_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]
_WORKERS = Annotated[int | None, typer.Option("--workers", min=1, help="Processes; one a core without it.")]


def _settings(columns: list[str] | None, order: str) -> corpus.Settings:
    named = dict(column.partition("=")[::2] for column in columns or [])
    return report.parameters({"columns": named, "date_order": order}, "--column, --date-order").settings


@app.command()
def load(
    corpus_folder: _CORPUS,
    columns: _COLUMN = None,
    date_order: _ORDER = "",
    store: _STORE = brief.STORE.folder,
    workers: _WORKERS = None,
    as_json: _JSON = False,
    strict: Annotated[bool, typer.Option("--strict", help="End with 3 where anything was rejected.")] = False,
) -> None:
    """Read a corpus: what is there, what was rejected and why, what stands twice.

    Ends with 0 where there are articles, with 1 where there are none.
    """
    with _plainly():
        loaded = reading.Store(store).load(
            corpus_folder, _settings(columns, date_order), progress=not as_json, workers=workers
        )
    counts = loaded.counts
    if as_json:
        lost = schema.records(loaded.read("rejected"))
        typer.echo(json.dumps({**counts._asdict(), "folder": str(loaded.folder), "reasons": lost}))
    else:
        _tell(loaded)
    raise typer.Exit(1 if not counts.articles else 3 if strict and counts.rejected else 0)


def _tell(loaded: reading.Corpus) -> None:
    """Print how a corpus was read: the counts, other languages, and each rejected record."""
    typer.echo(loaded.counts.sentence())
    for remark in loaded.counts.remarks:
        typer.echo(remark, err=True)
    spoken = Counter(loaded.read("articles", ["language"])["language"])
    for code, n in sorted(spoken.items()):
        if code not in language.READ:
            typer.echo(f"{n} in {language.name(code)}: kept in the table articles, not measured", err=True)
    for row in schema.records(loaded.read("rejected")):
        where = row["path"] + (f", record {row['record']}" if row["record"] else "")
        typer.echo(f"rejected {where}: {row['reason']}; {row['remedy']}", err=True)


@app.command()
def tables(
    corpus_folder: _CORPUS,
    out: Annotated[Path, typer.Option("--out", help="The folder for the Parquet files, one a table.")],
    columns: _COLUMN = None,
    date_order: _ORDER = "",
    store: _STORE = brief.STORE.folder,
    workers: _WORKERS = None,
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler",
            help="Address of a Dask scheduler, tcp://… or tls://…, whose workers see the store; or local, for worker processes here.",
        ),
    ] = "",
    corrected: Annotated[
        bool,
        typer.Option(
            "--overrides",
            help="With the corrections of data/overrides, as a briefing has them; as measured without it.",
        ),
    ] = False,
    as_json: _JSON = False,
) -> None:
    """Read and measure a corpus and write its tables as Parquet.

    Interrupted, it goes on where it was when it is run again. Ends with 1 where an article could not be measured, which is
    named, and where there are none to measure.
    """
    with _plainly():
        correct = partial(overrides.apply, lines=overrides.read() if corrected else ())
        loaded = reading.Store(store).load(
            corpus_folder, _settings(columns, date_order), progress=not as_json, workers=workers
        )
        with cluster.executor(scheduler, workers=workers) as executor:
            loaded.measure(executor, progress=not as_json, workers=workers)
        loaded.bind()
        for name in schema.TABLES:
            if name != "summary":
                loaded.write(name, out / f"{name}.parquet", correct if corrected else None)
        with loaded.connect(*summary.TABLES) as connection:
            lost = correct(connection).of("stale", "contradictory")
            schema.write_parquet(summary.counted(connection), out / "summary.parquet")
        spoken = loaded.read("articles", ["language"])["language"]
    if as_json:
        typer.echo(json.dumps({**loaded.counts._asdict(), "tables": str(out)}))
    else:
        _tell(loaded)
        typer.echo(f"tables in {out}")
    for one in lost:
        typer.echo(f"not applied: {one.line.place}: {one.note}", err=True)
    if not spoken.isin(language.READ).any():
        raise typer.Exit(1)


@app.command()
def status(
    corpus_folder: _CORPUS,
    columns: _COLUMN = None,
    date_order: _ORDER = "",
    store: _STORE = brief.STORE.folder,
    as_json: _JSON = False,
) -> None:
    """Tell how far the measuring of a corpus is: shards done, stale (measured by another version), failed, missing.

    Ends with 0 where all is done, with 3 where something is to do.
    """
    with _plainly():
        asked = reading.Store(store).corpus(corpus_folder, _settings(columns, date_order))
    if not asked.is_loaded:
        typer.echo(json.dumps({"is_loaded": False}) if as_json else "not loaded as it is now: run tables")
        raise typer.Exit(3)
    found = asked.status()
    if as_json:
        typer.echo(json.dumps({"is_loaded": True, **found._asdict(), **asked.counts._asdict()}))
    else:
        typer.echo(
            f"{found.done} of {len(asked.shards)} shards done, {found.stale} stale, {found.failed} failed, {found.missing} missing"
        )
        for one in found.failures:
            typer.echo(f"failed {one['path']}, record {one['record']}: {one['error']}", err=True)
    raise typer.Exit(0 if found.done == len(asked.shards) else 3)


@app.command()
def prune(store: _STORE = brief.STORE.folder) -> None:
    """Remove what is kept of earlier versions, of corpora as they were and of corpora that no report file names.

    The files of the corpora and the briefings stay. Nothing may be built meanwhile.
    """
    with _plainly():
        size = reading.Store(store).prune(
            brief.corpus(wanted, reading.Store(store)) for wanted in map(report.load, report.find().values())
        )
    typer.echo(f"{size / 1e6:,.1f} MB removed from {store}")


@app.command()
def tone(
    passages: Annotated[
        Path,
        typer.Option(
            "--in", help="A file in JSON lines: each line has text, and start and end of the target."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", help="The Parquet file: a row a line, in the same order, with the tone.")
    ],
) -> None:
    """Tell the tone of passages toward a target: negative, neutral or positive, with a probability for each.

    Characters are counted from 0, end exclusive: text[start:end] is the target. A line that cannot be used stops the
    command, and nothing is written.
    """
    try:
        given = targets.load(passages)
        read = tqdm(tones.of_passages(given), desc="reading", unit="passage", total=len(given))
        found = sorted(read, key=lambda pair: pair[0])
        rows = [{**target._asdict(), **one._asdict()} for target, (_, one) in zip(given, found, strict=True)]
        schema.write_parquet(pa.Table.from_pylist(rows, schema=tones.PASSAGES), out)
    except (corpus.CorpusError, OSError) as error:
        raise _fail(error) from error
    typer.echo(f"{len(given)} passages read; tones in {out}")


@app.command("report")
def build(
    name: Annotated[
        str | None, typer.Argument(help="The report to build; all of reports/*.yml without it.")
    ] = None,
) -> None:
    """Build the briefings that the files reports/*.yml define."""
    try:
        wanted = report.find(name)
    except report.ReportError as error:
        raise _fail(error) from error
    if not wanted:
        raise _fail(
            report.ReportError(f"{report.REPORTS}: no report file; write one such as reports/mine.yml")
        )
    # What runs notebooks takes seconds, for which other commands and each of their processes would wait.
    from analysis import kernels

    kernels.load()
    # A grammar of web addresses in all scripts, which jsonschema reads for a second and no notebook needs, counts as missing.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from analysis import briefing

    failed = 0
    for stem, path in wanted.items():
        try:
            done = briefing.build(stem, path, typer.echo)
        except briefing.ERRORS as error:
            failed += 1
            typer.echo(f"error: {error}", err=True)
            continue
        typer.echo(
            f"{stem}: {'built' if done.is_new else 'nothing changed'}: {done.folder / 'briefing.html'}"
        )
        for remark in done.remarks:
            typer.echo(f"{stem}: no PDF: {remark}", err=True)
    if failed:
        raise typer.Exit(1)


@app.command("code-sheet")
def code_sheet(
    name: Annotated[str, typer.Argument(help="The report, reports/NAME.yml, whose rows are to be coded.")],
    out: Annotated[Path, typer.Option("--out", help="The folder for the sheets of two coders and the key.")],
    n: Annotated[int, typer.Option("--n", min=1, help="Rows a sheet; at least two of each stratum.")] = 100,
    seed: Annotated[int, typer.Option("--seed", help="Another seed draws another sample.")] = 1,
) -> None:
    """Draw a stratified, blind sample for two coders: attributions, threat mentions, tones and whole sentences.

    Send each coder the folder coder-a or coder-b, and keep key.csv from both until they have finished.
    """
    with _plainly():
        wanted = report.load(report.find(name)[name])
        sample = coding.draw(brief.make(wanted), n, seed)
        coding.save(sample, out, wanted.regions)
    sizes = sample.key["sheet"].value_counts()
    typer.echo(", ".join(f"{sizes.get(sheet, 0)} {sheet}" for sheet in coding.SHEETS) + f" to code in {out}")


@app.command("score-sheet")
def score_sheet(
    folder: Annotated[Path, typer.Argument(help="The folder that code-sheet wrote, with the filled sheets.")],
    as_json: _JSON = False,
) -> None:
    """Score filled coding sheets: agreement, precision, recall, corrected counts; writes report.md and tables beside the sheets.

    Where the coders differ, adjudicate.csv lists it: fill its column agreed together, and score again.
    """
    with _plainly():
        found = coding.score(folder)
        coding.tell(found, folder)
    for warning in found.coded.warnings:
        typer.echo(f"warning: {warning}", err=True)
    typer.echo(coding.as_json(found) if as_json else coding.report(found))


@app.command()
def codebook(
    write: Annotated[
        bool, typer.Option("--write", help="Write it into data/README.md instead of printing it.")
    ] = False,
) -> None:
    """Print the codebook: every table, column, type, unit and meaning."""
    if write:
        path = report.ROOT / "data" / "README.md"
        head = path.read_text(encoding="utf-8").split("## Codebook")[0]
        schema.write_atomically(path, f"{head}## Codebook\n\n{schema.codebook()}".encode())
    else:
        typer.echo(schema.codebook())


@app.command("review")
def ask() -> None:
    """Say what a colleague would ask in review of notebooks, lexicons, corrections and report files. Ends with 1 where there is anything."""
    from analysis import review

    found = review.questions()
    for question in found:
        typer.echo(question)
    if found:
        raise typer.Exit(1)


@app.command("evaluate")
def score(
    gold: Annotated[
        list[Path] | None,
        typer.Option(
            "--gold",
            help="A gold file, or a folder with gold corpora of others, measured beside the project's own gold. May be repeated.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="The CSV file for the scores; data/gold/scores.csv where the project's own gold is measured.",
        ),
    ] = None,
    errors: Annotated[
        int,
        typer.Option(
            "--errors",
            min=0,
            help="Print so many differences from gold attributions instead; of the demonstration corpus without --gold.",
        ),
    ] = 0,
) -> None:
    """Score everything against gold data: precision, recall and F1 with 95 % intervals."""
    from analysis import evaluate

    try:
        if errors:
            typer.echo(evaluate.errors(gold, errors))
            return
        found = evaluate.run(gold, lambda line: typer.echo(line, err=True))
    except evaluate.GoldError as error:
        raise _fail(error) from error
    typer.echo(found.round(3).to_string(index=False, na_rep=""))
    if out is None and (not gold or any(p.is_dir() for p in gold)):
        out = evaluate.SCORES
        if lost := evaluate.left_out(found, out):
            typer.echo(
                f"{out} is left as it is, for it also holds {', '.join(lost)}; give the folder of that data with --gold, "
                f"or write with --out {out}",
                err=True,
            )
            return
    if out:
        evaluate.save(found, out)
        typer.echo(f"scores in {out}", err=True)
