"""Acts: who did what to whom; passives, lists, intents, refusals, users' dictionaries."""

from datetime import date

import pytest

from blocs.errors import BadFile
from blocs.evidence.events import find_acts
from blocs.evidence.reading.actors import find_mentions
from blocs.evidence.reading.lexicon import mode, noun_codes, plover, sign, verb_codes
from blocs.evidence.reading.petrarch import read_dictionaries
from blocs.evidence.syntax import parse_sentences


def acts(text, day=date(2024, 6, 20)):
    [tree] = parse_sentences([(text, 0)])
    return find_acts(tree, find_mentions(tree, date=day))


def dyads(text, **options):
    found = acts(text, **options)
    return {(s[:3], t[:3]) for s, t in found[0].dyads()} if found else set()


@pytest.mark.parametrize(
    ("text", "kind", "pairs"),
    [
        ("Iran supplied drones to Russia.", "AID", {("IRN", "RUS")}),
        ("Japan condemned North Korea.", "ACCUSE", {("JPN", "PRK")}),
        ("Lithuania was attacked by Belarus.", "ASSAULT", {("BLR", "LTU")}),
        ("France threatened to impose sanctions on Mali.", "THREATEN", {("FRA", "MLI")}),
        ("Egypt refused to help Sudan.", "REJECT", {("EGY", "SDN")}),
        ("Norway said it would provide aid to Sudan.", "AGREE", {("NOR", "SDN")}),
        ("Brazil urged Venezuela to release the prisoners.", "REQUEST", {("BRA", "VEN")}),
        ("India and Nepal signed a treaty.", "SUPPORT", {("IND", "NPL"), ("NPL", "IND")}),
        ("Turkey expelled three diplomats from Israel.", "SANCTION", {("TUR", "ISR")}),
        ("Peru withdrew its troops from Ecuador.", "RETREAT", {("PER", "ECU")}),
    ],
)
def test_who_did_what_to_whom(text, kind, pairs):
    assert acts(text)[0].plover == kind
    assert dyads(text) == pairs


@pytest.mark.parametrize(
    ("text", "kind", "pairs"),
    [
        # what the tree took for a noun phrase
        ("Turkey massed tanks along its border with Syria.", "MOBILIZE", {("TUR", "SYR")}),
        ("The Greek air force scrambled fighters over Libya.", "MOBILIZE", {("GRC", "LBY")}),
        # places say who, where nobody else does
        ("A Norwegian man was arrested in Moscow.", "COERCE", {("RUS", "NOR")}),
        ("Thousands marched in Baghdad against Kuwait.", "PROTEST", {("IRQ", "KWT")}),
        ("Gunmen abducted five Egyptian engineers in Tripoli.", "ASSAULT", {("LBY", "EGY")}),
        ("Two Turkish soldiers were killed in a Russian air strike.", "ASSAULT", {("RUS", "TUR")}),
        ("Fifty UN observers were pulled out of Mali.", "RETREAT", {("IGO", "MLI")}),
        # both ends of what is done to one another
        (
            "Kyrgyz and Tajik border guards exchanged fire.",
            "ASSAULT",
            {("KGZ", "TJK"), ("TJK", "KGZ")},
        ),
        # whose it is
        ("Tbilisi says Russian jets violated its airspace.", "MOBILIZE", {("RUS", "GEO")}),
        ("Peru praised the Chilean land reform programme.", "SUPPORT", {("PER", "CHL")}),
        ("Libya has refused to let U.N. experts visit the site.", "REJECT", {("LBY", "IGO")}),
        # who says so by protesting, and of whom
        ("Chad is hiding the dead, a human rights group charged.", "ACCUSE", {("NGO", "TCD")}),
        # one noun stands for another, one verb ends what another leaves open
        (
            "The African Union launched a mediation effort between Ethiopia and Eritrea.",
            "CONSULT",
            {("IGO", "ETH"), ("IGO", "ERI")},
        ),
        ("Togo has set up ties with and opened an embassy in Lima.", "SUPPORT", {("TGO", "PER")}),
        # a title without a name, two who meet elsewhere
        ("The Secretary-General thanked Algeria.", "SUPPORT", {("IGO", "DZA")}),
        (
            "The foreign ministers of Peru and Chile met in Vienna.",
            "CONSULT",
            {("PER", "CHL"), ("CHL", "PER")},
        ),
        ("Kenya condemns the attack against Somalia.", "ACCUSE", {("KEN", "SOM")}),
        # a title and a surname
        ("President Clinton appealed to Moscow for restraint.", "REQUEST", {("USA", "RUS")}),
        # irregular verbs, particles, troops that leave
        ("Ottawa froze the assets of three Libyan companies.", "SANCTION", {("CAN", "LBY")}),
        ("Syrian forces shot down a Turkish plane.", "ASSAULT", {("SYR", "TUR")}),
        ("French troops left Niger.", "RETREAT", {("FRA", "NER")}),
    ],
)
def test_who_and_whom_by_grammar(text, kind, pairs):
    day = date(1996, 6, 1) if "Clinton" in text else date(2024, 6, 20)
    [act, *_] = acts(text, day)
    assert (act.plover, {(s[:3], t[:3]) for s, t in act.dyads()}) == (kind, pairs)


