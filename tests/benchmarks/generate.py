"""Write a corpus of invented news of any size, the same for the same seed: ``python tests/benchmarks/generate.py 1000 OUT``.

Of each hundred articles 84 are written anew; 15 are wire copies of one of them, in another outlet under another headline and with
one paragraph changed; one is the same article again. The first articles of a large corpus are those of a small one.
"""

import argparse
import json
import math
import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

T = TypeVar("T")

#: Articles that are written from one seed; a copy and its original stand in the same block.
BLOCK = 1_000
#: Articles a file in JSON lines, and the size of a corpus from which it has such files.
SHARD = 10_000
FIRST, DAYS = date(2023, 7, 1), 731
#: Median number of words, and the deviation of its logarithm.
NEWS, SHORT = (300, 0.45), (60, 0.25)

GIVEN = (
    "Adela Alban Amaia Anselm Aoife Arvid Beate Bogdan Carys Casimir Dagny Dario Edda Eamon Elke Farida Fedor Galina Gideon Hanne "
    "Haruto Idris Ilse Ines Jarek Joana Kamala Karim Kenji Leila Lorcan Malika Marek Mirela Naoko Niall Odile Oskar Petra Quentin "
    "Rafiq Rosa Samira Soren Tamar Tomas Ulrike Viktor Wanda Xenia Yusuf Zofia"
).split()
FAMILY = [first + last for first in (
    "Abel Ander Bar Berg Brand Cald Dorn Eber Fal Fenn Gar Gold Hal Hart Ister Jor Kall Kerst Lang Lind Mar Mond Nor Oster Pell Quist "
    "Rav Roth Sand Stahl Thorn Ull Vel Wend Zell"
).split() for last in "aby age berg brook dale feld ford gren holm ingham kova lund man mark more sen son stad vik wick".split()]  # fmt: skip
#: State, adjective, capital.
STATES = [tuple(line.split(",")) for line in """
Ukraine,Ukrainian,Kyiv;Russia,Russian,Moscow;China,Chinese,Beijing;Taiwan,Taiwanese,Taipei;Japan,Japanese,Tokyo
South Korea,South Korean,Seoul;North Korea,North Korean,Pyongyang;Iran,Iranian,Tehran;Israel,Israeli,Jerusalem;Lebanon,Lebanese,Beirut
Syria,Syrian,Damascus;Iraq,Iraqi,Baghdad;Yemen,Yemeni,Sanaa;Saudi Arabia,Saudi,Riyadh;Turkey,Turkish,Ankara;Greece,Greek,Athens
Serbia,Serbian,Belgrade;Kosovo,Kosovar,Pristina;Poland,Polish,Warsaw;Lithuania,Lithuanian,Vilnius;Estonia,Estonian,Tallinn
Finland,Finnish,Helsinki;Belarus,Belarusian,Minsk;Moldova,Moldovan,Chisinau;Armenia,Armenian,Yerevan;Azerbaijan,Azerbaijani,Baku
India,Indian,New Delhi;Pakistan,Pakistani,Islamabad;Afghanistan,Afghan,Kabul;Myanmar,Burmese,Naypyidaw;Vietnam,Vietnamese,Hanoi
Ethiopia,Ethiopian,Addis Ababa;Somalia,Somali,Mogadishu;Sudan,Sudanese,Khartoum;Mali,Malian,Bamako;Niger,Nigerien,Niamey
Nigeria,Nigerian,Abuja;Egypt,Egyptian,Cairo;Libya,Libyan,Tripoli;Venezuela,Venezuelan,Caracas;Colombia,Colombian,Bogota
""".replace("\n", ";").strip(";").split(";")]  # fmt: skip
REGIONS = (
    "the Red Sea,the Baltic Sea,the Black Sea,the Taiwan Strait,the South China Sea,the Korean Peninsula,the Sahel,the Persian Gulf,"
    "the Horn of Africa,the Western Balkans,the South Caucasus,the Gulf of Aden,Central Asia,the Arctic,the Donbas,Kursk,Kharkiv"
).split(",")
OUTLETS = (
    "Harbour Ledger,Straits Observer,Northern Courier,The Meridian,Capital Dispatch,Evening Compass,Border Gazette,World Wire,Delta Post,"
    "The Lantern,Coastal Times,Union Telegraph,Morning Anchor,The Parallel,Inland Herald,Channel Review,Frontier Daily,The Sextant"
).split(",")
FIELDS = (
    "alliance politics,maritime security,sanctions,arms control,the region's militias,energy security,border disputes,nuclear strategy,"
    "cyber operations,military logistics,peace talks,armed groups"
).split(",")
EXPERTS = "an analyst,a professor,a political scientist,a senior fellow,a researcher,an expert,a military analyst,a historian".split(
    ","
)
HOUSES = [f"{kind} {name}" for name in "Weser Hanul Aldmoor Corvina Tessel Brennick Ostrava-Nord Lindqvist Marrow Pellworm Sarn Vey".split()
          for kind in ("the Institute of", "the School of Government of", "the University of", "the Centre for Peace Research of")]  # fmt: skip
