"""The place gazetteer: sentences with the reason for each, the lexicon's own order, and invariants."""

from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import lexicons, places

CASES = [
    # text, what must be found, why this case
    ("North Korea sent troops.", [("North Korea", "KP")], "longest match: not Korea"),
    ("A North Korean unit and South Koreans", [("North Korean", "KP"), ("South Koreans", "KR")], "demonyms"),
    ("North\nKorea", [("North\nKorea", "KP")], "a line break inside a name counts as a space"),
    ("North  Korea", [("North  Korea", "KP")], "so do two spaces"),
    ("the North\n\nKorea", [("Korea", "korean-peninsula")], "a blank line separates names"),
    ("the DPRK and the ROK", [("DPRK", "KP"), ("ROK", "KR")], "abbreviations"),
    ("the Democratic People’s Republic of Korea",
     [("Democratic People’s Republic of Korea", "KP")], "the long name, curly apostrophe"),
    ("the Republic of Korea", [("Republic of Korea", "KR")], "the long name of the South"),
    ("Talks on Korea stalled", [("Korea", "korean-peninsula")], "Korea alone is either state"),
    ("on the Korean Peninsula", [("Korean Peninsula", "korean-peninsula")], "region"),
    ("fell into the Sea of Japan", [("Sea of Japan", "sea-of-japan")], "not Japan"),
    ("South Sudan and Sudan", [("South Sudan", "SS"), ("Sudan", "SD")], "longest match"),
    ("the South Sudanese army", [("South Sudanese", "SS")], "demonym of the longer name"),
    ("Niger, Nigeria, Nigeriens and Nigerians",
     [("Niger", "NE"), ("Nigeria", "NG"), ("Nigeriens", "NE"), ("Nigerians", "NG")], "whole words only"),
    ("the Niger Delta", [("Niger Delta", "NG")], "the delta lies in Nigeria"),
    ("Equatorial Guinea, Guinea-Bissau, Papua New Guinea and Guinea",
     [("Equatorial Guinea", "GQ"), ("Guinea-Bissau", "GW"), ("Papua New Guinea", "PG"), ("Guinea", "GN")],
     "four states with Guinea in the name"),
    ("in the Gulf of Guinea", [("Gulf of Guinea", "gulf-of-guinea")], "a sea, not a state"),
    ("East Timor and Timor-Leste", [("East Timor", "TL"), ("Timor-Leste", "TL")], "variants"),
    ("Russia's army, Russia’s allies", [("Russia", "RU"), ("Russia", "RU")], "possessive is left out"),
    ("the Philippines' navy", [("Philippines", "PH")], "possessive of a plural"),
    ("Russian-Ukrainian front", [("Russian", "RU"), ("Ukrainian", "UA")], "both halves of a compound"),
    ("anti-Russian, US-led, non-European",
     [("Russian", "RU"), ("US", "US"), ("European", "europe")], "prefix and suffix"),
    ("Sino-Russian and Franco-German talks",
     [("Sino", "CN"), ("Russian", "RU"), ("Franco", "FR"), ("German", "DE")], "combining forms"),
    ("under General Franco", [], "the dictator"),
    ("the U.S. and the UK, the U.K. and the UAE",
     [("U.S.", "US"), ("UK", "GB"), ("U.K.", "GB"), ("UAE", "AE")], "abbreviations with and without stops"),
    ("He told us that it was US policy", [("US", "US")], "the pronoun is not the state"),
    ("THEY WILL TELL US NOTHING", [], "the pronoun in capitals"),
    ("a loan of US$5 million", [], "a currency"),
    ("SEOUL, South Korea (AP)", [("SEOUL", "KR"), ("South Korea", "KR")], "dateline in capitals"),
    ("PYONGYANG FIRES MISSILE", [("PYONGYANG", "KP")], "headline in capitals"),
    ("Pyongyang and Moscow agreed", [("Pyongyang", "KP"), ("Moscow", "RU")], "capitals for governments"),
    ("the Kremlin, the White House and Downing Street",
     [("Kremlin", "RU"), ("White House", "US"), ("Downing Street", "GB")], "government seats"),
    ("Kyiv, once written Kiev", [("Kyiv", "UA"), ("Kiev", "UA")], "two spellings"),
    ("Namibia and Windhoek", [("Namibia", "NA"), ("Windhoek", "NA")], "the id NA is no missing value"),
    ("Norway and Norwegians", [("Norway", "NO"), ("Norwegians", "NO")], "the id NO is no truth value"),
    ("Côte d’Ivoire and Türkiye", [("Côte d’Ivoire", "CI"), ("Türkiye", "TR")], "diacritics and apostrophe"),
    ("Burma, now Myanmar", [("Burma", "MM"), ("Myanmar", "MM")], "older name"),
    ("the Democratic Republic of Congo and Congo-Brazzaville",
     [("Democratic Republic of Congo", "CD"), ("Congo-Brazzaville", "CG")], "two states called Congo"),
    ("rebels in eastern Congo took Goma", [("eastern Congo", "CD"), ("Goma", "CD")], "front-line town"),
    ("the People's Republic of China and the Republic of China",
     [("People's Republic of China", "CN"), ("Republic of China", "TW")], "one long name inside the other"),
    ("The Chinese threat to Taiwan", [("Chinese", "CN"), ("Taiwan", "TW")], "actor and target"),
    ("in the South China Sea", [("South China Sea", "south-china-sea")], "not China"),
    ("across the Taiwan Strait", [("Taiwan Strait", "taiwan-strait")], "not Taiwan"),
    ("ships in the Strait of Hormuz and the Bab al-Mandab",
     [("Strait of Hormuz", "strait-of-hormuz"), ("Bab al-Mandab", "bab-el-mandeb")], "transliteration"),
    ("the Gulf states", [("Gulf states", "persian-gulf")], "the Gulf that news means"),
    ("a rig in the Gulf of Mexico", [], "not Mexico, not the Persian Gulf"),
    ("the Gulf of Tonkin incident", [], "another gulf"),
    ("Northern Ireland and Ireland", [("Northern Ireland", "GB"), ("Ireland", "IE")], "two jurisdictions"),
    ("New Mexico and Mexico", [("New Mexico", "US"), ("Mexico", "MX")], "a U.S. state"),
    ("a snowstorm in New England", [("New England", "US")], "not England"),
    ("Kursk, Crimea and the Donbas", [("Kursk", "RU"), ("Crimea", "UA"), ("Donbas", "UA")], "front line"),
    ("Rafah, Gaza and the West Bank", [("Rafah", "PS"), ("Gaza", "PS"), ("West Bank", "PS")], "occupied"),
    ("Indian troops in Kashmir", [("Indian", "IN"), ("Kashmir", "kashmir")], "disputed: a region of its own"),
    ("across the Indian Ocean", [("Indian Ocean", "indian-ocean")], "not India"),
    ("the Indo-Pacific and Southeast Asia",
     [("Indo-Pacific", "indo-pacific"), ("Southeast Asia", "southeast-asia")], "regions"),
    ("stability in Asia, European ties",
     [("Asia", "asia"), ("European", "europe")], "region and region adjective"),
    ("the Baltic states and the Baltic Sea",
     [("Baltic states", "baltic-states"), ("Baltic Sea", "baltic-sea")], "states and water apart"),
    ("King Abdullah of Jordan", [("Jordan", "JO")], "the state"),
    ("Jordan Foreign Minister Ayman Safadi", [("Jordan", "JO")], "an office follows, no surname"),
    ("Rep. Jim Jordan objected", [], "a surname after a given name"),
    ("Michael Jordan scored", [], "a surname"),
    ("Sen. Jordan objected", [], "a surname after a title"),
    ("Jordan Bardella won", [], "a first name"),
    ("the Jordan River", [], "a river between two states"),
    ("French troops left Chad", [("French", "FR"), ("Chad", "TD")], "the state"),
    ("said Chad Smith", [], "a first name"),
    ("around Lake Chad", [("Lake Chad", "lake-chad-basin")], "four states share it"),
    ("Turkey struck Syria", [("Turkey", "TR"), ("Syria", "SY")], "the state"),
    ("Roast turkey, a Turkey sandwich", [], "the bird"),
    ("Russia invaded Georgia in 2008", [("Russia", "RU"), ("Georgia", "GE")], "the Caucasus is near"),
    ("voters in Atlanta, Georgia", [("Atlanta, Georgia", "US")], "the U.S. state after its city"),
    ("He campaigned in Georgia and Pennsylvania", [("Pennsylvania", "US")], "its neighbours are near"),
    ("Washington warned Tehran", [("Washington", "US"), ("Tehran", "IR")], "capital as government"),
    ("the actor Denzel Washington", [], "a surname"),
    ("a professor at George Washington University", [], "a university"),
    ("Seattle, Washington", [("Seattle, Washington", "US")], "the U.S. state"),
    ("told The Washington Post", [], "a newspaper"),
    ("The Moscow Times and the Kyiv Independent reported", [], "newspapers"),
    ("a student from Moscow, Idaho", [("Moscow, Idaho", "US")], "a town in the United States"),
    ("a fire in Lebanon, Pa.", [], "a town in the United States"),
    ("Cairo, Ill., and Paris, Texas", [("Texas", "US")], "towns in the United States"),
    ("Moscow, Washington and Beijing", [("Moscow", "RU"), ("Washington", "US"), ("Beijing", "CN")], "a list"),
    ("Paris Hilton flew to Paris", [("Paris", "FR")], "a person and the capital"),
    ("Sydney Jones moved to Sydney", [("Sydney", "AU")], "a first name and the city"),
    ("Queen Victoria at Lake Victoria", [], "neither is the capital"),
    ("Victoria, capital of the Seychelles", [("Victoria", "SC"), ("Seychelles", "SC")], "its state is near"),
    ("male voters; Male voters", [], "no capital of the Maldives"),
    ("South Georgia", [("South Georgia", "GS")], "islands, not Georgia"),
    ("Israel Katz spoke for Israel", [("Israel", "IL")], "the minister's name is no place"),
    ("Islamic State of Iraq and the Levant", [], "an armed group's name"),
    ("the Islamic Republic of Mauritania", [("Mauritania", "MR")], "not Iran"),
    ("Austrian and Australian", [("Austrian", "AT"), ("Australian", "AU")], "near homographs"),
    ("Somalia, not Mali; Romania, not Oman",
     [("Somalia", "SO"), ("Mali", "ML"), ("Romania", "RO"), ("Oman", "OM")], "never inside a longer word"),
    ("Chinatown and Indianapolis", [], "never inside a longer word"),
    ("a china cup, hungry, polish", [], "lower case is no place"),
    ("American Samoa and Latin American states",
     [("American Samoa", "AS"), ("Latin American", "latin-america")], "not the United States"),
    ("South African, Central African Republic",
     [("South African", "ZA"), ("Central African Republic", "CF")], "not the continent"),
    ("West Virginia and Virginia Woolf", [("West Virginia", "US")], "a writer"),
    ("the Atlantic Council's analyst", [], "a think tank"),
    ("The Atlantic Ocean", [("Atlantic Ocean", "atlantic")], "the ocean, not the magazine"),
    ("Kosovo and Pristina", [("Kosovo", "XK"), ("Pristina", "XK")], "user-assigned code"),
    ("Houthis fired at Eilat", [("Houthis", "YE"), ("Eilat", "IL")], "a movement stands for its country"),
    ("", [], "empty text"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "why"), CASES, ids=[f"{c[2]}: {c[0][:30]}" for c in CASES])
