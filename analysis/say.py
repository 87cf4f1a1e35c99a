"""The briefing's sentences: every number in them is computed and links to its evidence."""

from markupsafe import Markup

from analysis import coverage, figures, schema, toward
from analysis.brief import Brief
from analysis.evidence import place_name
from analysis.schema import CATEGORIES, LIKELIHOODS
from analysis.show import Cell, caveat, clip, count, first_of, listed, note, number, plain, sentence, table
from analysis.summary import JOIN, grid

#: Experts, regions and the like that a table shows; the table ``summary`` has all.
SHOWN = 50


def bottom_line(brief: Brief) -> Markup:
    """What a reader in a hurry takes away."""
    lines = [
        coverage.corpus(brief),
        experts(brief),
        likelihoods(brief),
        regions(brief),
        actors(brief),
        toward.tone(brief),
        wording(brief),
    ]
    items = Markup("").join(
        Markup("<li>{}</li>").format(Markup(line.removeprefix("<p>").removesuffix("</p>"))) for line in lines
    )
    one = (
        caveat("There is one article: counts describe it alone, and no trend is drawn.")
        if len(brief.read) == 1
        else Markup("")
    )
    return Markup('<div class="bottom-line"><ul>{}</ul></div>{}').format(items, one)


def experts(brief: Brief) -> Markup:
    """Who is cited as an expert, the unnamed apart."""
    found = schema.records(brief.numbers("attributions_by_expert"))
    unnamed = count(brief.number("unnamed_expert_attributions"), "statement is", "statements are")
    names = [Markup("{} ({})").format(row["group"], number(row)) for row in found[:5]]
    if not found:
        return sentence("No named expert is cited; {unnamed} attributed to unnamed experts.", unnamed=unnamed)
    if rest := len(found) - len(names):
        names.append(Markup(plain(rest, "other")))
    return sentence(
        "{n} cited with {total}: {names}; {unnamed} attributed to unnamed experts.",
        n=plain(len(found), "named expert is", "named experts are").capitalize(),
        total=count(brief.number("expert_attributions"), "statement"), names=listed(names), unnamed=unnamed,
    )  # fmt: skip


def likelihoods(brief: Brief) -> Markup:
    """How sure the experts are, on the scale of ICD 203."""
    stated = [
        brief.number("expert_attributions_by_likelihood", band) for band in LIKELIHOODS if band != "none"
    ]
    parts = [Markup("{} ({})").format(row["group"], number(row)) for row in stated if row["n_rows"]]
    if not parts:
        return sentence("No expert's statement carries a term of likelihood.")
    without = brief.number("expert_attributions_by_likelihood", "none")
    none = (
        Markup("{} no such term").format(count(without, "statement carries", "statements carry"))
        if without["n_rows"]
        else "every statement carries such a term"
    )
    return sentence(
        "In experts' statements the likelihood stated is {parts}; {none}.", parts=listed(parts), none=none
    )


def regions(brief: Brief) -> Markup:
    """Which regions are named with threats."""
    found = schema.records(brief.numbers("threats_by_region"))
    every, denied = brief.number("threats"), brief.number("threats_denied")
    total = count(every, "threat mention was", "threat mentions were")
    names = [Markup("{} ({})").format(place_name(row["group"]), number(row)) for row in found[:4]]
    if not every["n_rows"]:
        total, named = Markup("No threat mention was"), Markup("")
    elif not names:
        named = Markup("; it names no region" if every["n_rows"] == 1 else "; none names a region")
    elif len(found) == 1:
        named = Markup("; the region named is {}").format(names[0])
    else:
        often = " most often" if len(found) > len(names) else ""
        named = Markup("; the regions named{} are {}").format(often, listed(names))
    apart = (
        Markup("; {} that the text denies {} counted apart").format(
            number(denied), "is" if denied["n_rows"] == 1 else "are"
        )
        if denied["n_rows"]
        else ""
    )
    return sentence("{total} found{named}{apart}.", total=total, named=named, apart=apart)


def actors(brief: Brief) -> Markup:
    """Who is named as the one who threatens."""
    found = schema.records(brief.numbers("threats_by_actor"))
    names = [Markup("{} ({})").format(place_name(row["group"]), number(row)) for row in found[:3]]
    if not names:
        return sentence("Nobody is named as the one who threatens.")
    return sentence("Named most often as the one who threatens: {names}.", names=listed(names))