def test_where_two_sign_is_not_with_whom():
    assert dyads("Iran and Saudi Arabia signed an agreement in Beijing.") == {
        ("IRN", "SAU"),
        ("SAU", "IRN"),
    }


def test_who_tells_of_the_wounded_has_not_wounded_them():
    found = acts("Lebanon's ministry said 15 people were killed and 40 to 50 wounded.")
    assert all(not act.sources for act in found)


def test_who_warns_what_it_will_do_does_not_threaten_itself():
    [act, *_] = acts("Iran warned that Tehran would respond within days.")
    assert act.targets == ()


def test_the_speaker_at_the_end_is_no_party():
    assert dyads("Iran supplied drones to Russia, Ukrainian officials said on Monday.") == {
        ("IRN", "RUS")
    }


def test_what_is_only_said_is_no_act():
    assert acts("The minister said that the weather was fine.") == []


def test_a_promise_refused_is_a_refusal_and_an_attack_denied_is_none():
    assert acts("Cuba will not help Haiti.")[0].plover == "REJECT"
    assert acts("Peru did not attack Chile.")[0].negated


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("The Washington Post asked Seoul.", ["outlet", "actor"]),
        ("A North Korea specialist spoke.", ["topic"]),
        ("He works (now in Washington).", ["place"]),
    ],
)
def test_names_that_are_no_actors(text, uses):
    [tree] = parse_sentences([(text, 0)])
    assert [m.use for m in find_mentions(tree)] == uses


def test_office_holders_are_those_of_the_day():
    [tree] = parse_sentences([("Bush met Shevardnadze.", 0)])
    found = {m.code: m.role for m in find_mentions(tree, date=date(2002, 5, 1))}
    assert found == {"USA": "GOV", "GEO": "GOV"}
    later = {m.role for m in find_mentions(tree, date=date(2020, 5, 1))}
    assert later == {"ELI"}


def test_every_code_of_the_lexicon_has_a_type_and_a_sign():
    codes = {c for rows in verb_codes().values() for c, _ in rows} | set(noun_codes().values())
    for code in codes - {"010"}:
        assert plover(code), code
        assert -1 <= sign(code) <= 1
        assert mode(code) is None or mode(code).islower()
    assert sign("190") < 0 < sign("072")


def test_a_users_dictionary_replaces_the_names():
    own = read_dictionaries(
        "GONDOR [GON]\n+MINAS_TIRITH # capital\nFRODO\n\t[HOB <950601]\n\t[HOBGOV > 19950601]\n",
        agents="!M! = MINISTER, MINISTRY\n!M!_OF_WAR [~GOV]\n",
        verbs="--- HAIL [041] ---\n- * LOUDLY_DRUM [999]\n",
    )
    assert own.agents["ministry of war"] == "GOV"
    [tree] = parse_sentences([("Frodo hailed Minas Tirith.", 0)])
    found = find_mentions(tree, date=date(1996, 1, 1), own=own)
    assert [m.code for m in found] == ["HOBGOV", "GON"]
    [act] = find_acts(tree, found, verbs=own.verbs)
    assert act.cameo == "041"
    assert act.dyads() == [("HOBGOV", "GON")]


def test_a_file_that_is_no_dictionary():
    with pytest.raises(BadFile):
        read_dictionaries("just some words\n")