POSTS = "defence minister,foreign minister,army chief,presidential adviser,government spokesman,intelligence chief,naval commander,envoy".split(
    ","
)
SAYS = "said,says,warned,argued,told reporters,noted,believes,added,insisted,cautioned,told this newspaper".split(
    ","
)
THREATS = (
    "a missile strike,an invasion,a drone attack,a coup,a naval blockade,a nuclear test,a cyber attack,a civil war,a suicide bombing,"
    "a border war,an armed uprising,a ballistic missile launch,an ambush,a ground offensive,new sanctions,a trade embargo,an air raid,"
    "sabotage of undersea cables,a military build-up,artillery fire"
).split(",")
ODDS = (
    "is very likely,is likely,is unlikely,is almost certain,remains possible,is improbable,cannot be ruled out,has a roughly even chance,"
    "would be no surprise,is only a matter of time"
).split(",")
WHEN = (
    "before the winter,within weeks,this year,after the vote,in the coming months,on Monday,late on Tuesday,during the night,at dawn,"
    "since the spring,once the talks end,by the end of the month,over the weekend,for the third time,without notice,ahead of the summit"
).split(",")
WHO = (
    "Farmers,Dock workers,Two pilots,Shopkeepers,A retired teacher,Lorry drivers,Students,The ferry's crew,Neighbours,Grain traders,"
    "The night shift,Fishermen,A bus driver,Three councillors,Nurses,Insurers,Volunteers,The harbour master,Railwaymen,Families"
).split(",")
DID = (
    "queued for bread,kept the shutters down,moved the nets inland,counted the empty berths,filled sandbags,waited for the last train,"
    "painted over the old signs,met behind the chapel,carried water upstairs,sold the spring herd,turned back at the bridge,"
    "asked for double pay,stored diesel in the barn,listened to the radio,closed the market early,took the coast road,"
    "signed a new lease,repaired the sea wall,cancelled the regatta,hung blankets over the windows"
).split(",")
WHERE = (
    "near the old customs house,in the lower town,along the river,outside the stadium,at the northern gate,beside the grain silos,"
    "on the quay,below the radio mast,in the border villages,at kilometre forty,behind the school,under the motorway,by the lighthouse,"
    "in the hotel lobby,opposite the town hall,among the pines"
).split(",")
WHILE = (
    "while prices rose again,although the road was open,as rain set in,because the phones were dead,while officials stayed silent,"
    "as the sirens tested,though nobody gave orders,since the bank had shut,while the choir rehearsed,as the fog lifted,"
    "after a week of rumours,before the curfew began"
).split(",")
GOODS = "grain,fuel,steel,copper,medicine,timber,fertiliser,spare parts,coal,rice,cables,cement".split(",")
FORCES = "troops,warships,fighter jets,tanks,coast guard cutters,reservists,drones,rocket launchers,paratroopers".split(
    ","
)
OPENINGS = "Talks,Calm,Fear,Patience,Doubts,Shipping,Trade,Watchfulness,Silence,Nerves,Hopes,Costs".split(",")
TURNS = "falter,return,grow,fade,spread,run short,harden,slow,deepen,shift,linger,mount".split(",")


