"""Records at the edges: what `blocs brief --json` says, and what the page is drawn from.

Field names are the JSON keys. A number that is not known is null, never zero.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from blocs.shown import Shown


class Named(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An actor by id and name."""

    id: str
    name: str


class YearMembers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Members of a group in one year."""

    year: int
    members: tuple[str, ...]


class GroupRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The group asked about."""

    label: str
    slug: str
    members: tuple[Named, ...]
    by_year: tuple[YearMembers, ...]
    membership_changes: bool
    members_at: int | None


class PeriodRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The period asked for, and how far the almanac reaches."""

    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    known_through: str


class ReferenceRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The power the group is measured against."""

    id: str
    name: str
    allies: tuple[str, ...]
    allies_rule: str
    within: float | None
    across: float | None
    to_reference: float | None
    gap: float | None
    low: float | None
    high: float | None
    level: float


class FeedRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which data set lights a layer in which years."""

    dataset: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")


class PointRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One year of a layer: the group's value on the band of groups of its size."""

    year: int
    value: float
    low: float
    high: float
    raw: float
    pairs: int
    size: int


class LeftOutRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A layer without one member: below zero, the member held the group together."""

    member: str
    own: float | None
    without: float | None
    change: float | None


class LayerRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One layer: how firm the group is on it, against groups of its size.

    ``raw`` is the plain mean over pairs, ``residual`` what is left after the
    world's mean (votes) or after signed degrees (ties). ``percentile`` is among
    ``groups`` groups of the same size of ``states`` states; ``p`` is the share
    of those at least as alike once each state's general propensity is taken out.
    """

    name: str
    title: str
    rule: str
    lit: bool
    why_dark: str
    feeds: tuple[FeedRecord, ...]
    unit: str
    raw: float | None
    residual: float | None
    low: float | None
    high: float | None
    level: float
    interval: str
    years: tuple[int, ...]
    pairs: int
    possible_pairs: int
    items: int | None
    percentile: float | None
    percentile_error: float | None
    exact: bool | None
    groups: int | None
    states: int | None
    p: float | None
    null_model: str
    holes: tuple[tuple[str, str], ...]
    series: tuple[PointRecord, ...]
    left_out: tuple[LeftOutRecord, ...]
    warnings: tuple[str, ...]
    citation: str
    method: str


class VotesRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Votes of one pair, pooled over the period."""

    n: int
    agreement: float
    identical: float
    likeness: float | None
    shield: float | None
    counter: float | None
    with_reference: float | None
    neutral: float | None
    dissent: float | None


class IssueRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Votes of one pair on one issue; roll calls can be about several issues."""

    issue: str
    title: str
    n: int
    agreement: float
    identical: float


class TieRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Mean tie of one pair on one layer over the period."""

    layer: str
    weight: float | None


class DyadRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One pair of members: where they agree and differ."""

    a: str
    b: str
    votes: VotesRecord | None
    issues: tuple[IssueRecord, ...]
    differs_most_on: str | None
    ties: tuple[TieRecord, ...]


class MotiveRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One class of residual likeness; the five add up to the group's likeness."""

    name: str
    meaning: str
    value: float
    low: float | None
    high: float | None


