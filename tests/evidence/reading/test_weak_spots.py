"""Where readers go wrong: interposed speakers, fears, open quotations, namesakes, two Congos."""

from datetime import date

import pytest

from blocs.evidence.articles import open_article
from blocs.evidence.claims import read_article, read_sentences


def items(text, kind):
    found = [i for i in read_article(text) if i.kind == kind]
    assert all(text[i.start : i.end] == i.quote for i in found)
    return found


@pytest.mark.parametrize(
    ("text", "quote", "actor"),
    [
        (
            "The deal, France insists, but Poland doubts it, is dead.",
            "The deal, France insists, but Poland doubts it, is dead",
            "FRA",
        ),
        (
            "The ceasefire is dead, Cairo insists, but nobody doubts it.",
            "The ceasefire is dead",
            "EGYGOV",
        ),
    ],
)
def test_a_speaker_between_commas_says_what_stands_around(text, quote, actor):
    [claim] = items(text, "claim")
    assert (claim.quote, [s.actor for s in claim.speakers]) == (quote, [actor])


def test_what_is_only_feared_is_not_asserted():
    [event] = items("Poland fears that Russia will attack.", "event")
    assert (event.certainty, event.hedges) == ("hedged", ["fears"])


def test_what_one_threatens_to_do_is_not_what_one_says():
    assert items("Iran is threatening to close the strait.", "claim") == []


@pytest.mark.parametrize(
    "text",
    [
        "China praised the treaty that Russia and Iran signed.",
        "Iran condemned the strike that Israel launched on Damascus.",
        "Andrea Kendall-Taylor seeks to bring about convergence.",
        "Israel has agreed to a ceasefire with Lebanon.",
    ],
)
def test_what_one_praises_or_seeks_is_not_what_one_says(text):
    assert items(text, "claim") == []
    assert all(not i.speakers for i in read_article(text))


@pytest.mark.parametrize(
    "text",
    [
        "The affair seriously upsets the Chinese authorities.",
        "China provides information from its satellite network to Russia.",
        "Some are rich, some declared anti-Western.",
        "Russia has attacked Ukraine for a thousand days.",
        "The treaty aims to unite Norway and Chile against American “hegemony”.",
    ],
)
def test_feelings_deeds_and_labels_are_no_claims(text):
    assert items(text, "claim") == []


def test_what_looms_is_no_threat_and_accusations_launched_are_no_attack():
    text = "An axis between Iran and Cuba risks much, even threatening to create new tensions."
    assert items(text, "event") == []
    events = items("Peru voiced the accusations launched by Chile against Bolivia.", "event")
    assert [(e.event.plover, e.subject, e.object) for e in events] == [("ACCUSE", ["CHL"], ["BOL"])]


def test_according_to_holds_for_its_own_clause():
    text = "Kim signed the treaty which, according to Norway, will bring peace to Asia."
    [claim] = items(text, "claim")
    assert claim.quote == "will bring peace to Asia"
    assert all(not i.speakers for i in items(text, "event"))


def test_their_alliance_is_between_those_who_strengthen_it():
    text = "Beijing believes that Japan and Peru will use this to strengthen their alliance."
    [event] = items(text, "event")
    assert (event.subject, event.object) == (["JPN"], ["PER"])


def test_of_what_was_taken_the_amount_says_who_took_it():
    [found] = items("It is a part of the 300 villages occupied by Iran in Iraq.", "quantity")
    assert (found.subject, found.object) == (["IRN"], ["IRQ"])
    assert items("Unlike the other two, Iran signed.", "quantity") == []


def test_praise_in_words_is_said():
    [claim] = items("China hailed the treaty as “a new dawn for Asia”.", "claim")
    assert [s.actor for s in claim.speakers] == ["CHN"]


def test_hope_for_a_thing_is_no_claim():
    assert read_article("Germany hopes for a quick deal.") == []


def test_a_quotation_without_an_end_stops_where_its_speaker_is_named():
    text = "“We will never sign, said the minister. France agreed to it."
    [quotation] = items(text, "quotation")
    assert quotation.quote == "We will never sign,"
    assert [s.text for s in quotation.speakers] == ["the minister"]
    assert all(not i.speakers for i in items(text, "event"))


def test_a_straight_quotation_without_an_end_runs_to_the_end_of_its_paragraph():
    text = 'Moscow said: "We will send troops. They will arrive in May.\nA 6" shell fell.'
    [quotation] = items(text, "quotation")
    assert quotation.quote == "We will send troops. They will arrive in May."


