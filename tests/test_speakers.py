"""Who a source is: names, pronouns, descriptions, bodies and documents of one article, with type, role and affiliation."""

import re
import time

import pytest

from analysis import attributions, lexicons, nested
from analysis.reader import Entity, Span
from analysis.speakers import Register, Speaker, affiliation, source_type

#: text (one source, or the sources before it in brackets), what the last source is: speaker, type, named; why this case
WHO = [
    ("[Ana Ruiz, an analyst at the Orrin Centre,] spoke. [Ruiz]", ("Ana Ruiz", "expert", True), "a surname"),
    ("[Han Tae-gyun, an analyst,] spoke. [Han]", ("Han Tae-gyun", "expert", True), "a surname that comes first"),
    ("[Ranya el-Tom, a historian,] spoke. [el-Tom]", ("Ranya el-Tom", "expert", True), "a surname with an article"),
    ("[Ana Ruiz, an analyst,] spoke. [She]", ("Ana Ruiz", "expert", True), "a pronoun"),
    ("[Ana Ruiz, an analyst,] spoke. In [her] view", ("Ana Ruiz", "expert", True), "a possessive pronoun"),
    ("Sohaila Mirzan, an anthropologist, walked the line. The gate, [she]", ("Sohaila Mirzan", "expert", True), "a pronoun for somebody not cited before"),
    ("[Ana Ruiz, an analyst, and Bo Vale, a former colonel who advises the Orrin Centre,] agree. [He]", ("Bo Vale", "expert", True), "a pronoun tells two apart"),
    ("[Bo Vale, a baker,] spoke of his oven. [Ana Ruiz, who sells tea,] wept. [He]", ("Bo Vale", "witness", True), "a pronoun goes past somebody of the other sex"),
    ("[Ana Ruiz, an analyst,] spoke. [The analyst]", ("Ana Ruiz", "expert", True), "a description"),
    ("[Ana Ruiz, a retired colonel at the Orrin Centre,] spoke. [The former officer]", ("Ana Ruiz", "expert", True), "a former office"),
    ("[Ana Ruiz, an analyst,] spoke. [Bo Vale, a nurse,] wept. [The analyst]", ("Ana Ruiz", "expert", True), "a description goes past the last one cited"),
    ("[Ana Ruiz, a nurse,] spoke. [Bo Ruiz, a baker,] spoke. [Ruiz]", ("", "other", False), "two people of one surname stay apart"),
    ("[Kim Dae-wonn, a professor,] spoke. [Kim Seo-yunn, the governor,] spoke. [Professor Kim]", ("Kim Dae-wonn", "expert", True), "a title tells two apart"),
    ("[Ana Ruiz, an analyst,] spoke. [Bo Vale, a historian,] spoke. [Both scholars]", ("Ana Ruiz; Bo Vale", "expert", True), "both"),
    ("[Ana Ruiz and Bo Vale of the Orrin Centre]", ("Ana Ruiz; Bo Vale", "expert", True), "one body for two"),
    ("[Ana Ruiz and Bo Vale of the Orrin Centre] spoke. [They]", ("Ana Ruiz; Bo Vale", "expert", True), "they"),
    ("[Western diplomats] spoke. [they]", ("", "official", False), "they, unnamed"),
    ("[They]", ("", "other", False), "nobody to point at"),
    ("[She]", ("", "other", False), "no woman to point at"),
    ("Johanna Voss is a military sociologist at the Spree Academy. [Voss]", ("Johanna Voss", "expert", True), "a credential told in a sentence"),
    ("Brig. Gen. Hashim Awad spoke. [The army's chief spokesman, Brig. Gen. Hashim Awad,]", ("Hashim Awad", "military", True), "an office before the name"),
    ("[Energy minister Doina Rusu]", ("Doina Rusu", "official", True), "a title"),
    ("[Her colleague, the physicist Amos Reich,]", ("Amos Reich", "expert", True), "kinship is no credential"),
    ("[Pavlo, an infantryman,]", ("Pavlo", "witness", True), "a first name alone"),
    ("[Adam Ishaq, 31,]", ("Adam Ishaq", "witness", True), "an age"),
    ("[Moscow]", ("Russia", "state", True), "a capital stands for its government"),
    ("[Georgetown]", ("Guyana", "state", True), "a capital that only the aliases know"),
    ("[Pyongyang] spoke. Then [it]", ("North Korea", "state", True), "it"),
    ("[France, Britain and Germany]", ("France; United Kingdom; Germany", "state", True), "three states"),
    ("Russia and North Korea signed. [The two governments]", ("Russia; North Korea", "state", True), "the two states above"),
    ("North Korea fired. [the North]", ("North Korea", "state", True), "an alias whose speaker is named"),
    ("Mali burns. [the North]", ("", "other", False), "an alias whose speaker is not named"),
    ("[The Pentagon]", ("United States Department of Defense", "official", True), "an alias"),
    ("[South Korea's Joint Chiefs of Staff]", ("South Korea's Joint Chiefs of Staff", "military", True), "a body keeps its country"),
    ("[Beijing's embassy in Suva]", ("China's embassy in Suva", "official", True), "a body of a government named by its capital"),
    ("China sent ships, which [its armed forces]", ("China's armed forces", "military", True), "whose armed forces"),
    ("BAMAKO — Mali waits. [The army]", ("Mali's army", "military", True), "the army of the dateline"),
    ("Mali and Niger wait. [The army]", ("", "military", False), "the army of one of two states"),
    ("The Orrin Peace Forum met. [A paper by the forum]", ("Orrin Peace Forum", "document", True), "a document by a body named above"),
    ("[A report by the Meridian Institute]", ("Meridian Institute", "document", True), "who issued a document"),
    ("[a survey by a Seoul newspaper]", ("", "document", False), "a document by nobody named"),
    ("[two diplomats who have read the report]", ("", "official", False), "people with a document are none"),
    ("[The Houthis]", ("Houthis", "organisation", True), "an armed group"),
    ("[the aid group River Relief]", ("River Relief", "organisation", True), "a body behind its kind"),
    ("[its manager, the Marrow Line]", ("Marrow Line", "organisation", True), "a body in apposition"),
    ("[The Incheon Evening Sheet]", ("Incheon Evening Sheet", "media", True), "a newspaper"),
    ("[Ukrainian officials]", ("", "official", False), "people of a state"),
    ("[Somalia's information minister]", ("", "official", False), "an office without a name"),
    ("[a spokesman for the Eastern Theatre Command]", ("", "military", False), "who speaks for soldiers"),
    ("[Keith Scott's wife]", ("", "witness", False), "somebody's wife is not somebody"),
    ("[analysts]", ("", "expert", False), "unnamed experts"),
    ("[Dealers]", ("", "other", False), "a capital at the beginning of a sentence"),
    ("[Police]", ("", "official", False), "a noun at the beginning of a sentence"),
    ("[Abkhazians themselves]", ("", "other", False), "a people"),
    ("[The government of President Daniel Noboa]", ("", "official", False), "a government is not its president"),
    ("[Ana Ruiz of the Institute for Peace and Arms, and Bo Vale, a baker at Orrin University,]", ("Ana Ruiz; Bo Vale", "expert", True), "an *and* inside of a body"),
    ("[Ana Ruiz, a criminologist at the Observatory on Crime and Violence,]", ("Ana Ruiz", "expert", True), "a body's last word is no second person"),
    ("[Two analysts, Ana Ruiz of the Orrin Centre and Bo Vale of Aden Watch,]", ("Ana Ruiz; Bo Vale", "expert", True), "a plural in front of two names"),
    ("[Ana Ruiz – no relation of the pilot – of the Orrin Centre]", ("Ana Ruiz", "expert", True), "an aside between dashes"),
    ("[Her former teacher, Bo Vale, a fellow of the Orrin Centre,]", ("Bo Vale", "expert", True), "whose teacher somebody was is no credential where there is another"),
    ("[The retired colonel Bo Vale, a fellow of the Orrin Centre,] spoke. [The colonel]", ("Bo Vale", "expert", True), "a title told before another credential"),
    ("[Torgeir Aune, a skipper who lives by his boat,] spoke. [Marit Aune] spoke. [Ms Aune]", ("Marit Aune", "other", True), "a title excludes the man of the same surname"),
    ("Widad Seif counts herself among the pessimists. [The historian, who left Khartoum,]", ("Widad Seif", "expert", True), "a first credential for the name just above"),
    ("Widad Seif left. Later [Ana Ruiz, a nurse,] spoke. [The historian]", ("", "expert", False), "but not for a name further above"),
    ("They read the report of the international envoy, Count Leo Harrach. [The envoy]", ("Leo Harrach", "official", True), "a credential before a name"),
    ("It blamed Los Tiburones, a gang that deals in rifles. [The gang]", ("Los Tiburones", "organisation", True), "what the text calls a name"),
    ("the European naval mission moved. [The mission]", ("European naval mission", "military", True), "a body in small letters"),
    ("[The gang]", ("", "organisation", False), "no gang to point at"),
    ("[The Court of Appeal]", ("Court of Appeal", "official", True), "a name goes over *of*"),
    ("[The Federal Prosecutor's rapporteur]", ("", "official", False), "an office that one person holds"),
    ("[Kinshasa’s ambassador to the United Nations]", ("", "official", False), "an office of a state is not its body"),
    ("[Observers sent by Malaysia]", ("", "expert", False), "whom a state sent is not the state"),
    ("[a log seen by Nordpress]", ("", "document", False), "who saw a document did not write it"),
    ("[A poll taken on Friday by Cifras Claras]", ("Cifras Claras", "document", True), "who made a document"),
    ("The ship sank. Its crew swam. [The captain, Bo Vale,]", ("Bo Vale", "witness", True), "the captain of a ship"),
    ("The army fled. [The captain, Bo Vale,]", ("Bo Vale", "military", True), "the captain of soldiers"),
    ("[Nimco, eleven,]", ("Nimco", "witness", True), "an age in words"),
    ("The phrase, which Ana Ruiz found in a ledger, upset many. Wars, [she]", ("Ana Ruiz", "other", True), "the only person above, in whatever part of the sentence"),
    ("The phrase, which the policeman Bo Vale found in a ledger, upset many. Wars, [she]", ("", "other", False), "but not of the other sex"),
    ("[a deckhand on the dhow Al Barakah]", ("", "witness", False), "a ship is not a sailor"),
    ("[A driver, Malam Bo Vale,]", ("Bo Vale", "witness", True), "a courtesy of another language is no name"),
    ("[Daw Ana Ruiz] spoke. [She]", ("Ana Ruiz", "other", True), "a courtesy tells the sex"),
    ("[Dorothy Daw]", ("Dorothy Daw", "other", True), "but a name where it ends one"),
    ("[Pak Jong Vale]", ("Pak Jong Vale", "other", True), "and no courtesy where it is a surname as often"),
    ("[ANA RUIZ]: The tunnel. HOST: So? [RUIZ]", ("Ana Ruiz", "other", True), "a transcript's capitals"),
    ("SHRI BO VALE: Will the Minister state it? Later [Shri Vale]", ("Bo Vale", "other", True), "a question's capitals"),
    ("[NATO]: no comment. [NORDPRESS]", ("NORDPRESS", "organisation", True), "capitals that name nobody's surname stay"),
    ("In “The Ninth Hinge” rockets come by night. [She]", ("", "other", False), "a book is not its heroine"),
    ("Ana Ruiz, a poet, wrote “The Ninth Hinge”. In it [she]", ("Ana Ruiz", "witness", True), "a pronoun goes past a book"),
    ("The Member for Wrekin Vale moved that. [He]", ("", "other", False), "a constituency is no member"),
    ("[Bo Vale, an analyst at the think-tank Albion Forward,] spoke. [He]", ("Bo Vale", "expert", True), "a think-tank is not its scholar"),
    ("The tanker Ana Ruiz burned. [She]", ("", "other", False), "nor a ship"),
    ("We rang Ana Ruiz of the Orrin Centre. Bo Vale, a nurse, slept. We spoke to Cem Dale of the Orrin Centre. [He]", ("Cem Dale", "expert", True), "a body behind a name brings somebody in"),
    ("It came from the chief, Brig. Gen. Bo Vale, [who]", ("Bo Vale", "military", True), "a relative pronoun behind a name"),
    ("Bo Vale and many others, [who]", ("", "other", False), "but not behind others"),
    ("Bo Vale, a general, is dead." + " The mangoes were excellent." * 40 + " [He]", ("Bo Vale", "military", True), "the one person of an obituary"),
    ("[Somebody in Orrin]", ("", "other", False), "an indefinite word is no name"),
    ("[The Chair]", ("", "other", False), "nor is the chair"),
    ("[Army Region]", ("Army Region", "military", True), "a region is no surname"),
    ("[the Joint Committee on Defence Stocks]", ("Joint Committee on Defence Stocks", "organisation", True), "what a committee is on is no person"),
    ("[Newlyweds Ana and Bo Vale]", ("Ana Vale; Bo Vale", "other", True), "one surname for two"),
    ("[Ruiz and Bo Vale]", ("Ruiz; Bo Vale", "other", True), "two surnames are not shared"),
    ("[Ana Ruiz, a nurse,] spoke. [Bo Vale, a baker,] spoke. [Ruiz and Vale alike]", ("Ana Ruiz; Bo Vale", "witness", True), "alike"),
    ("[A sergeant of the 10th Corps, call sign Librarian,]", ("Librarian", "military", True), "a call sign may be a trade"),
    ("[the Russian side]", ("Russia", "state", True), "a side is a state"),
    ("[the other side]", ("", "other", False), "but not any side"),
    ("[Furious Athens]", ("Greece", "state", True), "a capital in a mood"),
    ("[The United States]", ("United States", "state", True), "which a name is not"),
    ("[United Russia]", ("United Russia", "other", True), "nor a party's"),
    ("[a defiant Tehran]", ("Iran", "state", True), "a mood behind an article"),
    ("[the Government of Athens]", ("Government of Athens", "official", True), "a noun is no mood"),
    ("SEOUL, Feb. 9 (Wire) -- North Korea fired. [the Joint Chiefs of Staff (JCS)] spoke. [the JCS]", ("South Korea's Joint Chiefs of Staff", "military", True), "a body's letters, and the dateline's country"),
    ("The Orrin Relief Network (ORN) left. [the ORN]", ("Orrin Relief Network", "organisation", True), "letters that the text spells out"),
    ("Ana Ruiz (SNP) left. [the SNP]", ("SNP", "organisation", True), "letters beside a name that are not its own"),
    ("[The ministry of agriculture in Brasília]", ("Brazil's ministry of agriculture", "official", True), "a ministry in a capital"),
    ("[A report by the Meridian Institute] warns. [Its authors]", ("Meridian Institute", "document", True), "who wrote a document"),
    ("In a report [the Meridian Institute] warns. [the authors]", ("Meridian Institute", "document", True), "who wrote what a body put out"),
    ("[The authors]", ("", "other", False), "nobody wrote anything"),
    ("Lt. Gen. Bo Vale wrote a paper. [the General]", ("Bo Vale", "military", True), "a rank in short"),
    ("[UN observers]", ("UN observers", "organisation", True), "people of the United Nations"),
]  # fmt: skip


