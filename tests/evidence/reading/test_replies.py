"""A sentence that only answers the one before stands in the chain of what was said there."""

from __future__ import annotations

import pytest

from blocs.evidence.claims import read_article

SAID = "South Korea said that North Korea had sent 10,000 soldiers to Russia. "
Link = tuple[str | None, str, str]


def chain(text: str) -> list[Link]:
    [event] = [i for i in read_article(text) if i.kind == "event" and "10,000" in i.quote]
    for s in event.speakers:
        assert text[s.start : s.end] == s.text
    return [(s.actor, s.role, s.cue) for s in event.speakers]


@pytest.mark.parametrize(
    ("reply", "link"),
    [
        ("Moscow denied it.", ("RUSGOV", "denier", "denied")),
        ("Russia firmly rejected the claim.", ("RUS", "denier", "firmly rejected")),
        ("The United States confirmed this.", ("USA", "confirmer", "confirmed")),
        ("Washington confirmed the report.", ("USAGOV", "confirmer", "confirmed")),
    ],
)
def test_a_reply_is_a_link_of_the_chain(reply: str, link: Link) -> None:
    assert chain(SAID + reply) == [("KOR", "speaker", "said"), link]


def test_two_replies_answer_the_same_and_in_order() -> None:
    told = chain(SAID + "Moscow denied it. Washington confirmed it.")
    assert [role for _, role, _ in told] == ["speaker", "denier", "confirmer"]


@pytest.mark.parametrize(
    "other",
    [
        "Moscow did not confirm it.",
        "Moscow denied that it had sent drones.",
        "Moscow denied the charges of corruption.",
        "Moscow rejected a treaty.",
        "Kyiv protested. Moscow denied it.",
    ],
)
def test_what_answers_something_else_is_no_link(other: str) -> None:
    assert chain(SAID + other) == [("KOR", "speaker", "said")]


def test_what_the_article_itself_says_can_be_denied() -> None:
    told = chain("North Korea sent 10,000 soldiers to Russia. Moscow denied it.")
    assert told == [("RUSGOV", "denier", "denied")]


@pytest.mark.parametrize(
    "text",
    [
        "South Korea's spy agency said on Friday that Russia had sent 10,000 soldiers to Syria.",
        "South Korea said on Friday that Russia had sent 10,000 soldiers to Syria.",
        "South Korea said in Geneva that Russia had sent 10,000 soldiers to Syria.",
        "South Korea said on 5 May that Russia had sent 10,000 soldiers to Syria.",
    ],
)
def test_a_day_before_that_does_not_cut_off_what_is_said(text: str) -> None:
    items = {i.kind: i for i in read_article(text)}
    assert items["claim"].quote == text[text.index("that") :].removesuffix(".")
    for kind in ("event", "quantity"):
        assert [s.actor for s in items[kind].speakers] == ["KOR"]
        assert items[kind].certainty == "reported"