def test_whom_a_source_cites_speaks_too():
    text = "The ministry said, citing Ukrainian intelligence, that Iran sent 200 missiles."
    [claim] = items(text, "claim")
    assert [(s.actor, s.text) for s in claim.speakers] == [
        (None, "The ministry"),
        ("UKRSPY", "Ukrainian intelligence"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Greece banned French fries.",
        "Greece banned Turkish delight.",
        "Greece banned Chinese checkers.",
        "Greece banned Brussels sprouts.",
    ],
)
def test_goods_named_after_a_state_are_not_it(text):
    assert all(set(i.object) <= {"GRC"} for i in read_article(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Congo accused Egypt of a raid. Kinshasa recalled its envoy.", ["COD"]),
        ("Congo accused Egypt of a raid. Brazzaville recalled its envoy.", ["COG"]),
        ("Congo accused Egypt of a raid.", []),
        ("Congo accused Egypt of a raid. Rwandan troops stood by.", ["COD"]),
        ("The Democratic Republic of Congo accused Egypt of a raid.", ["COD"]),
    ],
)
def test_which_congo_is_said_by_the_text_or_left_open(text, code):
    event = items(text, "event")[0]
    assert (event.subject, event.object) == (code, ["EGY"])
    noted = any("COD or COG" in note for note in open_article(text).notes)
    assert noted == (not code)


@pytest.mark.parametrize(
    "text",
    [
        "KYIV (Reuters) - Ukraine said that Russia sent 300 tanks.",
        "WASHINGTON, Nov 5 (AP) -- Ukraine said that Russia sent 300 tanks.",
        "SEOUL — Ukraine said that Russia sent 300 tanks.",
    ],
)
def test_a_dateline_is_no_part_of_the_speaker(text):
    [claim] = items(text, "claim")
    assert [(s.actor, s.text) for s in claim.speakers] == [("UKR", "Ukraine")]


def acts(text):
    article = open_article(text, date=date(2025, 6, 20))
    return [(act.plover, act.dyads()) for r in read_sentences(article) for act in r.acts]


@pytest.mark.parametrize(
    ("text", "plover", "dyad"),
    [
        # who tells it at the end is not whom it is done to, be the verb taken for a plural
        ("Iran sent arms to Russia, Seoul's spy service estimates.", "AID", ("IRN", "RUS")),
        # who is told it, where what is said names the speaker's own land
        ("Denmark told Washington that Greenland was not for sale.", "REJECT", ("DNK", "USAGOV")),
        # what is shot down is no weapon of the one who shoots
        ("Algeria shot down a Malian drone near Tamanrasset.", "ASSAULT", ("DZA", "MLIMIL")),
        # what serves an act is aimed at whom the act is
        ("China hit back at South Korea by banning tours.", "SANCTION", ("CHN", "KOR")),
        # a complaint is about somebody, and only lodged with the United Nations
        ("Iraq complained to the United Nations about Turkey.", "ACCUSE", ("IRQ", "TUR")),
        ("The Hague has frozen Russian assets.", "SANCTION", ("NLDGOV", "RUS")),
        ("Washington paused all aid to Ukraine.", "SANCTION", ("USAGOV", "UKR")),
        ("Warsaw extended its ban on Ukrainian grain.", "SANCTION", ("POLGOV", "UKR")),
        ("Dublin moved to outlaw trade with Israeli settlements.", "COERCE", ("IRLGOV", "ISR")),
        ("Kurti accused Belgrade of plotting.", "ACCUSE", ("XKXGOV", "SRBGOV")),
        (
            "A Russian rocket tore through a school in Kherson, killing nine children.",
            "ASSAULT",
            ("RUS", "UKREDU"),
        ),
        ("Kenya struck a bargain with Rwanda.", "SUPPORT", ("KEN", "RWA")),
        ("Panama withdrew from its treaty with China.", "SANCTION", ("PAN", "CHN")),
    ],
)
def test_who_does_what_to_whom(text, plover, dyad):
    assert any(kind == plover and dyad in pairs for kind, pairs in acts(text)), acts(text)


@pytest.mark.parametrize("said", ["Ukraine said", "Ukrainian officials said"])
def test_a_closing_participle_of_speech_is_the_speakers(said):
    """It was given to the drones, or to nobody."""
    found = acts(f"Drones slammed into a block in Ternopil, {said}, blaming Moscow.")
    assert ("ACCUSE", [("UKR" if said == "Ukraine said" else "UKRGOV", "RUSGOV")]) in found


def test_to_call_something_names_is_no_appeal():
    found = acts("Germany called the Chinese decision unacceptable.")
    assert [kind for kind, _ in found] == ["ACCUSE"]