def last(text: str, entities: tuple[Entity, ...] = ()) -> Speaker:
    plain, spans = "", []
    for part in text.replace("[", "\0[").replace("]", "]\0").split("\0"):
        if part.startswith("["):
            spans.append((len(plain), len(plain) + len(part) - 2))
        plain += part.strip("[]") if part.startswith("[") else part
    people = Register(plain, entities)
    return [people.resolve(*span) for span in spans][-1]


@pytest.mark.parametrize(("text", "expected", "why"), WHO, ids=[w[2] for w in WHO])
def test_who(text: str, expected: tuple[str, str, bool], why: str) -> None:
    assert last(text)[:3] == expected, why


#: source, role, affiliation
CREDENTIALS = [
    ("Oliver Jia, an expert on North Korea and Japan,", "an expert on North Korea and Japan", ""),
    ("Leif Easley, a professor at Ewha University in Seoul,", "a professor at Ewha University in Seoul", "Ewha University"),
    ("Zareen Kohat, a former ambassador now at the Indus Forum", "a former ambassador now at the Indus Forum", "Indus Forum"),
    ("Fraser Dunn, who served in the Royal Navy and is now with the Torrens Institute,", "who served in the Royal Navy and is now with the Torrens Institute", "Torrens Institute"),
    ("Odile Shuti, a historian of the Great Lakes at the Ruzizi Institute,", "a historian of the Great Lakes at the Ruzizi Institute", "Ruzizi Institute"),
    ("Bo Vale of the Orrin Policy Workshop", "", "Orrin Policy Workshop"),
    ("President Adoum Kosso", "President", ""),
    ("Professor Siri Kvalvik of the Varanger School of Security Studies", "Professor", "Varanger School of Security Studies"),
    ("Lt. Gen. (retd) Javed Qureshi of the Margalla Strategy Circle", "Lt. Gen. (retd)", "Margalla Strategy Circle"),
    ("Mozambique's defence minister, Celso Tumbo,", "Mozambique's defence minister", ""),
    ("a doctor, who asked not to be named,", "", ""),
    ("Ukrainian officials", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("source", "role", "body"), CREDENTIALS, ids=[c[0][:30] for c in CREDENTIALS])
def test_role_and_affiliation(source: str, role: str, body: str) -> None:
    assert last(f"[{source}]")[3:] == (role, body)


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        ("a retired air marshal who heads the Deccan Trust", "expert"),
        ("a retired brigadier who heads the Yamuna Group for Strategy", "expert"),
        ("Retired air marshal at Bosporus Council", "expert"),
        ("a retired major at the Dockers Union", "military"),
        ("of the Prut Analytical Group", "expert"),
        ("head of munitions research at the Tigris Forensics Group", "expert"),
        ("a source in the general staff", "military"),
        ("a source at the interior ministry", "official"),
        ("a friend in Paris", "witness"),
        ("a spokesman for the Rapid Support Forces", "organisation"),
        ("three people with knowledge of the contract", "other"),
        ("officials in three neighbouring countries", "official"),
        ("one in three", "witness"),
        ("captain of the trawler", "witness"),
        ("a lawyer for one of them", "other"),
        ("chief executive of a shipyard", "other"),
        ("police captain", "official"),
        ("the security council", "official"),
        ("the UN Security Council", "organisation"),
        ("a defence attaché turned analyst", "expert"),
        ("who teaches alliance politics at Hanul University", "expert"),
        ("head of the Gulf programme at the Lyons Council on Strategy", "expert"),
        ("a volcanologist", "expert"),
        ("a student at Hanul University", "witness"),
        ("a retired postman", "witness"),
        ("a former deputy defence minister", "official"),
        ("the ministry's spokesman", "official"),
        ("a spokesperson for the airline", "organisation"),
        ("president of the Chamber of Shipping", "organisation"),
        ("the commander of the 3rd brigade", "military"),
        ("a correspondent for Radio Sahel", "media"),
        ("small groups of protesters", "witness"),
        ("an opposition lawmaker", "other"),
        ("a person familiar with the file", "other"),
    ],
)
def test_source_type(role: str, kind: str) -> None:
    assert source_type(role) == kind


