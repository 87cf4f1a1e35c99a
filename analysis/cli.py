"""The command line: ``python -m analysis`` reads a corpus into tables and builds briefings."""

from pathlib import Path
from typing import Annotated

import typer

from analysis import briefing, corpus, evaluate, report, schema, summary
from analysis import tables as reading

app = typer.Typer(
    help="From a folder of news articles to a briefing that can be defended.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _fail(error: Exception) -> typer.Exit:
    typer.echo(f"error: {error}", err=True)
    return typer.Exit(1)


@app.command()
def tables(
    corpus_folder: Annotated[Path, typer.Option("--corpus", help="The folder of articles.")],
    out: Annotated[Path, typer.Option("--out", help="The folder for the Parquet files, one a table.")],
) -> None:
    """Read a corpus and write its tables as Parquet."""
    try:
        found = reading.build(corpus_folder, progress=True)
    except corpus.CorpusError as error:
        raise _fail(error) from error
    found["summary"] = summary.numbers(
        found["articles"], found["attributions"], found["threats"], found["sentences"]
    )
    for name, frame in found.items():
        schema.write(frame, out, name)
    typer.echo(
        f"{len(found['articles'])} articles read, {len(found['rejected'])} files rejected; tables in {out}"
    )
    for row in schema.records(found["rejected"]):
        typer.echo(f"rejected {row['path']}: {row['reason']}; {row['remedy']}", err=True)
    if found["articles"].empty:
        raise typer.Exit(1)


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


@app.command("evaluate")
def score(
    gold: Annotated[
        Path,
        typer.Option("--gold", help="A gold file in JSON lines, perhaps gzipped: text and attributions."),
    ],
) -> None:
    """Score the reader's attributions against a gold file: precision, recall and F1 with 95 % intervals."""
    typer.echo(evaluate.attributions(evaluate.load(gold)).round(3).to_string(index=False))