class MotiveYear(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The classes in one year."""

    year: int
    shield: float
    counter: float
    with_reference: float
    neutral: float
    dissent: float


class MotivesRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Raw likeness beside residual, and the residual split by class."""

    raw: float | None
    residual: float | None
    classes: tuple[MotiveRecord, ...]
    series: tuple[MotiveYear, ...]
    level: float
    why_dark: str
    method: str


class AttributeRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dated property of a state."""

    kind: str
    value: str
    start: str | None
    end: str | None
    checked: bool
    source: str


class MemberRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One member: what it is, and what the group is without it."""

    id: str
    name: str
    joined: int
    attributes: tuple[AttributeRecord, ...]
    left_out: tuple[LeftOutRecord, ...]


class TreatyRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A treaty between members, by obligation."""

    id: str
    name: str
    members: tuple[str, ...]
    signed: str | None
    start: str | None
    end: str | None
    in_force: str
    obligations: tuple[str, ...]
    against: tuple[str, ...]
    atop: str | None
    checked: bool
    confirmed_by: str
    source: str
    note: str
    row: str


class TellingRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an article tells a fact: the exact words and their place."""

    article: str
    name: str
    published: str | None
    span_start: int
    span_end: int
    quote: str
    statement: str
    copied: bool


class SupportRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rung of the ladder of support, as somebody told it.

    ``told_in`` are the places in the articles of this brief that tell it.
    """

    id: str
    theatre: str
    supporter: str
    recipient: str
    rung: str
    level: int
    what: str
    low: float | None
    high: float | None
    value: float | None
    unit: str | None
    per: str | None
    part_of: str | None
    start: str | None
    end: str | None
    reported: str | None
    speaker: str
    claim: str
    confirmation: tuple[str, ...]
    quote: str
    checked: bool
    confirmed_by: str
    source: str
    note: str
    row: str
    told_in: tuple[TellingRecord, ...] = ()


class RedLineRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line a state said it would not cross."""

    actor: str
    theatre: str
    rung: str
    level: int
    stated_by: str
    text: str
    start: str | None
    quote: str
    checked: bool
    source: str
    told_in: tuple[TellingRecord, ...] = ()


class AnalogueRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group of history and its distance to the group asked about."""

    group: str
    name: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    members: tuple[str, ...]
    distance: float
    dimensions: tuple[str, ...]
    likeness: float | None
    shield: float | None
    counter: float | None
    dissent: float | None
    treaties: float | None


class FindingRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finding the verdict rests on: yes, no or not known."""

    name: str
    holds: str
    sentence: str
    layer: str


class SentenceRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sentence of the verdict, the figure in it and where that comes from."""

    text: str
    figure: str
    source: str
    anchor: str


class VerdictRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The graded verdict: none, front, star, axis or not known."""

    grade: str
    headline: str
    sentences: tuple[SentenceRecord, ...]
    findings: tuple[FindingRecord, ...]
    would_change: tuple[str, ...]
    hindsight: str
    rules: str


class SourceRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A source the brief rests on."""

    id: str
    title: str
    version: str
    first: int | None = msgspec.field(name="from")
    last: int | None = msgspec.field(name="to")
    licence: str
    citation: str
    page: str


class CitationRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The work behind the source id of a row: where a reader can verify it."""

    key: str
    citation: str
    url: str


class MethodRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a figure was computed."""

    id: str
    title: str
    text: str
    code: str


class ArticleSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An article that a brief was given."""

    sha256: str
    name: str
    title: str | None
    date: str | None
    date_from: str | None
    reader: str
    items: int
    copy_of: str | None


class ToldRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact that articles tell about members, with every telling and who stands for it.

    ``chain`` is the order of saying, confirming and denying; ``conflicts`` are ids of facts
    that tell it otherwise; ``credence`` is for sources of middling reliability, its bounds for
    less and more reliable ones.
    """

    id: str
    kind: str
    about: tuple[str, ...]
    figure: float | None
    unit: str | None
    chain: tuple[str, ...]
    n_sources: int
    n_denials: int
    credence: float
    low: float
    high: float
    conflicts: tuple[str, ...]
    tellings: tuple[TellingRecord, ...]


class ForetoldRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A forecast that an article tells: whose, of what, from when to when."""

    id: str
    chain: tuple[str, ...]
    low: float | None
    high: float | None
    unit: str | None
    said: str | None
    opens: str | None
    closes: str | None
    tellings: tuple[TellingRecord, ...]


class NearnessRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How alike a state votes to the members of the group, on average."""

    actor: str
    likeness: float
    low: float | None
    high: float | None
    members: int
    items: int


class Brief(Shown, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a brief says, for machines and for the page."""

    shown_by: ClassVar[str] = "brief"

    schema: str
    command: str
    version: str
    group: GroupRecord
    period: PeriodRecord
    reference: ReferenceRecord
    verdict: VerdictRecord
    layers: tuple[LayerRecord, ...]
    dyads: tuple[DyadRecord, ...]
    motives: MotivesRecord
    members: tuple[MemberRecord, ...]
    heterogeneity: tuple[str, ...]
    treaties: tuple[TreatyRecord, ...]
    support: tuple[SupportRecord, ...]
    red_lines: tuple[RedLineRecord, ...]
    analogues: tuple[AnalogueRecord, ...]
    warnings: tuple[str, ...]
    sources: tuple[SourceRecord, ...]
    methods: tuple[MethodRecord, ...]
    citations: tuple[CitationRecord, ...] = ()
    holding: tuple[SentenceRecord, ...] = ()
    articles: tuple[ArticleSource, ...] = ()
    told: tuple[ToldRecord, ...] = ()
    foretold: tuple[ForetoldRecord, ...] = ()
    nearness: tuple[NearnessRecord, ...] = ()