def test_find(text: str, expected: list[tuple[str, str]], why: str) -> None:
    found = places.find(text)
    assert [(place.text, place.id) for place in found] == expected, why


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(lexicons.FOLDER / name, dtype=str, keep_default_na=False)


def test_the_files_are_sorted_dated_and_sourced() -> None:
    regions, terms = read("regions.csv"), read("places.csv")
    assert list(regions.columns) == ["id", "name", "kind", "parents", "source", "date_added", "note"]
    assert list(terms.columns) == ["term", "id", "kind", "context", "source", "date_added", "note"]
    assert list(regions["id"]) == sorted(set(regions["id"]))
    keys = list(terms[["id", "kind", "term"]].itertuples(index=False, name=None))
    assert keys == sorted(keys)
    assert terms["term"].is_unique
    for table in (regions, terms):
        assert table["source"].ne("").all()
        assert table["date_added"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()


def test_every_state_has_name_demonym_and_capital_or_says_why_not() -> None:
    regions, terms = read("regions.csv"), read("places.csv")
    has = terms.groupby("id")["kind"].agg(set)
    states = regions[regions["kind"] == "state"]
    assert len(states) == 250
    for state in states.itertuples():
        for kind in ("state", "demonym", "capital"):
            assert (kind in has[state.id]) != (f"no {kind}" in state.note), (state.id, kind)
        assert state.name in set(terms.loc[(terms["id"] == state.id) & (terms["kind"] == "state"), "term"])


def test_every_region_has_a_term_and_every_rule_a_use_and_a_reason() -> None:
    regions, terms = read("regions.csv"), read("places.csv")
    assert set(regions["id"]) == set(terms["id"]) - {""}
    rules = terms[terms["kind"] == "rule"]
    used = terms.loc[terms["kind"] != "rule", "context"].str.split(";").explode()
    assert set(used) - {""} == set(rules["term"])
    assert rules["note"].ne("").all()
    assert rules["context"].str.contains("~|^\\^").all()


def test_parents_are_complete_and_have_no_cycle() -> None:
    for place in places.ids():
        above = places.parents(place)
        assert place not in above
        assert all(set(places.parents(parent)) <= set(above) for parent in above), place


def test_names_kinds_and_parents() -> None:
    assert (places.name("KR"), places.kind("KR"), places.name("NA")) == ("South Korea", "state", "Namibia")
    assert places.kind("sahel") == "region"
    assert places.parents("JP") == ("asia", "east-asia", "northeast-asia")
    with pytest.raises(KeyError):
        places.name("XX")


HEADS = {
    "regions.csv": "id,name,kind,parents,source,date_added,note\nKP,North Korea,state,,own,2026-11-23,\n",
    "places.csv": "term,id,kind,context,source,date_added,note\nNorth Korea,KP,state,,own,2026-11-23,\n",
}


@pytest.mark.parametrize(
    ("file", "row", "message"),
    [
        ("places.csv", ",KP,state,,own,2026-11-23,", r"places\.csv, line 3: .*empty"),
        ("places.csv", "North Korea,KP,state,,own,2026-11-23,", r"places\.csv, line 3: .*twice"),
        ("places.csv", "Korea,KX,state,,own,2026-11-23,", r"line 3: id 'KX' is not in regions\.csv"),
        ("places.csv", "Korea,KP,sate,,own,2026-11-23,", r"line 3: kind 'sate' is unknown"),
        ("places.csv", "Korea,KP,state,nosuch,own,2026-11-23,", r"line 3: context 'nosuch' has no row"),
        ("places.csv", "bad,,rule,(~,own,2026-11-23,", r"line 3: correct the regular expression of 'bad'"),
        ("regions.csv", "KP,Korea,state,,own,2026-11-23,", r"regions\.csv, line 3: .*twice"),
        ("regions.csv", "JP,Japan,state,mars,own,2026-11-23,", r"line 3: parent 'mars' has no row"),
        ("regions.csv", "JP,Japan,stat,,own,2026-11-23,", r"line 3: kind 'stat' is unknown"),
    ],
)
def test_a_bad_row_is_named_with_its_line(tmp_path: Path, file: str, row: str, message: str) -> None:
    for name, text in HEADS.items():
        (tmp_path / name).write_text(text + (row + "\n" if name == file else ""), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        places.lexicon(tmp_path)


def test_another_folder_of_lexicons(tmp_path: Path) -> None:
    for name, text in HEADS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [place.id for place in places.find("North Korea and Japan", tmp_path)] == ["KP"]


SENSES = list(places.lexicon().senses)
WORDS = st.sampled_from([*SENSES[::7], "the", "Smith", "’s", ",", ".", "\n", "-", "~", "İ", "🙂"])
TEXTS = st.one_of(st.text(), st.lists(WORDS).map(" ".join), st.lists(WORDS).map("".join))


@given(TEXTS)
def test_rows_are_slices_in_order_without_overlap(text: str) -> None:
    found = places.find(text)
    assert all(text[place.start : place.end] == place.text for place in found)
    assert all(place.start < place.end for place in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(place.id in places.ids() and place.kind in places.PLACE_KINDS for place in found)


@given(TEXTS)
def test_the_same_text_gives_the_same_rows(text: str) -> None:
    assert places.find(text) == places.find(text)


@given(st.sampled_from(SENSES))
def test_a_term_alone_is_found_whole_or_not_at_all(term: str) -> None:
    assert [place.text for place in places.find(term)] in ([term], [])
