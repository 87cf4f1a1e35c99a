"""A blind sample for two coders: what each is sent, and the key that says which rows they are and what the machine says of them."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis import measure, text
from analysis.brief import Brief
from analysis.coding import frames, writing
from analysis.coding.errors import CodingError
from analysis.coding.questions import SHEETS

CODERS = ("a", "b")
KEY, FRAME, ADJUDICATE = "key.csv", "frame.csv", "adjudicate.csv"
#: Sentences that are shown before and after a passage.
BEFORE, AFTER = 2, 1


class Sample(NamedTuple):
    """What was drawn: the key, the counts of all that could be drawn, and by sheet the rows that coders see."""

    key: pd.DataFrame
    frame: pd.DataFrame
    shown: dict[str, pd.DataFrame]


def draw(brief: Brief, n: int = 100, seed: int = 1) -> Sample:
    """Return a stratified sample of about ``n`` rows a sheet. Raises ``CodingError`` where there is nothing to code."""
    frame = frames.counts(brief.connection)
    if frame.empty:
        raise CodingError(
            "no row to code: no article of the report was measured; choose another corpus or period"
        )
    made = frames.identity(brief.connection)
    keys, shown = [], {}
    for name in SHEETS:
        mine = frame[frame["sheet"] == name].groupby("stratum")["n"].sum()
        sizes = {str(stratum): int(size) for stratum, size in mine.items()}
        rows = frames.draw(brief.connection, name, frames.allocate(sizes, n), seed)
        rows["row"] = [_row_id(made, seed, name, one) for one in rows["id"]]
        rows["weight"] = rows["stratum"].map(sizes).astype(float) / rows["n_sample"].astype(float)
        rows["n_frame"] = rows["stratum"].map(sizes).astype("Int64")
        keys.append(rows.assign(sheet=name))
        shown[name] = _shown(brief, rows)
    key = pd.concat(keys).assign(tables=made, version=measure.version(), seed=seed)
    names = [
        "sheet",
        "row",
        "stratum",
        "n_frame",
        "n_sample",
        "weight",
        "article_id",
        "id",
        *frames.ASKED,
        "tables",
        "version",
        "seed",
    ]
    key = (
        key.reindex(columns=names)
        .fillna(dict.fromkeys(frames.ASKED, ""))
        .sort_values(["sheet", "row"], ignore_index=True)
    )
    return Sample(key, frame, shown)


def save(sample: Sample, folder: Path, regions: Sequence[str] = ()) -> None:
    """Write a sample: a folder a coder, with the same rows in an order of its own, and the key beside them.

    Raises ``CodingError`` where the folder holds a sample already: what coders filled in is never overwritten.
    """
    taken = [
        name for name in (KEY, FRAME, ADJUDICATE, *map(coder_folder, CODERS)) if (folder / name).exists()
    ]
    if taken:
        raise CodingError(
            f"{folder} holds {taken[0]} already, which coders may have filled in; give another folder with --out"
        )
    for coder in CODERS:
        rows = {name: _shuffled(shown, coder) for name, shown in sample.shown.items()}
        writing.write(folder / coder_folder(coder), rows, regions)
    writing.save_csv(sample.frame, folder / FRAME)
    writing.save_csv(sample.key, folder / KEY)


def coder_folder(coder: str) -> str:
    """Return the name of the folder that a coder is sent."""
    return f"coder-{coder}"


def _row_id(made: str, seed: int, sheet: str, one: str) -> str:
    """Return a name for a row that tells nothing of it, and is the name of no row in a sample of other tables."""
    return f"{sheet[:2]}-{hashlib.sha256(f'{made} {seed} {sheet} {one}'.encode()).hexdigest()[:10]}"


def _shuffled(rows: pd.DataFrame, coder: str) -> pd.DataFrame:
    order = [hashlib.sha256(f"{coder} {row}".encode()).hexdigest() for row in rows["row"]]
    return rows.assign(order=order).sort_values("order", ignore_index=True).drop(columns="order")


def _shown(brief: Brief, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what coders see of rows: article, passage with its marks, and the sentences around it."""
    about = brief.articles.set_index("article_id")
    texts = brief.texts(sorted(set(rows["article_id"])))
    spans = {article: text.sentences(whole) for article, whole in texts.items()}
    found = []
    for row in rows.to_dict("records"):
        article = row["article_id"]
        whole, first, last = texts[article], int(row["first"]), int(row["last"])
        before = [span for span in spans[article] if span[1] <= first][-BEFORE:]
        after = [span for span in spans[article] if span[0] >= last][:AFTER]
        found.append(
            {
                "row": row["row"],
                **{name: str(about.at[article, name]) for name in ("date", "outlet", "title")},
                "before": whole[before[0][0] : first].strip() if before else "",
                "passage": _marked(whole, first, last, zip(row["marks_start"], row["marks_end"], strict=True)),
                "after": whole[last : after[-1][1]].strip() if after else "",
            }
        )  # fmt: skip
    return pd.DataFrame(found, columns=writing.SHOWN)


def _marked(whole: str, first: int, last: int, marks: Iterable[tuple[int, int]]) -> str:
    parts, at = [], first
    for start, end in sorted((int(start), int(end)) for start, end in marks):
        parts += [whole[at:start], writing.OPEN, whole[start:end], writing.CLOSE]
        at = end
    return "".join([*parts, whole[at:last]])
