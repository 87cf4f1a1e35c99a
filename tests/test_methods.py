"""What the briefing says of its own errors, and of the share of articles with a threat."""

import re
from pathlib import Path

import pytest

from analysis import methods, report, risk, schema, summary
from analysis.brief import Brief, of

HEAD = "measure,unit,data,n,precision,recall,f1,low,high\n"
SCORES = HEAD + (
    "source,token,demo,1200,1.0,1.0,1.0,1.0,1.0\n"
    "source,token,news dev,1200,0.91,0.89,0.9,0.88,0.92\n"
    "cue,token,news dev,1100,0.8,0.7,0.75,,\n"
    "tone,accuracy,<b>held out</b>,1146,,,0.784,0.76,0.8\n"
)


def test_the_scores_are_said_and_printed(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(SCORES, encoding="utf-8")
    page = str(methods.scores(path))
    assert "on news dev and &lt;b&gt;held out&lt;/b&gt;." in page
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", page)]
    assert rows[1] == ["source", "token", "news dev", "1200", "0.91", "0.89", "0.90", "0.88–0.92"]
    assert rows[2][-2:] == ["0.75", ""]
    assert rows[3][4:] == ["", "", "0.78", "0.76–0.80"]


@pytest.mark.parametrize("content", [None, HEAD, HEAD + "cue,token,demo,9,1.0,1.0,1.0,1.0,1.0\n"])
def test_without_scores_a_sentence_says_so(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "scores.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert "There are no scores" in str(methods.scores(path))


def test_a_file_with_other_columns_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("measure,f1\nx,1\n", encoding="utf-8")
    with pytest.raises(
        report.ReportError, match=r"s\.csv: the column unit, data, n, .* is missing; write the file anew"
    ):
        methods.scores(tmp_path / "s.csv")


NUMBERS = {"record": 1, "n_words": 1, "words_declared": None}


def brief_of(months: dict[str, int], mentions: list[tuple[int, str, bool, int | None]]) -> Brief:
    """Return a brief of so many articles a month and of mentions (number of the article, kind, denied, gpr)."""
    dates = [f"{month}-01" for month, n in months.items() for _ in range(n)]
    blank = dict.fromkeys((c.name for c in schema.TABLES["articles"]), "") | NUMBERS
    articles = [{**blank, "article_id": f"x{i}", "date": d, "language": "en"} for i, d in enumerate(dates)]
    articles.append({**blank, "article_id": "k", "date": "2024-01-02", "language": "ko"})
    columns = {c.name: None for c in schema.TABLES["threats"]}
    threats = [
        {**columns, "article_id": f"x{i}", "kind": kind, "is_negated": denied, "regions": [], "actor": "", "id": f"x{i}-t{j}",
         "category": "war", "likelihood": "none", **({"gpr": gpr} if "gpr" in columns else {})}
        for j, (i, kind, denied, gpr) in enumerate(mentions)
    ]  # fmt: skip
    found = {"articles": schema.table("articles", articles), "threats": schema.table("threats", threats)}
    return of(report.Parameters(), found)


def cells(markup: object) -> list[list[str]]:
    return [
        [re.sub(r"<[^>]+>", "", c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", str(markup))
    ]


def test_the_share_is_of_the_articles_of_the_month() -> None:
    mentions = [
        (0, "threat", False, 1),
        (0, "act", False, 7),
        (1, "act", False, 8),
        (2, "threat", True, 1),
        (6, "act", False, 6),
    ]
    brief = brief_of({"2024-01": 5, "2024-02": 2, "2024-03": 5}, mentions)
    assert "3 of 12 articles (25 %) hold at least one threat mention that the text does not deny" in str(
        risk.share(brief)
    )
    assert cells(risk.share_table(brief))[1:] == [
        ["2024-01", "5", "3", "0.40", "1", "0.20", "2", "0.40"],
        ["2024-02", "2", "1", "", "0", "", "1", ""],
        ["2024-03", "5", "0", "0.00", "0", "0.00", "0", "0.00"],
    ]
    by_month = summary.of(brief.summary, "threats_by_month").set_index("group")
    assert by_month["n_of"].to_dict() == {"2024-01": 5, "2024-02": 2, "2024-03": 5}
    assert "No share is printed for a month of fewer than 5 articles." in str(risk.share_table(brief))


@pytest.mark.parametrize(("n", "mentions", "said"), [
    (1, [], "0 of 1 article hold at least one threat mention that the text does not deny (no mentions)"),
    (1, [(0, "act", False, 6)], "1 of 1 article holds at least"),
    (2, [(0, "act", False, 6)], "1 of 2 articles holds at least"),
])  # fmt: skip
def test_the_sentence_on_risk_is_english(
    n: int, mentions: list[tuple[int, str, bool, int | None]], said: str
) -> None:
    assert said in re.sub(r"<[^>]+>", "", str(risk.share(brief_of({"2024-01": n}, mentions))))
