"""Articles: canonical text, exact offsets, sentences, repairs, bad input."""

import hashlib
from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.errors import BadFile, BadInput
from blocs.evidence.articles import open_article, repairs_in
from blocs.evidence.reading.sentences import split_sentences
from blocs.evidence.reading.tokens import cut_words


def sentences(text):
    article = open_article(text)
    return [article.text[a:b] for a, b in article.sentences]


@pytest.mark.parametrize(
    "text",
    [
        "He met Gen. A. Petraeus and Mr. Smith at 6 a.m. in Washington.",
        "“I agree,” said V. V. Putin of the U.S. plan.",
        "It needs shells today,” summarized a professor at the University of Oslo. , cited by AFP.",
        "The U.S. Army arrived.",
        "What is it? he asked.",
        "Prices rose 0.5 percent vs. 2.5 before.",
    ],
)
def test_one_sentence_stays_one(text):
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Seoul protested. Tokyo agreed.", 2),
        ("“Go.” He left.", 2),
        ("Is it so? It is! Really.", 3),
        ("He left the U.S. The army stayed.", 2),
        ("Title without stop\nThe text begins here.", 2),
        ("Desperation can lead to danger. »\n\nThree of the four agree.", 2),
    ],
)
def test_sentence_counts(text, count):
    assert len(sentences(text)) == count


def test_hard_wrapped_lines_are_joined():
    line = "The minister said on Monday that the troops would be sent to the\n"
    text = line + "border with the neighbouring state and that the reserves would be\n"
    text += "called up before the winter, which many in the capital had long\nfeared. They were.\n"
    assert len(sentences(text)) == 2


def test_boilerplate_is_left_out_and_on_record():
    article = open_article("Seoul protested.\n* * * * *\nTokyo agreed.\nsource site-48\nLatest\n")
    assert [article.text[a:b] for a, b in article.sentences] == [
        "Seoul protested.",
        "Tokyo agreed.",
    ]
    assert [r.quote for r in article.repairs] == ["* * * * *", "source site-48", "Latest"]


def test_damage_is_on_record():
    text = "kyiv bought more 300 drones, said onthe radio The WorldChina with photos satellite."
    found = {(r.quote, r.reading) for r in open_article(text).repairs}
    assert found == {
        ("kyiv", "Kyiv"),
        ("more 300", "more than 300"),
        ("onthe", "on the"),
        ("WorldChina", "World China"),
        ("photos satellite", "satellite photos"),
    }


def test_the_hash_is_of_the_bytes():
    raw = "Łódź\r\nis a city.".encode()
    article = open_article(raw)
    assert article.sha256 == hashlib.sha256(raw).hexdigest()
    assert article.text == "Łódź\r\nis a city."


def test_the_date_is_given_or_flagged():
    page = (
        '<html><head><meta property="article:published_time" content="2024-06-20T08:00"></head>'
        "<body><p>Seoul said on Monday that it would not agree to this.</p></body></html>"
    )
    assert open_article(page).date == date(2024, 6, 20)
    assert open_article(page).date_from == "inferred"
    given_day = open_article(page, date=date(2024, 7, 1))
    assert (given_day.date, given_day.date_from) == (date(2024, 7, 1), "given")
    assert open_article("Seoul protested.").date_from is None


def test_html_is_extracted_with_a_map_to_the_bytes():
    page = (
        "<!doctype html><html><head><title>News</title><script>var a='<p>no</p>'</script></head>"
        "<body><nav><a href='#'>Home</a></nav><p>The “axis” of Kraków &amp; Łódź said it "
        "<b>would</b>   meet.</p><script>alert('x')</script></body></html>"
    )
    raw = page.encode()
    article = open_article(raw)
    assert article.text == "The “axis” of Kraków & Łódź said it would meet."
    assert "alert" not in article.text
    for word in ("axis", "Kraków", "Łódź", "would", "meet"):
        at = article.text.index(word)
        a, b = article.byte_span(at, at + len(word))
        assert raw[a:b].decode() == word
    at = article.text.index("&")
    a, b = article.byte_span(at, at + 1)
    assert raw[a:b] == b"&amp;"


def test_plain_text_maps_to_bytes():
    raw = "Zażółć: Kraków".encode()
    a, b = open_article(raw).byte_span(8, 14)
    assert raw[a:b].decode() == "Kraków"


@pytest.mark.parametrize("raw", [b"", b"  \n ", "", b"<html><body><script>x</script></body>"])
def test_nothing_to_read(raw):
    with pytest.raises(BadInput):
        open_article(raw)