@pytest.mark.parametrize(
    ("role", "body"),
    [
        ("a lawyer at the Tindouf Legal Clinic who has documented forty strikes", "Tindouf Legal Clinic"),
        ("a fisherman from Hodeidah", ""),
        ("the governor of the border province", ""),
        ("a drone pilot with the 58th brigade", "58th brigade"),
        ("a spokesman for the Taliban administration", "Taliban administration"),
        ("a speechwriter for George Bush", ""),
        ("Republican National Committee Chairman", "Republican National Committee"),
    ],
)
def test_affiliation(role: str, body: str) -> None:
    assert affiliation(role) == body


def test_an_entity_only_adds_candidates() -> None:
    text = "[lastivka] spoke."
    assert last(text).speaker == ""
    named = "[Al Barakah]"
    assert last(named).speaker == "Al Barakah"
    assert last(named, (Entity("organisation", 0, 10),))[:3] == ("Al Barakah", "organisation", True)
    assert last("[Ana Ruiz, an analyst,]", (Entity("place", 0, 3),)).speaker == "Ana Ruiz"


@pytest.mark.parametrize(
    ("text", "entity", "speaker"),
    [
        ("[A teacher from Lund]", "Lund", ""),
        ("[Residents of Parakou]", "Parakou", ""),
        ("[The expert of the centre “Dostuk-Prognoz”, Ana Ruiz,]", "Dostuk-Prognoz", "Ana Ruiz"),
        ("[Lorry drivers on the road]", "Lorry", ""),
        ("[The government of President Bo Vale]", "Bo Vale", ""),
        ("[Guy-Lesly Vale, a nurse,] spoke. [He]", "Lesly Vale", "Guy-Lesly Vale"),
        ("[lastivka]", "lastivka", ""),
    ],
)
def test_a_person_of_the_reader_is_not_who_stands_beside_it(text: str, entity: str, speaker: str) -> None:
    at = re.sub(r"[\[\]]", "", text).index(entity)
    assert last(text, (Entity("person", at, at + len(entity)),)).speaker == speaker


