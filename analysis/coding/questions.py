"""What coders are asked: the sheets, their questions, the labels that may be given and what each of them means."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from analysis import places, schema

#: Written where there is nothing to name; an empty cell is one that nobody has coded yet.
NOTHING = "none"
YES, NO = "yes", "no"

Labels = Mapping[str, str]


class Question(NamedTuple):
    """One column to fill: ``labels`` are those that may stand in it, of which ``is_list`` allows several; any text without them."""

    name: str
    text: str
    labels: tuple[str, ...] = ()
    is_list: bool = False


class Sheet(NamedTuple):
    """One sheet: its questions, of which the ``gate`` (if there is one) decides whether the others are asked.

    ``counted`` says, for each measure of the summary that the sheet bears on, in which groups a row of these labels counts. It
    raises ``KeyError`` where a label is missing that it needs. A row of a sheet ``of_lists`` may count several times.
    """

    name: str
    title: str
    task: str
    gate: str
    questions: tuple[Question, ...]
    counted: Mapping[str, Callable[[Labels], list[str]]]
    of_lists: bool = False

    def question(self, name: str) -> Question:
        """Return a question by its name."""
        return next(q for q in self.questions if q.name == name)


def entries(labels: str) -> list[str]:
    """Return the entries of a list of labels; of *none*, no entries."""
    return [] if labels == NOTHING else labels.split("; ")


def _where(
    condition: Callable[[Labels], bool], group: Callable[[Labels], str]
) -> Callable[[Labels], list[str]]:
    return lambda row: [group(row)] if condition(row) else []


def _said(row: Labels) -> bool:
    return row["is_attribution"] == YES


def _said_by_expert(row: Labels) -> bool:
    return _said(row) and row["source_type"] == "expert"


def _stated(row: Labels) -> bool:
    return row["is_threat"] == YES and row["is_denied"] == NO


def _aimed(row: Labels) -> bool:
    return row["is_target"] == YES


SHEETS = {sheet.name: sheet for sheet in (
    Sheet(
        "attributions", "Attributions",
        "Each row marks words in [[double brackets]] that may be a statement, belief, intention, assessment or piece of knowledge of somebody.",
        "is_attribution",
        (
            Question("is_attribution", "Does the text assign the marked words to a source other than its own voice?", (YES, NO)),
            Question("source", "The words that name this source, as they stand and whole"),
            Question("speaker", "Name of the person, body or state that speaks; none where the text names nobody"),
            Question("source_type", "What sort of source is it?", schema.SOURCE_TYPES),
            Question("likelihood", "How sure do the marked words say that it is?", schema.LIKELIHOODS),
        ),
        {
            "attributions": _where(_said, lambda row: ""),
            "attributions_by_source_type": _where(_said, lambda row: row["source_type"]),
            "expert_attributions_by_likelihood": _where(_said_by_expert, lambda row: row["likelihood"]),
        },
    ),
    Sheet(
        "threats", "Threat mentions",
        "Each row marks words in [[double brackets]] that may tell of danger to the security of a state, people or region.",
        "is_threat",
        (
            Question("is_threat", "Do the marked words tell of a threat, an act of force or a build-up toward one?", (YES, NO)),
            Question("is_denied", "Does the text deny it, or say that it has ended?", (YES, NO)),
            Question("category", "What sort of threat is it?", schema.CATEGORIES),
            Question("kind", "Is it feared or planned, or does it happen?", schema.KINDS),
            Question("regions", "Ids of the places that are threatened or where it takes place, joined by ; or none", tuple(places.ids()), True),
        ),
        {
            "threats": _where(_stated, lambda row: ""),
            "threats_by_category": _where(_stated, lambda row: row["category"]),
            "threats_by_kind": _where(_stated, lambda row: row["kind"]),
        },
    ),
    Sheet(
        "tones", "Tone toward a target",
        "Each row marks in [[double brackets]] who or what the tone is toward: the target.",
        "is_target",
        (
            Question("is_target", "Do the marked words name a person, a state or a body?", (YES, NO)),
            Question("tone", "How does the sentence put the target?", schema.TONES),
        ),
        {
            "tones": _where(_aimed, lambda row: ""),
            "tones_by_tone": _where(_aimed, lambda row: row["tone"]),
        },
    ),
    Sheet(
        "sentences", "Whole sentences",
        "Each row is a sentence with nothing marked. Find what is there, and write one label for each thing that you find.",
        "",
        (
            Question("attributions", "Source type of each attribution whose words of saying stand here, joined by ; or none", schema.SOURCE_TYPES, True),
            Question("threats", "Category of each threat mention that begins here and is not denied, joined by ; or none", schema.CATEGORIES, True),
        ),
        {
            "attributions": lambda row: [""] * len(entries(row["attributions"])),
            "attributions_by_source_type": lambda row: entries(row["attributions"]),
            "threats": lambda row: [""] * len(entries(row["threats"])),
            "threats_by_category": lambda row: entries(row["threats"]),
        },
        True,
    ),
)}  # fmt: skip

#: What the labels mean, for the coders.
MEANINGS = {
    "source_type": {
        "expert": "Somebody cited for knowledge: a scholar, analyst or think tank, named or not (analysts, observers). Retired officers and former ministers who speak for a think tank or university too. Never a politician, soldier or passer-by.",
        "official": "A government, ministry, diplomat or head of state, or who speaks for one.",
        "military": "Armed forces, a soldier in office, or who speaks for them.",
        "intelligence": "A secret service, or who speaks for one.",
        "state": "A country, or a capital that stands for it, acting as one: Taiwan, Pyongyang.",
        "organisation": "A body that is no state's: a company, party, union, armed group, international organisation.",
        "media": "A newspaper, agency or broadcaster, or a journalist as such.",
        "document": "A paper rather than a person: a report, a poll, an intercepted conversation. Its speaker is who issued it.",
        "witness": "Ordinary people, or soldiers, speaking of what they saw or live through.",
        "other": "None of these, or not to be told.",
    },
    "likelihood": {
        "almost no chance": "1 to 5 per cent, in these words or plain synonyms; almost certainly not.",
        "very unlikely": "5 to 20 per cent; highly improbable.",
        "unlikely": "20 to 45 per cent; improbable, not likely.",
        "roughly even chance": "45 to 55 per cent; as likely as not.",
        "likely": "55 to 80 per cent; probable.",
        "very likely": "80 to 95 per cent; highly probable.",
        "almost certain": "95 to 99 per cent; nearly certain.",
        "possible": "May, might, could, cannot be ruled out: no probability is stated.",
        "none": "Asserted without a hedge. So are expects, doubts, fears and is set to, which state no probability.",
    },
    "category": {
        "war": "War that is threatened, breaks out, grows or is fought.",
        "military_buildup": "Forces or arms moved, sold, sent or exercised: deployments, drills, deliveries. Its place is where they stand or go to.",
        "nuclear": "Nuclear weapons: tests, material, threats to use them.",
        "missile": "Missiles: launches, and the danger that they are.",
        "terror": "Terrorist violence, done or feared.",
        "coercion": "Pressure short of war: sanctions as a weapon, blockade, cyber attack, sabotage, hostage taking, ramming, jamming.",
        "instability": "Danger to the stability, security or peace of a region in general words.",
    },
    "kind": {
        "threat": "Feared, warned of, possible or planned.",
        "act": "It happened or is happening, even where that is uncertain.",
    },
    "tone": {
        "negative": "The sentence puts the target in a bad light, or tells bad things of it.",
        "neutral": "It does neither, or both alike.",
        "positive": "It puts the target in a good light, or tells good things of it.",
    },
    "is_attribution": {
        "yes": "Somebody other than the article says, thinks, wants or knows it.",
        "no": "The article's own assertion, a quotation mark of distance, the title of a work, a plan told as a fact, or a statement without a content.",
    },
    "is_threat": {
        "yes": "The smallest phrase that carries the danger or the force; also where the text denies it.",
        "no": "A war of the past as background, danger of weather, sport or markets, or words that only point back (the activity).",
    },
    "is_denied": {
        "yes": "Denied, rejected, ended, withdrawn or lifted: no sign of a nuclear test.",
        "no": "Stated, feared, planned or possible.",
    },
    "is_target": {
        "yes": "A person, a state (its people and troops too) or a body, by name.",
        "no": "Anything else, or only a part of a longer name.",
    },
    "regions": {
        "ids": "Two letters of ISO 3166-1 for a state (JP, KR), else the id of a region; the list is in the sheet places. Only where the danger is: Seoul in a professor at a university in Seoul is not threatened.",
    },
}  # fmt: skip


def meanings(question: Question) -> Mapping[str, str]:
    """Return the meanings of a question's labels."""
    by_list = {"attributions": "source_type", "threats": "category"}
    return MEANINGS.get(by_list.get(question.name, question.name), {})