@pytest.mark.parametrize("raw", [b"%PDF-1.7 x", b"PK\x03\x04zip", bytes(range(256)), b"a\x00b" * 9])
def test_binary_is_refused(raw):
    with pytest.raises(BadFile):
        open_article(raw)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{\n "schema": "blocs.corrections/1",\n "corrections": []}', "review --import takes it"),
        ('{"schema":"blocs.read/1","articles":[]}', "written by blocs"),
        ('{"id":"2408f58c","article":"6e79","kind":"claim"}', "written by blocs"),
    ],
)
def test_what_blocs_wrote_is_no_article(text, words):
    with pytest.raises(BadFile, match=words):
        open_article(text)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadFile):
        open_article(tmp_path / "nowhere.txt")


def test_other_encodings_are_told():
    article = open_article("Le président a parlé à Kiev hier soir.".encode("cp1252"))
    assert article.text.startswith("Le président")
    assert any("UTF-8" in note for note in article.notes)
    assert open_article("Seoul met.".encode("utf-16")).text == "Seoul met."


def test_another_language_is_told():
    text = (
        "Le président a déclaré que les troupes étaient arrivées à la frontière du pays voisin. "
        * 4
    )
    assert any("English" in note for note in open_article(text).notes)


def test_long_text_is_cut_aloud():
    article = open_article("Seoul protested. " * 1000, max_chars=500)
    assert len(article.text) == 500
    assert any("500" in note for note in article.notes)


def test_lone_surrogates_are_replaced_aloud():
    article = open_article("Seoul \ud800 said.")
    assert article.text == "Seoul \ufffd said."
    assert article.notes


@given(st.text(max_size=300))
def test_spans_are_exact_on_any_text(text):
    spans = split_sentences(text)
    at = 0
    for a, b in spans:
        assert at <= a < b <= len(text)
        assert not text[at:a].strip()
        assert text[a:b] == text[a:b].strip()
        at = b
    assert not text[at:].strip()


@given(st.text(max_size=200))
def test_words_cover_all_but_white_space(text):
    at = 0
    for a, b in cut_words(text):
        assert at <= a < b
        assert not text[at:a].strip()
        at = b
    assert not text[at:].strip()


@given(st.text(alphabet=st.sampled_from("<>/pabsc&;\"' \n-!x"), max_size=120))
def test_any_markup_is_survived(text):
    try:
        article = open_article("<p>" + text + "</p>")
    except BadInput:
        return
    assert all(article.text[a:b].strip() for a, b in article.sentences)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw):
    try:
        article = open_article(raw)
    except BadInput:
        return
    assert article.text.strip()


def test_mixed_encodings_keep_a_map_to_the_bytes():
    raw = "Köln said “yes”. ".encode() + "Zürich said no to Russia.".encode("latin-1")
    article = open_article(raw)
    at = article.text.index("Zürich")
    start, end = article.byte_span(at, at + 6)
    assert raw[start:end].decode("latin-1") == "Zürich"
    assert raw[slice(*article.byte_span(5, 9))] == b"said"


def test_repairs_near_a_span_are_found_among_many():
    article = open_article("kyiv spoke. " * 300)
    assert len(article.repairs) == 300
    assert [r.start for r in repairs_in(article, [(1200, 1212)])] == [1200]
    assert [r.start for r in repairs_in(article, [(0, 4), (1201, 1202)])] == [0, 1200]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 200_000,
        "Ab" * 100_000,
        "-" * 200_000,
        "---" + " " * 200_000 + "x",
        "advertisement\na@b.cd\n" * 10_000,
        "<p>Kyiv</p>" + "<a" * 100_000,
        "<p>Kyiv</p>" + "<script " * 25_000,
        "<p>Kyiv</p>" + "<!" * 100_000,
        "<p>Kyiv</p>" + "<title>" * 30_000,
    ],
    ids=lambda text: text[:16],
)
def test_text_made_to_hold_the_reader_up_does_not(text):
    begun = process_time()
    open_article(text)
    assert process_time() - begun < 5  # grew with the square of the length: minutes


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("A quartet\nBy Nadia Orlova\n14 October 2025", "2025-10-14"),
        ("October 14, 2025", "2025-10-14"),
        ("2025-10-14", "2025-10-14"),
        ("Updated: Tue, Oct. 14, 2025 at 5:03 p.m. ET", "2025-10-14"),
        ("On 14 October 2025 Russia attacked Ukraine.", None),
        ("14 October 2025\n15 October 2025", None),
        ("14/10/2025", None),
    ],
)
def test_the_day_of_a_plain_text_is_a_line_that_is_nothing_else(head, day):
    article = open_article(f"{head}\n\nRussia attacked Ukraine on Friday. It was the third attack.")
    assert (article.date and article.date.isoformat()) == day
    assert article.date_from == ("inferred" if day else None)