class Article(NamedTuple):
    """An article, and what it is: ``own``, ``copy`` (of another, but for the headline and a paragraph) or ``same``."""

    date: str
    title: str
    byline: str
    outlet: str
    paragraphs: tuple[str, ...]
    kind: str

    @property
    def text(self) -> str:
        """The body."""
        return "\n\n".join(self.paragraphs)


def articles(n: int, seed: int = 1, *, short: bool = False) -> Iterator[Article]:
    """Yield ``n`` articles."""
    blocks = (_block(seed, number, short) for number in range(math.ceil(n / BLOCK)))
    return islice((article for block in blocks for article in block), n)


def _block(seed: int, number: int, short: bool) -> Iterator[Article]:
    chance = random.Random(f"{seed} {number} {short}")
    own: list[Article] = []
    for i in range(BLOCK):
        if i % 100 == 50:
            yield chance.choice(own)._replace(kind="same")
        elif i % 20 in (6, 13, 19):
            yield _copy(chance.choice(own), chance, short)
        else:
            own.append(_article(chance, short))
            yield own[-1]


def _article(chance: random.Random, short: bool) -> Article:
    voice = _Voice(chance, short)
    median, deviation = SHORT if short else NEWS
    wanted = min(max(chance.lognormvariate(math.log(median), deviation), 0.6 * median), 6 * median)
    paragraphs: list[str] = []
    n_words = 0
    while n_words < wanted - 8 or len(paragraphs) < 4:
        sentences = [voice.sentence() for _ in range(1 if short else chance.randint(1, 4))]
        paragraphs.append(" ".join(sentences))
        n_words += paragraphs[-1].count(" ") + 1
    day = FIRST + timedelta(days=chance.randrange(DAYS - 2))
    return Article(
        day.isoformat(), voice.headline(), voice.name(), voice.pick(OUTLETS), tuple(paragraphs), "own"
    )


def _copy(article: Article, chance: random.Random, short: bool) -> Article:
    voice = _Voice(chance, short)
    places = range(len(article.paragraphs))
    if short:  # a change in the middle of a few sentences would leave another story
        places = places[:: len(places) - 1]
    changed = min(places, key=lambda i: len(article.paragraphs[i]))
    paragraphs = list(article.paragraphs)
    paragraphs[changed] = voice.colour()
    day = date.fromisoformat(article.date) + timedelta(days=chance.randint(0, 2))
    outlet = voice.pick([other for other in OUTLETS if other != article.outlet])
    return Article(day.isoformat(), voice.headline(), article.byline, outlet, tuple(paragraphs), "copy")


