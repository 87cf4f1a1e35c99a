"""The share of articles with a threat mention, month by month: what the Geopolitical Risk index publishes of newspapers."""

from typing import Any

from markupsafe import Markup

from analysis.brief import Brief
from analysis.show import Cell, count, note, number, plain, sentence, table
from analysis.summary import FEWEST


def share(brief: Brief) -> Markup:
    """How many articles name a threat, and what that has to do with the Geopolitical Risk index."""
    found, read = brief.number("threats"), len(brief.read)
    part = f" ({100 * found['n_articles'] / read:.0f} %)" if read >= FEWEST else ""
    return sentence(
        "{n} of {read}{part} {hold} at least one threat mention that the text does not deny ({mentions}); the Geopolitical Risk index of "
        "Caldara and Iacoviello (American Economic Review, 2022) is a share of this kind, of newspaper articles that match its own word lists, "
        "and parts threats (its categories 1 to 5) from acts (6 to 8) as the table does, so that the course over months can be set beside it, but not the level.",
        n=found["n_articles"], read=plain(read, "article"), part=part, hold="holds" if found["n_articles"] == 1 else "hold",
        mentions=count(found, "mention"),
    )  # fmt: skip


def share_table(brief: Brief) -> Markup:
    """Threat mentions by month, and the share of the month's articles that hold one."""
    in_month = brief.read["date"].str[:7].value_counts().sort_index()
    columns = {
        "Mentions": "threats_by_month",
        "Threats (1–5)": "gpr_threats_by_month",
        "Acts (6–8)": "gpr_acts_by_month",
    }
    enough = bool((in_month >= FEWEST).any())
    rows: list[list[Cell]] = []
    for month, n in in_month.items():
        cells: list[Cell] = [str(month), int(n)]
        for measure in columns.values():
            row = brief.number(measure, str(month))
            cells += [number(row), _share(row, int(n))] if enough else [number(row)]
        rows.append(cells)
    heads = [head for name in columns for head in ([name, "Share"] if enough else [name])]
    few = (
        note(f"No share is printed for a month of fewer than {FEWEST} articles.")
        if (in_month < FEWEST).any()
        else Markup("")
    )
    return (
        table(
            "Threat mentions by month, and the share of articles that hold one",
            ["Month", "Articles", *heads],
            rows,
        )
        + few
    )


def _share(row: dict[str, Any], n: int) -> float | None:
    return int(row["n_articles"]) / n if n >= FEWEST else None
