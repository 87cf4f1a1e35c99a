"""What the briefing rests on: the articles read and their stories, outlets, gaps, and what could not be read."""

from typing import Any

from markupsafe import Markup

from analysis import schema
from analysis.brief import Brief
from analysis.corpus import language
from analysis.evidence import place_name
from analysis.show import Cell, first_of, listed, plain, sentence, table

#: Share by which the words found may differ from the words that the source declares.
TOLERANCE = 0.1


def cover(brief: Brief) -> Markup:
    """The facts of the briefing: corpus, period, what was read and what was not, and the parameters."""
    p, a = brief.parameters, brief.articles
    period = f"{a['date'].min()} to {a['date'].max()}" if len(a) else "no articles"
    facts = {
        "Corpus": p.corpus,
        "Period asked for": f"{p.period_from or 'first'} to {p.period_to or 'last'} article",
        "Dates of the articles": period,
        "Announced": f"{plain(brief.n_articles, 'article')} + {len(brief.rejected):,} rejected + {plain(len(brief.duplicates), 'duplicate')} = "
        + plain(brief.n_articles + len(brief.rejected) + len(brief.duplicates), "record"),
        "Articles read": f"{len(brief.read):,}, telling {plain(brief.n_stories, 'story', 'stories')}"
        + (f" (and {plain(brief.n_outside, 'article')} outside the period)" if brief.n_outside else ""),
        "Articles in another language": languages_of(brief) + " (kept, not measured)"
        if len(brief.unread)
        else "none",
        "Regions": ", ".join(map(place_name, p.regions)) or "all",
        "Watch list": ", ".join(p.watch_list) or "none",
        "Version": brief.version,
        "Content hash": brief.content_hash,
    }
    items = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(k, v) for k, v in facts.items())
    return Markup(
        '<header class="cover"><p class="kicker">Regional threat briefing</p><h1>{}</h1><dl class="facts">{}</dl></header>'
    ).format(p.title, items)


def corpus(brief: Brief) -> Markup:
    """How much was read."""
    if brief.read.empty:
        return sentence(
            "No article was read; {n} rejected.", n=plain(len(brief.rejected), "record was", "records were")
        )
    outlets = brief.read.loc[brief.read["outlet"] != "", "outlet"].nunique()
    text, read = (
        "{articles} read (outlet not stated), telling {stories}; {rejected} rejected.",
        plain(len(brief.read), "article was", "articles were"),
    )
    if outlets:
        text, read = (
            "{articles} from {outlets} {were} read, telling {stories}; {rejected} rejected.",
            plain(len(brief.read), "article"),
        )
    return sentence(
        text, stories=plain(brief.n_stories, "story", "stories"), articles=read.capitalize(), outlets=plain(outlets, "named outlet"), were="was" if len(brief.read) == 1 else "were",
        rejected=plain(len(brief.rejected), "record was", "records were"),
    )  # fmt: skip


def languages_of(brief: Brief) -> str:
    """The languages of the articles that were not measured, with their numbers: *2 in French and 1 in Korean*."""
    counts = brief.unread["language"].map(language.name).value_counts()
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return str(listed([f"{n:,} in {name}" for name, n in ordered]))


def languages(brief: Brief) -> Markup:
    """Which articles are in another language than English, and how many are too short to tell."""
    short = int((brief.read["language"] == "").sum())
    told = (
        f" {plain(short, 'article is', 'articles are')} too short or too mixed to tell and {'counts' if short == 1 else 'count'} as English."
        if short
        else ""
    )
    if brief.unread.empty:
        return sentence("No article is in another language than English.{told}", told=told)
    return sentence(
        "{n} in another language than English ({which}): {they} kept in the table of articles, in no measure and in no share.{told}",
        n=plain(len(brief.unread), "article is", "articles are").capitalize(), which=languages_of(brief),
        they="it is" if len(brief.unread) == 1 else "they are", told=told,
    )  # fmt: skip


def unread_table(brief: Brief, most: int = 100) -> Markup:
    """The articles in another language, of which nothing was measured."""
    rows = [
        [a["title"], language.name(a["language"]), a["date"], a["outlet"] or "not stated", where(a)]
        for a in schema.records(brief.unread.head(most))
    ]
    if not rows:
        return Markup("")
    more = first_of(len(brief.unread), most, "articles", "articles")
    return table("Articles in another language", ["Title", "Language", "Date", "Outlet", "File"], rows) + more


def articles_table(brief: Brief, most: int = 100) -> Markup:
    """What was read."""
    rows = [
        [a["title"], a["date"], a["outlet"] or "not stated", a["byline"] or "not stated", where(a)]
        for a in schema.records(brief.read.head(most))
    ]
    more = first_of(len(brief.read), most, "articles", "articles")
    return table("Articles read", ["Title", "Date", "Outlet", "Author", "File"], rows) + more