@pytest.mark.parametrize(
    "text",
    [
        "Modi embraced Mr Putin in Tianjin last week.",
        "Trump doubled tariffs on Indian goods to punish Delhi for buying Russian crude.",
        "Chinese banks, fearing American sanctions, have refused payments from Russian firms.",
    ],
)
def test_who_does_a_thing_has_not_said_it(text):
    """They were claims: "Mr Putin in Tianjin last week", by the prime minister of India."""
    assert items(text, "claim") == []


@pytest.mark.parametrize(
    "text",
    [
        "Had Beijing wanted to arm Russia, it could have done so.",
        "Should Taiwan declare independence, China would attack Taiwan.",
        "Were Iran to attack Israel, America would bomb Iran.",
    ],
)
def test_what_did_not_happen_is_conditional(text):
    found = [*items(text, "event"), *items(text, "relation")]
    assert found
    assert {i.certainty for i in found} == {"conditional"}


def test_a_question_with_had_is_no_condition():
    assert all(i.certainty != "conditional" for i in read_article("Had China armed Russia?"))


def test_a_teller_before_a_semicolon_tells_what_stands_before_it():
    """It was given the other's words, and the event to nobody."""
    text = (
        "Iran sold drones to Russia, Seoul's defence ministry says; Ukrainian spies put it at half."
    )
    [claim] = items(text, "claim")
    assert claim.quote == "Iran sold drones to Russia"
    assert [s.actor for s in claim.speakers] == ["KORGOV"]
    assert [i.certainty for i in items(text, "event")] == ["reported"]


def test_it_is_the_nearer_name():
    text = (
        "Russia and Iran signed a treaty in January. China has a pact with North Korea, but "
        "scholars doubt that Beijing would honour it if Pyongyang started a war."
    )
    honour = [i for i in items(text, "event") if "honour" in i.quote]
    assert [i.object for i in honour] == [[]]


def test_since_a_year_says_how_rare_a_thing_is_not_when_it_was():
    [visit] = items("It was the first visit by a Chinese premier to Pyongyang since 2009.", "event")
    assert visit.when is None or visit.when.start is None


WIRE = (
    "SEOUL, March 27, 2025 (Wire) -- North Korea sent 3,000 more soldiers to Russia in January and "
    "February, South Korea's Joint Chiefs of Staff said on Thursday, adding that about 4,000 of "
    "the 11,000 troops had been killed."
)


def test_a_wire_report_is_of_those_who_tell_it():
    """It was told by the Joint Chiefs of the United States, and done by Seoul."""
    article = open_article(WIRE)
    assert article.date == date(2025, 3, 27)
    [event] = [i for i in read_article(WIRE) if i.kind == "event" and "soldiers" in i.quote]
    assert (event.subject, event.object) == (["PRK"], ["RUS"])
    assert (event.certainty, [s.actor for s in event.speakers]) == ("reported", ["KORMIL"])


def test_what_is_denied_is_not_asserted():
    [supplied] = items("Beijing has repeatedly denied supplying weapons to Moscow.", "event")
    assert (supplied.event.plover, supplied.certainty) == ("AID", "denied")


def test_who_is_accused_of_it_does_it():
    text = "Zelensky accused Russia of using North Koreans as cannon fodder and urged China to act."
    found = {(i.event.plover, *i.subject, *i.object) for i in read_article(text) if i.event}
    assert ("COERCE", "RUS", "PRK") in found
    assert all("urged" not in i.quote for i in items(text, "claim"))


def test_who_is_expected_to_do_it_has_not_done_it():
    [visit] = items("Putin is expected to visit Pyongyang later this year.", "event")
    assert (visit.event.plover, visit.subject, visit.object) == ("AGREE", ["RUSGOV"], ["PRKGOV"])
    assert visit.certainty == "hedged"


def test_a_verb_after_an_aside_is_of_the_name_before_it():
    text = (
        "Iran's Foreign Minister Abbas Araghchi, in Moscow for talks with his Russian counterpart "
        "Sergei Lavrov, rejected a U.S. demand that Tehran stop its uranium enrichment."
    )
    assert acts(text)[0] == ("REJECT", [("IRNGOV", "USA")])


@pytest.mark.parametrize(
    "text",
    [
        "She would not say whether the United States planned new sanctions.",
        "A European diplomat asked not to be named.",
        "Japan and South Korea called an emergency meeting of the Security Council.",
    ],
)
def test_who_tells_nothing_claims_nothing(text):
    assert items(text, "claim") == []


def test_to_decline_to_comment_refuses_nobody():
    assert acts("Kremlin spokesman Dmitry Peskov declined to comment.") == []


def test_nuclear_sites_are_no_media():
    [(_, [pair])] = acts("Israel attacked Iranian nuclear sites.")
    assert pair == ("ISR", "IRN")