class _Voice:
    """Writes the sentences of one article, with a cast and a scene that stay the same."""

    def __init__(self, chance: random.Random, short: bool) -> None:
        self.random, self.short = chance.random, short
        self.state, self.adjective, self.capital = self.pick(STATES)
        self.rival, self.rivals, self.far = self.pick(STATES)
        self.region = self.pick(REGIONS)
        self.introduced: list[str] = []

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self.random() * len(choices))]

    def name(self) -> str:
        return f"{self.pick(GIVEN)} {self.pick(FAMILY)}"

    def headline(self) -> str:
        return f"{self.pick(OPENINGS)} {self.pick(TURNS)} in {self.capital} {self.pick(WHEN)}, {self.pick(GOODS)} {self.pick(WHERE)}"

    def sentence(self) -> str:
        kind = self.random()
        if kind < 0.16:
            return self.expert()
        if kind < 0.30:
            return self.official()
        if kind < 0.42:
            return self.threat()
        return self.move() if kind < 0.60 else self.colour()

    def expert(self) -> str:
        if self.introduced and self.random() < 0.5:
            name = self.pick(self.introduced)
            return f"{name} {self.pick(SAYS)} that {self.claim()}."
        name = self.name()
        self.introduced.append(name.split()[1])
        who = f"{name}, {self.pick(EXPERTS)} of {self.pick(FIELDS)} at {self.pick(HOUSES)}"
        if self.random() < 0.4:
            return f"“{_capital(self.claim())},” said {who}."
        return f"{who}, {self.pick(SAYS)} that {self.claim()}."

    def official(self) -> str:
        kind = self.random()
        if kind < 0.3:
            return f"{self.capital} {self.pick(SAYS)} {self.pick(WHEN)} that {self.claim()}."
        if kind < 0.6:
            return f"According to the {self.adjective} {self.pick(POSTS)}, {self.claim()}."
        return f"“{_capital(self.claim())},” {self.adjective} {self.pick(POSTS)} {self.name()} told reporters {self.pick(WHERE)}."

    def claim(self) -> str:
        kind = self.random()
        if kind < 0.45:
            return f"{self.pick(THREATS)} in {self.scene()} {self.pick(ODDS)} {self.pick(WHEN)}"
        if kind < 0.7:
            return f"{self.rivals} {self.pick(FORCES)} {self.pick(DID)} {self.pick(WHERE)}"
        return f"the price of {self.pick(GOODS)} and {self.pick(GOODS)} matters more {self.pick(WHILE)}"

    def threat(self) -> str:
        kind = self.random()
        if kind < 0.15:
            return f"Nobody in {self.scene()} expects {self.pick(THREATS)} {self.pick(WHEN)}, {self.pick(WHILE)}."
        if kind < 0.6:
            return f"{self.rival} threatened {self.state} with {self.pick(THREATS)} {self.pick(WHEN)} {self.pick(WHILE)}."
        return f"{_capital(self.pick(THREATS))} hit {self.scene()} {self.pick(WHEN)}, {self.pick(WHILE)}."

    def move(self) -> str:
        if self.short:
            return f"{self.adjective} {self.pick(FORCES)} moved {self.pick(GOODS)} {self.pick(WHERE)} {self.pick(WHEN)}."
        return f"{self.adjective} {self.pick(FORCES)} and {self.pick(FORCES)} moved {self.pick(GOODS)} {self.pick(WHERE)} {self.pick(WHEN)} {self.pick(WHILE)}."

    def colour(self) -> str:
        if self.short:
            return f"{self.pick(WHO)} {self.pick(DID)} {self.pick(WHERE)} {self.pick(WHILE)}."
        return f"{self.pick(WHO)} {self.pick(DID)} {self.pick(WHERE)} {self.pick(WHILE)}, and {self.pick(WHO).lower()} {self.pick(DID)} {self.pick(WHEN)}."

    def scene(self) -> str:
        return self.pick((self.state, self.state, self.rival, self.region))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def write(out: Path, n: int, seed: int = 1, *, short: bool = False) -> Path:
    """Write a corpus into the folder ``out``, which appears whole; one that is there is kept.

    Fewer than ``SHARD`` articles are files of text with a header line, more are files in JSON lines.
    """
    if out.exists():
        return out
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    try:
        found = articles(n, seed, short=short)
        if n < SHARD:
            for i, article in enumerate(found, 1):
                text = header_text(article)
                (work / f"{i:06}.txt").write_text(text, encoding="utf-8")
        else:
            for i in range(math.ceil(n / SHARD)):
                with (work / f"{i:04}.jsonl").open("w", encoding="utf-8") as file:
                    file.writelines(f"{json_line(article)}\n" for article in islice(found, SHARD))
        work.chmod(0o755)
        work.rename(out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return out


def header_text(article: Article) -> str:
    """Return an article as text with a header line."""
    return f"date {article.date} {article.title}\n\nBy {article.byline}\nOutlet: {article.outlet}\n\n{article.text}\n"


def json_line(article: Article) -> str:
    """Return an article as one line of JSON."""
    fields = {name: getattr(article, name) for name in ("date", "title", "byline", "outlet", "text")}
    return json.dumps(fields, ensure_ascii=False)


def main() -> None:
    """Write a corpus as the command line asks for it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("``")[0].strip(" :") + ".")
    parser.add_argument("n", type=int, help="number of articles")
    parser.add_argument("out", type=Path, help="the folder; kept as it is where it exists")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="about 60 words an article instead of 300")
    given = parser.parse_args()
    write(given.out, given.n, given.seed, short=given.short)


if __name__ == "__main__":
    main()