def test_an_organisation_of_the_reader_shares_no_surname() -> None:
    text = "[Mie Vale, a nurse,] spoke. Vale Precision grew. [Ms Vale]"
    assert last(text, (Entity("organisation", 25, 39),)).speaker == "Mie Vale"
    surname = "[Mie Vale, a nurse,] spoke. [Vale]"
    assert last(surname, (Entity("organisation", 25, 29),)).speaker == "Mie Vale"


def test_a_cue_without_a_source_shares_the_one_before() -> None:
    text = "Ana Ruiz, a nurse, said that war is near and warned of hunger."
    place = {
        w: (text.index(w), text.index(w) + len(w))
        for w in ("Ana Ruiz, a nurse,", "said", "that war is near", "warned of", "hunger")
    }
    spans = [
        Span(role, *place[w], link)
        for role, w, link in (
            ("source", "Ana Ruiz, a nurse,", 0),
            ("cue", "said", 0),
            ("content", "that war is near", 0),
            ("cue", "warned of", 1),
            ("content", "hunger", 1),
        )
    ]
    assert [r["speaker"] for r in attributions.rows("a", text, spans)] == ["Ana Ruiz", "Ana Ruiz"]  # fmt: skip


NESTED = [
    ("The leadership there believes that it is encircled, and that worries me.", ("The leadership there", "believes", "that it is encircled"), "a clause with that"),
    ("But my own sources report that boats have been bought.", ("my own sources", "report", "that boats have been bought"), "but belongs to the outer clause"),
    ("War is near, according to the ministry.", ("the ministry", "according to", "War is near"), "according to"),
]  # fmt: skip
NOT_NESTED = [
    ("I think that war is near.", "the speaker's own opinion"),
    ("A false claim that boats were bought is going round.", "a noun"),
    ("If Seoul says that war is near, we leave.", "a condition"),
    ("The nonstop demands that come with the office are heavy.", "a relative clause"),
    ("He told that story himself.", "a demonstrative"),
    ("He called it “a white line and a column of water”.", "marks of the outer speaker"),
]