def wording(brief: Brief) -> Markup:
    """How the sentences are worded; this is not tone toward anyone."""
    if not brief.number("sentences")["n_rows"]:
        return sentence("There is no sentence whose wording could be told.")
    parts = [
        Markup("{} {}").format(number(brief.number("sentences_by_wording", w)), w)
        for w in ("negative", "neutral", "positive")
    ]
    return sentence("Of {n}, TextBlob's lexicon calls the wording of {parts}; that is no judgement of anyone.",
                    n=count(brief.number("sentences"), "sentence"), parts=listed(parts))  # fmt: skip


def experts_table(brief: Brief, most: int = SHOWN) -> Markup:
    """Who, role, affiliation, statements, and how likely they call it; the watch list is in it, cited or not."""
    every = brief.numbers("attributions_by_expert")
    people = brief.query(_FIRST_NAMED, {"names": every["group"].head(most).tolist()})
    known = {row["speaker"]: row for row in schema.records(people)}
    rows: list[list[Cell]] = []
    for row in schema.records(every.head(most)):
        who = known.get(row["group"], {"role": "", "affiliation": ""})
        bands = [
            Markup("{} ({})").format(b, number(n))
            for b in LIKELIHOODS
            if (n := brief.number("likelihood_by_expert", row["group"] + JOIN + b))["n_rows"]
        ]
        rows.append(
            [row["group"], who["role"], who["affiliation"], number(row), row["n_articles"], listed(bands)]
        )
    cited = set(every["group"])
    rows += [
        [name, "on the watch list; not cited as an expert", "", Markup("0"), 0, ""]
        for name in brief.parameters.watch_list
        if name not in cited
    ]
    more = first_of(len(every), most, "experts", "summary")
    heads = ["Expert", "Role", "Affiliation", "Statements", "Articles", "Likelihood"]
    return table("Named experts", heads, rows) + more


#: Role and affiliation of a speaker as the first article that names them has it.
_FIRST_NAMED = """
SELECT speaker, role, affiliation
FROM speakers JOIN articles USING (article_id)
WHERE is_named AND speaker IN (SELECT unnest($names))
QUALIFY row_number() OVER (PARTITION BY speaker ORDER BY date, path, record, article_id, speakers.start) = 1
"""


def statements_table(brief: Brief, most: int = 40) -> Markup:
    """What the experts said, in their own spans, clipped to 25 words; every row leads to its sentence."""
    (n,) = brief.query("SELECT count(*) AS n FROM attributions WHERE is_expert")["n"]
    found = brief.query(f"{brief.table('attributions', 'is_expert')} LIMIT {most:d}")
    rows = [
        [
            row["speaker"] or row["source"],
            Markup('<a href="#e-{}">{}</a>').format(row["id"], clip(" … ".join(row["content"]))),
            row["likelihood"],
        ]
        for row in schema.records(found)
    ]
    more = first_of(int(n), most, "statements", "attributions")
    return table("What they said", ["Expert", "Content", "Likelihood"], rows) + more


def source_types_chart(brief: Brief) -> Markup:
    """Attributions by type of source."""
    found = brief.numbers("attributions_by_source_type")
    if found.empty:
        return note("No attributions, so no chart.")
    top, total = int(found["n_rows"].max()), brief.number("attributions")["n_rows"]
    first = listed(found.loc[found["n_rows"] == top, "group"].tolist())
    title = f"Sources of the type {first} are cited most often: {top} of {total} statements" + (
        " each" if " and " in first else ""
    )
    return figures.bars(
        dict(zip(found["group"], found["n_rows"].astype(int), strict=True)), title, unit="attributions"
    )


def source_types_table(brief: Brief) -> Markup:
    """The numbers of the chart, each with its evidence."""
    rows = [
        [row["group"], number(row), row["n_articles"]]
        for row in schema.records(brief.numbers("attributions_by_source_type"))
    ]
    return table("Attributions by type of source", ["Type of source", "Attributions", "Articles"], rows)


def wording_chart(brief: Brief) -> Markup:
    """The distribution of polarity over sentences."""
    n, mean, _ = _wording(brief, "true")
    if not n:
        return note("No sentences, so no chart.")
    side = "slightly positive" if mean > 0.02 else "slightly negative" if mean < -0.02 else "balanced"
    title = f"The wording of the sentences is {side} on average (mean polarity {mean:+.2f})"
    bins = brief.query(_BINS).set_index("bin")["n"].reindex(range(20), fill_value=0)
    return figures.histogram(
        bins.astype(int).tolist(), title, axis="polarity, from negative to positive", unit="sentences"
    )