@pytest.mark.parametrize(
    ("text", "kind", "pairs"),
    [
        ("Iraq struck Kuwait on Friday.", "ASSAULT", {("IRQ", "KWT")}),
        ("Finland joined NATO in March 2023.", "", set()),
        ("Manila ruled out talks with Beijing.", "REJECT", {("PHL", "CHN")}),
        ("Syria fired dozens of rockets at Jordan.", "ASSAULT", {("SYR", "JOR")}),
        ("Iran shipped 400 missiles to Russia.", "AID", {("IRN", "RUS")}),
        ("Peru, Chile and Ecuador condemned Bolivia.", "ACCUSE", None),
        ("If Chad attacks Libya, the United States will retaliate.", "ASSAULT", {("TCD", "LBY")}),
    ],
)
def test_what_a_verb_does_hangs_on_what_it_is_done_to(text, kind, pairs):
    found = acts(text)
    assert (found[0].plover if found else "") == kind
    three = {("PER", "BOL"), ("CHL", "BOL"), ("ECU", "BOL")}
    assert dyads(text) == (three if pairs is None else pairs)


@pytest.mark.parametrize(
    "text",
    [
        "No Polish soldiers attacked Belarus.",
        "Poland sent no weapons to Belarus.",
        "Nobody attacked Belarus.",
    ],
)
def test_what_none_did_is_negated(text):
    assert [a.negated for a in acts(text)][:1] in ([True], [])


@pytest.mark.parametrize(
    "text",
    [
        "Ships crossed the South China Sea.",
        "The Korean War ended.",
        "Michael Jordan met reporters.",
        "Georgia governor Brian Kemp spoke.",
        "Fires burned in Savannah, Georgia.",
        "Washington state burned.",
        "Paris Hilton arrived.",
        "The Paris Agreement was signed.",
        "Iranian-made drones fell.",
        "The Jordan River flooded.",
    ],
)
def test_wars_waters_people_and_american_states_are_no_state(text):
    [tree] = parse_sentences([(text, 0)])
    assert [m.code for m in find_mentions(tree) if m.code not in ("", "USA")] == []


def test_where_two_met_is_not_whom_they_met():
    assert dyads("Prime Minister Narendra Modi and President Xi Jinping met in Kazan.") == {
        ("IND", "CHN"),
        ("CHN", "IND"),
    }


def test_it_is_who_acted_before():
    [_, attack] = acts("Egypt seized the Suez Canal, and Britain attacked it.")
    assert (attack.plover, attack.dyads()) == ("ASSAULT", [("GBR", "EGY")])


@pytest.mark.parametrize(
    ("text", "kind", "pairs"),
    [
        ("US, Cuba extend tariff truce", "RETREAT", {("USA", "CUB"), ("CUB", "USA")}),
        ("US accuses Iran of piracy.", "ACCUSE", {("USA", "IRN")}),
        ("Spain to send tanks to Ukraine", "AGREE", {("ESP", "UKR")}),
        ("The Ministry of Foreign Affairs of Peru thanked Chile.", "SUPPORT", {("PER", "CHL")}),
        ("Chad says Libyan planes bombed two of its oases.", "ASSAULT", {("LBY", "TCD")}),
        ("Togo freed hundreds of political prisoners.", "RETREAT", {("TGO", "TGO")}),
        (
            "Thai soldiers exchanged fire with Lao troops.",
            "ASSAULT",
            {("THA", "LAO"), ("LAO", "THA")},
        ),
        ("Kenya invited Uganda to the talks.", "REQUEST", {("KEN", "UGA")}),
    ],
)
def test_headlines_ministries_owners_and_exchanges(text, kind, pairs):
    [act, *_] = acts(text)
    assert (act.plover, {(s[:3], t[:3]) for s, t in act.dyads()}) == (kind, pairs)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Peru abrogated the treaty with Chile.", "SANCTION"),
        ("Norway airdropped food over Sudan.", "AID"),
        ("Prussia defeated Denmark.", "ASSAULT"),
        ("Iran smuggled rifles to Yemen.", "AID"),
        ("Bahrain reopened its embassy in Syria.", "SUPPORT"),
    ],
)
def test_rarer_verbs(text, kind):
    assert acts(text)[0].plover == kind