@pytest.mark.parametrize(("said", "expected", "why"), NESTED, ids=[n[2] for n in NESTED])
def test_an_attribution_inside_another(said: str, expected: tuple[str, str, str], why: str) -> None:
    text = f"Vale said: {said}"
    found = nested.find(
        text, [Span("source", 0, 4, 3), Span("cue", 5, 9, 3), Span("content", 11, len(text), 3)]
    )
    assert {s.link for s in found} == {4}
    assert {s.role: text[s.start : s.end] for s in found} == dict(zip(("source", "cue", "content"), expected, strict=True)), why  # fmt: skip


@pytest.mark.parametrize(("said", "why"), NOT_NESTED, ids=[n[1] for n in NOT_NESTED])
def test_none_inside(said: str, why: str) -> None:
    assert nested.find(said, [Span("content", 0, len(said), 0)]) == [], why


def test_marks_of_the_outer_speaker_do_not_make_the_inner_one_direct() -> None:
    assert attributions.quote_type([(20, 30)], [(0, 40)], (10, 14)) == "indirect"
    assert attributions.quote_type([(20, 30)], [(20, 30)], (10, 14)) == "direct"


@pytest.mark.parametrize("name", ["sources", "aliases"])
def test_the_types_of_the_lexicons_are_known(name: str) -> None:
    columns = {
        "sources": ("term", "source_type"),
        "aliases": ("alias", "speaker", "source_type", "affiliation"),
    }
    known = "expert official military intelligence state organisation media document witness other".split()
    assert [x for x in lexicons.read(name, *columns[name]) if x["source_type"] not in known] == []


def test_time_grows_with_the_text_and_not_faster() -> None:
    sentence = "Ana Ruiz, an analyst at the Orrin Centre, said that war is near. "

    def seconds(n: int) -> float:
        at = [i * len(sentence) for i in range(n)]
        spans = [
            s
            for i, b in enumerate(at)
            for s in (
                Span("source", b, b + 41, i),
                Span("cue", b + 42, b + 46, i),
                Span("content", b + 47, b + 63, i),
            )
        ]
        start = time.process_time()
        attributions.rows("a", sentence * n, spans)
        return time.process_time() - start  # fmt: skip

    seconds(50)
    assert seconds(3000) < 20 * max(seconds(600), 0.02)