def where(row: dict[str, Any]) -> str:
    """Return where a record stands: its file, and its number where the file holds several."""
    return f"{row['path']}, record {row['record']}" if row["record"] > 1 else str(row["path"])


def outlets_table(brief: Brief, most: int = 50) -> Markup:
    """Articles and stories by outlet."""
    told = brief.read[["article_id", "outlet"]].merge(brief.stories, on="article_id", how="left")
    found = (
        told.assign(outlet=told["outlet"].replace("", "not stated"))
        .groupby("outlet")
        .agg(n=("article_id", "size"), stories=("story_id", "nunique"))
        .reset_index()
        .sort_values(["n", "outlet"], ascending=[False, True])
    )
    return table(
        "Articles by outlet",
        ["Outlet", "Articles", "Stories", "Share of articles"],
        [[o, int(n), int(k), n / len(brief.read)] for o, n, k in found.head(most).itertuples(index=False)],
    ) + first_of(len(found), most, "outlets", "articles")


def stories(brief: Brief) -> Markup:
    """How much of the reporting is copied."""
    n, k = len(brief.read), brief.n_stories
    if n == k:
        return sentence("No article is a copy of another, or nearly one: each tells a story of its own.")
    copied = int((brief.told["n"] > 1).sum())
    return sentence(
        "{articles} tell {stories}: {copied} ({share:.0%}) stand in a story that several articles tell. Two articles tell one story where "
        "at least half of their runs of five words are the same (estimated by MinHash).",
        articles=plain(n, "article").capitalize(), stories=plain(k, "story", "stories"), copied=plain(copied, "article"),
        share=copied / n,
    )  # fmt: skip


def stories_table(brief: Brief, most: int = 50) -> Markup:
    """The stories that several articles tell, the most copied first."""
    told = brief.told[brief.told["n"] > 1].merge(brief.read, on="article_id")
    told = told.sort_values(["n", "date", "story_id"], ascending=[False, True, True], kind="stable")
    every = told["story_id"].unique().tolist()
    rows: list[list[Cell]] = []
    for story in every[:most]:
        group = told[told["story_id"] == story]
        outlets = sorted({o or "not stated" for o in group["outlet"]})
        first = group.iloc[0]
        rows.append([first["title"], first["date"], len(group), ", ".join(outlets)])
    more = first_of(len(every), most, "stories", "stories")
    return (
        table(
            "Stories that several articles tell",
            ["First headline", "First day", "Articles", "Outlets"],
            rows,
        )
        + more
        if rows
        else Markup("")
    )


def completeness(brief: Brief) -> Markup:
    """What the records leave out, and where their length is not the one that their source declares."""
    read = brief.read
    fields = {"Outlet": "outlet", "Author": "byline", "Address": "url"}
    rows: list[list[Cell]] = [["Date of publication", len(read), 1.0 if len(read) else 0.0]]
    rows += [
        [name, int((read[column] != "").sum()), float((read[column] != "").mean()) if len(read) else 0.0]
        for name, column in fields.items()
    ]
    declared = read[read["words_declared"].notna()]
    apart = declared[
        (declared["n_words"] - declared["words_declared"]).abs() > TOLERANCE * declared["words_declared"]
    ]
    said = (
        sentence(
            "{n} the length that the source declares; {apart} by more than {share:.0%} from it: {names}.",
            n=plain(len(declared), "article states", "articles state").capitalize(),
            apart=plain(len(apart), "differs", "differ"), share=TOLERANCE,
            names=listed([f"{where(a)} ({a['n_words']} words, {a['words_declared']} declared)" for a in schema.records(apart.head(10))]),
        )
        if len(declared)
        else sentence("No source declares the length of its articles, so that a body cut short would not be noticed by it.")
    )  # fmt: skip
    return table("What the articles state", ["Field", "Articles", "Share"], rows) + said


def rejected_table(brief: Brief, most: int = 200) -> Markup:
    """What could not be read, why, and what to do."""
    rows = [[where(r), r["reason"], r["remedy"]] for r in schema.records(brief.rejected.head(most))]
    more = first_of(len(brief.rejected), most, "records", "rejected")
    return table("Records rejected", ["Record", "Reason", "What to do"], rows) + more


def duplicates_table(brief: Brief, most: int = 200) -> Markup:
    """Records that are another article once more: same date, outlet, title, author and text."""
    kept = {
        a["article_id"]: where(a) for a in schema.records(brief.articles[["article_id", "path", "record"]])
    }
    rows = [
        [where(r), kept.get(r["article_id"], "an article outside the period")]
        for r in schema.records(brief.duplicates.head(most))
    ]
    more = first_of(len(brief.duplicates), most, "records", "duplicates")
    return table("Duplicates, counted once", ["Record", "The same as"], rows) + more
