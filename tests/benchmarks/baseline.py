"""What a user would run instead: a loop of TextBlob and a blank pipeline of spaCy over the same files, pandas for the counts.

It needs spaCy, TextBlob and pandas with pyarrow, papermill for empty notebooks, and nothing of the suite.
"""

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

STATES = (
    "Ukraine Russia China Taiwan Japan Korea Iran Israel Lebanon Syria Iraq Yemen Turkey Greece Serbia Kosovo Poland Lithuania Estonia "
    "Finland Belarus Moldova Armenia Azerbaijan India Pakistan Afghanistan Myanmar Vietnam Ethiopia Somalia Sudan Mali Niger Nigeria "
    "Egypt Libya Venezuela Colombia"
).split()


def articles(folder: Path) -> dict[str, Any]:
    """Score each sentence of the articles in a folder of text files, and count the states named by month."""
    import pandas as pd
    import spacy  # type: ignore[import-not-found, unused-ignore]
    from textblob import TextBlob

    start = time.perf_counter()
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    sentences, named, n_words = [], [], 0
    for path in sorted(folder.glob("*.txt")):
        head, _, text = path.read_text(encoding="utf-8").partition("\n")
        month = head.removeprefix("date ")[:7]
        n_words += len(text.split())
        document = pipeline(text)
        named += [(path.name, month, token.text) for token in document if token.text in STATES]
        for sentence in document.sents:
            found = TextBlob(sentence.text).sentiment
            sentences.append((path.name, month, found.polarity, found.subjectivity))
    scored = pd.DataFrame(sentences, columns=["path", "month", "polarity", "subjectivity"])
    counted = pd.DataFrame(named, columns=["path", "month", "state"])
    counts = counted.groupby(["state", "month"])["path"].agg(["size", "nunique"])
    scored.groupby("month")["polarity"].mean()
    used = {name: version(name) for name in ("spacy", "textblob", "pandas")}
    return {
        "seconds": time.perf_counter() - start,
        "n_words": n_words,
        "sentences": len(scored),
        "groups": len(counts),
        "versions": used,
    }


def weeks(folder: Path) -> dict[str, Any]:
    """Count threat mentions by region and week from folders of Parquet files."""
    import pandas as pd

    start = time.perf_counter()
    read = pd.read_parquet(folder / "articles", columns=["article_id", "date"])
    threats = pd.read_parquet(folder / "threats", columns=["article_id", "regions", "is_negated"])
    stated = threats[~threats["is_negated"]].explode("regions")
    day = pd.to_datetime(read["date"]).dt.isocalendar()
    read["week"] = day["year"].astype(str) + "-W" + day["week"].astype(str).str.zfill(2)
    both = stated.merge(read, on="article_id")
    counts = both.groupby(["regions", "week"])["article_id"].agg(["size", "nunique"])
    return {
        "seconds": time.perf_counter() - start,
        "groups": len(counts),
        "mentions": int(counts["size"].sum()),
        "versions": {"pandas": version("pandas")},
    }


def notebooks(folder: Path) -> dict[str, Any]:
    """Run copies of the notebooks in a folder, without their code, one after another."""
    import nbformat
    import papermill

    start = time.perf_counter()
    done = 0
    for path in sorted(folder.glob("*.ipynb")):
        notebook = nbformat.read(path, 4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.source, cell.outputs = "", []
        empty = folder / f"{path.stem}.empty"
        nbformat.write(notebook, empty)
        papermill.execute_notebook(str(empty), str(empty), progress_bar=False)
        done += 1
    return {
        "seconds": time.perf_counter() - start,
        "notebooks": done,
        "versions": {"papermill": version("papermill")},
    }


TASKS = {task.__name__: task for task in (articles, weeks, notebooks)}


def main() -> None:
    """Measure what the command line asks for, and print a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    print(json.dumps(TASKS[given.task](given.folder)))


if __name__ == "__main__":
    main()
