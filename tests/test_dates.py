"""Days of publication in the ways that exports write them; what can be read in two ways is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.dates import LONGEST, day
from analysis.corpus.record import Unreadable

FIRST = "2024-11-01"
READ = [
    ("2024-11-01", FIRST, "ISO"),
    (" 2024-11-01\n", FIRST, "white space around"),
    ("2024-11-01T07:32:00Z", FIRST, "ISO with time"),
    ("2024-11-01T23:32:00-05:00", FIRST, "a time zone moves nothing"),
    ("2024-11-01T07:32:00.123456789+01:00", FIRST, "nanoseconds"),
    ("2024-11-01T07", FIRST, "the hour alone"),
    ("2024-11-01 07:32:00 UTC", FIRST, "a space for the T"),
    ("2024-11-01 07:32:00 -0500", FIRST, "as Jekyll writes it"),
    ("20241101", FIRST, "basic ISO"),
    ("20241101T073200Z", FIRST, "which dateparser takes for 1826"),
    ("20241101T0732+0100", FIRST, "basic, with minutes"),
    ("20241101073200", FIRST, "fourteen digits"),
    ("2024/11/01", FIRST, "the year first"),
    ("2024/11/1 07:32", FIRST, "the year first, one digit"),
    ("2024.11.01", FIRST, "the year first, dots"),
    ("Fri, 01 Nov 2024 07:32:00 +0100", FIRST, "RFC 2822"),
    ("Fri, 1 Nov 2024 07:32:00 GMT", FIRST, "RFC 2822 with a name of the zone"),
    ("1 Nov 2024 07:32 EST", FIRST, "RFC 2822 without weekday and seconds"),
    ("Fri Nov 01 07:32:00 +0000 2024", FIRST, "the year behind the time"),
    ("Fri Nov 01 2024 07:32:00 GMT+0100 (Central European Standard Time)", FIRST, "JavaScript"),
    ("1 November 2024", FIRST, "British"),
    ("November 1, 2024", FIRST, "American"),
    ("November 1,2024", FIRST, "no space"),
    ("NOVEMBER 1, 2024", FIRST, "capitals"),
    ("1st November 2024", FIRST, "an ordinal"),
    ("the 1st of November, 2024", FIRST, "an ordinal with of"),
    ("November 1, 2024 Friday", FIRST, "Nexis"),
    ("November 1, 2024 Friday 10:30 AM GMT", FIRST, "Nexis with time"),
    ("Friday, November 1, 2024 at 10:30 p.m. EDT", FIRST, "weekday and time"),
    ("10:30, 1 November 2024", FIRST, "time before the day"),
    ("Nov 1, 2024 | 10:30am", FIRST, "a bar"),
    ("Nov. 1, 2024", FIRST, "an abbreviation"),
    ("01-Nov-2024", FIRST, "hyphens"),
    ("2024-Nov-01", FIRST, "the year first, a name"),
    ("Sept. 3, 2024", "2024-09-03", "four letters"),
    ("May 3, 2024", "2024-05-03", "no abbreviation"),
    ("1 April 2024 00:01 BST", "2024-04-01", "summer time"),
    ("29 February 2024", "2024-02-29", "a leap day"),
    ("1. November 2024", FIRST, "German"),
    ("1.November 2024", FIRST, "German, no space"),
    ("Freitag, den 1. November 2024", FIRST, "German with weekday"),
    ("Fr., 1. Nov. 2024, 10.30 Uhr", FIRST, "German with time"),
    ("Freitag, 1. November 2024, 10:30 Uhr MEZ", FIRST, "German with zone"),
    ("1. März 2024", "2024-03-01", "umlaut"),
    ("1. Ma\u0308rz 2024", "2024-03-01", "umlaut in two characters"),
    ("2. Jänner 2024", "2024-01-02", "Austrian"),
    ("30 Dez. 2024", "2024-12-30", "German abbreviation"),
    ("15.Mrz.2024", "2024-03-15", "SAS and Excel"),
    ("vendredi 1er novembre 2024 à 10h30", FIRST, "French with time"),
    ("le 1er août 2024", "2024-08-01", "French with article"),
    ("3 févr. 2024", "2024-02-03", "French abbreviation"),
    ("mar. 5 nov. 2024", "2024-11-05", "mardi, not March"),
    ("mar 1, 2024", "2024-03-01", "March, not mardi"),
    ("1\u00a0November\u00a02024", FIRST, "spaces that do not break"),
    ("\u200e1 November 2024\u200f", FIRST, "marks of direction"),
]
ORDERED = [
    ("01/11/2024", "DMY", FIRST),
    ("01/11/2024", "MDY", "2024-01-11"),
    ("1.11.2024 10:30", "DMY", FIRST),
    ("Freitag, 1. 11. 2024", "DMY", FIRST),
    ("11/1/2024 7:32 AM", "MDY", FIRST),
    ("2024/11/01", "DMY", FIRST),
    ("2024-11-01", "MDY", FIRST),
]
REFUSED = [
    ("", "", "no date", "YYYY-MM-DD"),
    ("  \n", "", "no date", "YYYY-MM-DD"),
    ("01/11/2024", "", "day/month or as month/day", "DMY or MDY"),
    ("1.11.2024", "", "day/month or as month/day", "DMY or MDY"),
    ("25/12/2024", "", "day/month or as month/day", "DMY or MDY"),
    ("01/11/2024", "YMD", "day/month or as month/day", "DMY or MDY"),
    ("25/12/2024", "MDY", "'25/12/2024' is not a day of the calendar", "written MDY"),
    ("2024-02-30", "", "'2024-02-30' is not a day of the calendar", "YYYY-MM-DD"),
    ("31 April 2024", "", "not a day of the calendar", "YYYY-MM-DD"),
    ("Smarch 1, 2024", "", "not a day of the calendar", "YYYY-MM-DD"),
    ("20241301", "", "not a day of the calendar", "YYYY-MM-DD"),
    *[
        (text, "DMY", "does not name a day for sure", "YYYY-MM-DD")
        for text in (
            "01/11/24", "Nov 1, 24", "01-Nov-24", "24-11-01", "2 days ago", "yesterday", "today", "vor 2 Tagen", "hier",
            "November 2024", "1 November", "2024", "2024-11", "1-3 November 2024", "November 1-2, 2024",
            "2024-11-01/2024-11-03", "2024-11-01 2024-11-02", "1 November 2024, updated 3 November 2024",
            "Updated November 1, 2024", "45597", "1730448000", "1730448000000", "01112024", "2024-W44-5", "2024-306",
            "99:99 1 November 2024", "null", "1 November 2024" + " " * LONGEST,
        )
    ],
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "why"), READ, ids=[r[2] for r in READ])
def test_a_day_that_is_sure_is_read(text: str, expected: str, why: str) -> None:
    assert day(text) == expected, why
    assert day(text, "DMY") == day(text, "MDY") == expected, "an order moves nothing else"


@pytest.mark.parametrize(("text", "order", "expected"), ORDERED)
def test_numerals_are_read_in_the_order_given(text: str, order: str, expected: str) -> None:
    assert day(text, order) == expected


@pytest.mark.parametrize(("text", "order", "reason", "remedy"), REFUSED)
def test_what_is_not_sure_is_refused(text: str, order: str, reason: str, remedy: str) -> None:
    with pytest.raises(Unreadable) as caught:
        day(text, order)
    assert reason in caught.value.reason
    assert remedy in caught.value.remedy


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_every_day_is_read_back(one: date) -> None:
    for style in (
        "%Y-%m-%d",
        "%Y%m%d",
        "%a, %d %b %Y 23:59:59 -1100",
        "%A, %B %d, %Y",
        "%d-%b-%Y",
        "%Y/%m/%d",
    ):
        assert day(one.strftime(style)) == one.isoformat(), style
    assert day(one.strftime("%d.%m.%Y"), "DMY") == day(one.strftime("%m/%d/%Y"), "MDY") == one.isoformat()


_PIECES = (
    "2024 11 1 01 - / . : , T Z + Nov März août Friday mar uhr am at 07:32 1er \ud800 \0 ٢ 二 ( )".split(" ")
)


@given(st.one_of(st.text(max_size=150), st.lists(st.sampled_from([*_PIECES, " "]), max_size=25).map("".join)))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    for order in ("", "DMY", "MDY", "YMD"):
        try:
            found = day(text, order)
        except Unreadable:
            continue
        assert date.fromisoformat(found).isoformat() == found
