"""The command line: ``python -m analysis`` reads a corpus into tables and builds briefings."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer
from tqdm import tqdm

from analysis import briefing, corpus, evaluate, report, schema, summary, tones
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
        found["articles"], found["attributions"], found["threats"], found["sentences"], found["tones"]
    )
    for name, frame in found.items():
        schema.write(frame, out, name)
    spoken = found["articles"]["language"]
    others = spoken[~spoken.isin(language.READ)]
    typer.echo(
        f"{len(spoken) - len(others)} articles read, {len(found['rejected'])} files rejected; tables in {out}"
    )
    for code, n in sorted(Counter(others).items()):
        typer.echo(f"{n} in {language.name(code)}: kept in the table articles, not measured", err=True)
    for row in schema.records(found["rejected"]):
        typer.echo(f"rejected {row['path']}: {row['reason']}; {row['remedy']}", err=True)
    if len(spoken) == len(others):
        raise typer.Exit(1)


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