#: Sentences by polarity in twenty bins of 0.1 from -1, each with its upper edge; the first has its lower edge too.
_BINS = """
SELECT greatest(ceil(round((polarity + 1) * 10, 6)), 1)::INTEGER - 1 AS bin, count(*) AS n
FROM sentences GROUP BY bin ORDER BY bin
"""


def _wording(brief: Brief, condition: str) -> tuple[int, float, float]:
    """Return the number of the sentences that meet a condition, and the means of their polarity and subjectivity.

    The sums are of whole numbers, so that their order does not matter.
    """
    found = brief.query(
        "SELECT count(*) AS n, sum(round(polarity * 1e9)::BIGINT)::DOUBLE AS p, sum(round(subjectivity * 1e9)::BIGINT)::DOUBLE AS s "
        f"FROM sentences WHERE {condition}"
    ).iloc[0]
    n = int(found["n"])
    return (n, float(found["p"]) / n / 1e9, float(found["s"]) / n / 1e9) if n else (0, 0.0, 0.0)


def wording_table(brief: Brief) -> Markup:
    """How the wording of experts' sentences compares with all."""
    kinds = {
        "all sentences": "true",
        "sentences with an expert's statement": "(article_id, start) IN (SELECT (article_id, start) FROM attributions WHERE is_expert)",
        "sentences with a threat": "(article_id, start) IN (SELECT (article_id, sentence_start) FROM threats)",
    }
    rows: list[list[Cell]] = [
        [name, *found] for name, condition in kinds.items() if (found := _wording(brief, condition))[0]
    ]
    return table(
        "Mean wording by kind of sentence", ["Sentences", "Number", "Polarity", "Subjectivity"], rows
    )


def extremes_table(brief: Brief, most: int = 5) -> Markup:
    """The sentences with the most negative and the most positive wording, clipped to 25 words."""
    rows: list[list[Cell]] = []
    for side, order in (("<", "ASC"), (">", "DESC")):
        found = brief.query(
            f"SELECT id, text, polarity FROM sentences WHERE polarity {side} 0 ORDER BY polarity {order}, id {order} LIMIT {most:d}"
        )
        rows += [
            [Markup('<a href="#e-{}">{}</a>').format(r["id"], clip(r["text"])), float(r["polarity"])]
            for r in schema.records(found)
        ]
    return table("The most negative and the most positive wording", ["Sentence", "Polarity"], rows)


def regions_chart(brief: Brief, most: int = 12) -> Markup:
    """Threat mentions by region and category."""
    counts = grid(brief.summary, "threats_by_region_and_category")
    if counts.empty:
        return note("No threat mention names a region, so there is no chart.")
    shown = counts.head(most).rename(index=place_name)
    shown = shown[[c for c in CATEGORIES if c in shown.columns and shown[c].sum()]]
    top = brief.numbers("threats_by_region").iloc[0]
    every = brief.numbers("threats_by_region")
    tied = [place_name(g) for g in every.loc[every["n_rows"] == top["n_rows"], "group"]]
    verb, each = ("is", "") if len(tied) == 1 else ("are", " each")
    title = (
        f"{listed(tied)} {verb} named most often with threats: {plain(int(top['n_rows']), 'mention')}{each}"
    )
    return figures.stacked(shown, title, unit="threat mentions")


def regions_table(brief: Brief, most: int = SHOWN) -> Markup:
    """Region by category, every number with its evidence."""
    every = grid(brief.summary, "threats_by_region_and_category")
    counts = every.head(most)
    columns = [c for c in CATEGORIES if c in counts.columns]
    rows = [
        [
            place_name(region),
            *(number(brief.number("threats_by_region_and_category", region + JOIN + c)) for c in columns),
            number(brief.number("threats_by_region", region)),
        ]
        for region in counts.index
    ]
    return table(
        "Threat mentions by region and category",
        ["Region", *(c.replace("_", " ") for c in columns), "all"],
        rows,
    ) + first_of(len(every), most, "regions", "summary")


def small_table(brief: Brief, measure: str, caption: str, head: str, most: int = SHOWN) -> Markup:
    """One measure as a table of two columns."""
    every = brief.numbers(measure)
    rows = [
        [place_name(row["group"]).replace("_", " "), number(row), row["n_articles"]]
        for row in schema.records(every.head(most))
    ]
    return table(caption, [head, "Mentions", "Articles"], rows) + first_of(
        len(every), most, "rows", "summary"
    )
