"""Tone toward persons, states and bodies: its sentences, chart and tables. The wording of sentences is another measure."""

import math

import pandas as pd
from markupsafe import Markup

from analysis import figures, schema
from analysis.brief import Brief
from analysis.schema import TONES
from analysis.show import Cell, count, excerpt, listed, note, number, plain, sentence, table
from analysis.summary import FEWEST, JOIN, negative_shares

#: What a reader calls the types of targets, in the singular and the plural.
TYPES = {"person": ("person", "persons"), "state": ("state", "states"), "organisation": ("body", "bodies")}
#: Negative, neutral, positive: orange, grey and blue are told apart by the colour-blind.
_COLOURS = ("#D55E00", "#8C8C8C", "#0072B2")


def tone(brief: Brief) -> Markup:
    """In what tone persons, states and bodies are named, and toward whom it is negative most often."""
    total = brief.number("tones")
    if not total["n_rows"]:
        return sentence("No person, state or body is named, so there is no tone to tell.")
    negative, neutral, positive = (number(brief.number("tones_by_tone", t)) for t in TONES)
    worst = [
        Markup("{} ({} of {})").format(
            target,
            number(brief.number("tones_by_target", target + JOIN + "negative")),
            number(brief.number("mentions_by_target", target)),
        )
        for target in most_negative(brief)
    ]
    return sentence(
        "The tone toward persons, states and bodies is negative in {negative} of {total}, neutral in {neutral} and positive in {positive}{most}.",
        negative=negative, neutral=neutral, positive=positive, total=count(total, "mention"),
        most=Markup("; it is negative most often toward {}").format(listed(worst)) if worst else "",
    )  # fmt: skip


def named(brief: Brief) -> Markup:
    """How many persons, states and bodies are named."""
    parts, typed = [], brief.query("SELECT DISTINCT target, target_type FROM tones")
    for kind, words in TYPES.items():
        many = plain(len(typed[typed["target_type"] == kind]), *words)
        found = brief.number("tones_by_type", kind)
        parts.append(Markup("{} in {}").format(many, count(found, "mention")) if found["n_rows"] else many)
    return sentence("Named are {parts}.", parts=listed(parts))


def chart(brief: Brief, most: int = 12) -> Markup:
    """The targets named most often, by tone."""
    found = negative_shares(brief.summary)
    if found.empty:
        return note("No person, state or body is named, so there is no chart.")
    top = found.sort_values(
        ["n_negative", "n", "target"], ascending=[False, False, True], kind="stable"
    ).iloc[0]
    tied = found.loc[found["n_negative"] == top["n_negative"], "target"].tolist()
    if not top["n_negative"]:
        first = found.iloc[0]
        title = f"The tone is negative toward nobody; {first['target']} is named most often: {plain(int(first['n']), 'mention')}"
    elif len(tied) > 1:
        title = f"The tone is negative most often toward {listed(tied[:4])}: {plain(int(top['n_negative']), 'mention')} each"
    else:
        title = f"The tone is negative most often toward {top['target']}: {int(top['n_negative'])} of {plain(int(top['n']), 'mention')}"
    shown = found.head(most).set_index("target")[[f"n_{t}" for t in TONES]].set_axis(list(TONES), axis=1)
    return figures.stacked(shown, title, unit="mentions", colours=_COLOURS)


def targets_table(brief: Brief, kind: str) -> Markup:
    """The targets of a type that are named most often, by tone; every number with its evidence."""
    counts = negative_shares(brief.summary)
    shares = dict(zip(counts["target"], counts["share_negative"].tolist(), strict=True))
    rows: list[list[Cell]] = []
    for target in targets(brief, kind):
        of_all = brief.number("mentions_by_target", target)
        rows.append(
            [
                target,
                *(number(brief.number("tones_by_target", target + JOIN + t)) for t in TONES),
                number(of_all),
                int(of_all["n_articles"]),
                None if math.isnan(shares[target]) else shares[target],
            ]
        )
    if kind == "person":
        missing = [name for name in brief.parameters.watch_list if name not in shares]
        rows += [[name, *[Markup("0")] * 4, 0, None] for name in missing]
    one, many = TYPES[kind]
    every, shown = int((types(brief) == kind).sum()), len(targets(brief, kind))
    remarks = (
        [f"These are {shown} of {plain(every, one, many)}, those named most often."] if every > shown else []
    )
    remarks += (
        [f"No share is printed below {FEWEST} mentions."] if any(row[-1] is None for row in rows) else []
    )
    heads = [one.capitalize(), "Negative", "Neutral", "Positive", "Mentions", "Articles", "Share negative"]
    if all(row[-1] is None for row in rows):
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    return table(f"Tone toward {many}", heads, rows) + (note(" ".join(remarks)) if remarks else "")


def clearest_table(brief: Brief, most: int = 5) -> Markup:
    """The mentions whose tone is told most surely, negative first, each in an excerpt of its sentence."""
    rows: list[list[Cell]] = []
    for mood in ("negative", "positive"):
        found = brief.query(
            f"SELECT * FROM tones WHERE tone = '{mood}' ORDER BY p_{mood} DESC, id LIMIT {most:d}"
        )
        texts = brief.texts(found["article_id"].unique().tolist())
        for row in schema.records(found):
            first, last = int(row["sentence_start"]), int(row["sentence_end"])
            words = excerpt(
                texts[row["article_id"]][first:last], int(row["start"]) - first, int(row["end"]) - first
            )
            link = Markup('<a href="#e-{}">{}</a>').format(row["id"], words)
            rows.append([f"{mood} toward {row['target']} ({row[f'p_{mood}']:.2f})", link])
    return table("The clearest tones, with their probability", ["Tone", "Sentence"], rows)


def types(brief: Brief) -> pd.Series:
    """Return the type of each target by its name: the one that most of its mentions have."""
    counts = brief.query("SELECT target, target_type, count(*) AS n FROM tones GROUP BY ALL")
    ordered = counts.sort_values(["n", "target_type"], ascending=[False, True], kind="stable")
    return ordered.drop_duplicates("target").set_index("target")["target_type"]


def most_negative(brief: Brief, most: int = 3) -> list[str]:
    """Return the targets that are named most often in a negative tone."""
    found = negative_shares(brief.summary)
    ordered = found[found["n_negative"] > 0].sort_values(
        ["n_negative", "n", "target"], ascending=[False, True, True], kind="stable"
    )
    return ordered["target"].head(most).tolist()


def targets(brief: Brief, kind: str, most: int = 10) -> list[str]:
    """Return the targets of a type whose numbers are printed: the most mentioned, the most negative, the watch list."""
    known, found = types(brief), negative_shares(brief.summary)
    mine = [t for t in found["target"] if known[t] == kind]
    always = {*mine[:most], *most_negative(brief), *brief.parameters.watch_list}
    return [target for target in mine if target in always]
