"""Languages: identified from the body, English where there is doubt; what is not English is counted and not measured."""

from dataclasses import replace
from pathlib import Path

import pytest

from analysis import coverage, report, tables
from analysis.brief import Brief, of
from analysis.corpus import language

FRENCH = (
    "Le président a déclaré mardi que la France ne céderait pas aux menaces de Moscou. Selon des experts, une guerre reste "
    "peu probable à court terme, mais la Russie pourrait attaquer l'Ukraine de nouveau."
)
KOREAN = (
    "북한이 어제 동해상으로 대륙간탄도미사일을 발사했다고 합동참모본부가 밝혔다. 전문가들은 한반도의 긴장이 더욱 고조될 수 있다고 "
    "우려했다. 정부는 즉각 국가안전보장회의를 소집했다."
)
ENGLISH = (
    "Mara Voss, an analyst, said on Tuesday that a war between North Korea and Japan is unlikely. "
    "Russia could still threaten the security of Ukraine, and officials in Moscow declined to comment on it."
)
CASES = [
    (ENGLISH, "en", "English"),
    (FRENCH, "fr", "French"),
    (KOREAN, "ko", "Korean"),
    ("防衛省は、北朝鮮が弾道ミサイルを発射し、日本海に落下したと発表した。専門家は緊張が高まる可能性があると指摘している。", "ja", "no spaces between words"),
    ("Министерство обороны России сообщило во вторник об ударах по военным объектам. Эксперты считают дальнейшую эскалацию в регионе маловероятной.", "", "Russian, 18 words"),
    ("Le président a déclaré que la France ne céderait pas.", "", "too short to tell"),
    ("Kim Jong Un, Choe Son Hui, Ri Yong Gil, Pak Jong Chon, Jo Yong Won, Kim Tok Hun, Kim Yo Jong, Choe Ryong Hae attended.", "", "names only"),
    ("x " * 50, "", "no language"),
    ("1 2 3 " * 50, "", "no words"),
    ("", "", "nothing"),
    (ENGLISH.upper(), "en", "capitals"),
    ((ENGLISH + " ") * 10 + (FRENCH + " ") * 100, "en", "the beginning decides"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "why"), CASES, ids=[c[2] for c in CASES])
def test_the_language_of_a_text(text: str, code: str, why: str) -> None:
    assert language.identify(text) == code, why


def test_every_article_of_the_project_is_english(tmp_path: Path) -> None:
    for folder in ("corpus", "demo"):
        found = tables.Store(tmp_path).load(report.ROOT / "data" / folder)
        assert set(found.read("articles")["language"]) == {"en"}


def test_a_language_has_its_name() -> None:
    assert (language.name("ko"), language.name("xx")) == ("Korean", "xx")


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    folder = tmp_path_factory.mktemp("languages")
    for name, body in (
        ("a", ENGLISH),
        ("b", FRENCH),
        ("c", KOREAN),
        ("d", KOREAN + " 끝."),
        ("e", "War is unlikely."),
    ):
        (folder / f"{name}.txt").write_text(f"date 2024-05-06 <b>{name}</b>\n\n{body}\n", encoding="utf-8")
    return of(report.Parameters(), tables.build(folder, tmp_path_factory.mktemp("store")))


def test_what_is_not_english_is_kept_and_has_no_rows(brief: Brief) -> None:
    assert len(brief.articles) == 5
    assert sorted(brief.unread["path"]) == ["b.txt", "c.txt", "d.txt"]
    unread = set(brief.unread["article_id"])
    for name in ("attributions", "speakers", "threats", "sentences", "tones"):
        assert not unread & set(brief.query(f"SELECT article_id FROM {name}")["article_id"]), name
    assert len(brief.query("SELECT id FROM sentences"))


def test_every_denominator_is_of_the_articles_read(brief: Brief) -> None:
    assert set(brief.summary["n_of"]) == {2}


def test_the_briefing_says_which(brief: Brief) -> None:
    said = str(coverage.languages(brief))
    assert (
        "3 articles are in another language than English (2 in Korean and 1 in French): they are kept" in said
    )
    assert "1 article is too short or too mixed to tell and counts as English." in said
    assert "2 in Korean and 1 in French (kept, not measured)" in coverage.cover(brief)
    assert "2 articles were read" in coverage.corpus(brief)
    assert "&lt;b&gt;c&lt;/b&gt;" in coverage.unread_table(brief)
    assert "c.txt" not in coverage.articles_table(brief)


def test_a_corpus_in_english_says_so(brief: Brief) -> None:
    english = replace(brief, articles=brief.articles[brief.articles["language"] == "en"])
    assert str(coverage.languages(english)) == "<p>No article is in another language than English.</p>"
    assert str(coverage.unread_table(english)) == ""


def test_the_tables_command_counts_them(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from analysis.cli import app

    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "a.txt").write_text(f"date 2024-05-06 T\n\n{KOREAN}", encoding="utf-8")
    done = CliRunner().invoke(
        app,
        [
            "tables",
            "--corpus",
            str(tmp_path / "c"),
            "--out",
            str(tmp_path / "out"),
            "--store",
            str(tmp_path / "store"),
        ],
    )
    assert done.exit_code == 1
    assert "1 articles + 0 rejected + 0 duplicates = 1 announced" in done.output
    assert "1 in Korean: kept in the table articles, not measured" in done.output
