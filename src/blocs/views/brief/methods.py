"""How each figure of a brief is computed, in a few sentences each."""

from __future__ import annotations

from typing import Final

from blocs.records import MethodRecord

METHODS: Final = (
    MethodRecord(
        id="method-votes",
        title="Cohesion on votes",
        text="Each vote is 1 (yes), 0 (abstain) or -1 (no); absences are left out. r is the vote "
        "minus the mean vote of the other states on that roll call: of all but the reference power "
        "and, where the roll calls themselves are at hand, the group. C_ij = sum r_i r_j / "
        "sqrt(sum r_i^2 sum r_j^2) over the roll calls both took part in; a group's likeness "
        "is the mean over its pairs. Raw agreement, 1 - |difference| / 2, stands beside it "
        "because it measures conformity as well.",
        code="src/blocs/alignment/cohesion.py",
    ),
    MethodRecord(
        id="method-dyads",
        title="Figures of a pair",
        text="n is the number of roll calls of the period on which both voted yes, abstain or no; "
        "absences are left out, and the years are pooled. agreement = 1 - sum |v_a - v_b| / (2 n) "
        "with votes 1, 0, -1; identical = the share of the n on which both voted the same; "
        "likeness = C_ij. They are what `blocs likeness A B --measure agreement` (or identical) "
        "gives on the same votes. The raw value of the layer is the mean agreement of its "
        "pairs; on another layer, the mean weight of their ties. A tie of a pair is its mean "
        "weight over the years in which it is known.",
        code="src/blocs/alignment/assessment.py",
    ),
    MethodRecord(
        id="method-ties",
        title="Cohesion on ties",
        text="The mean weight of the group's ties, years pooled, minus what the signed degrees of "
        "its members alone would give (k_i k_j / K for positive and for negative ties).",
        code="src/blocs/alignment/cohesion.py",
    ),
    MethodRecord(
        id="method-standing",
        title="Percentile and p",
        text="The group is compared with every group of its size of states for which every pair is "
        "known: all of them up to size 4, 20,000 drawn at random above (with the standard "
        "error). p is the share of groups at least as alike once each state's general "
        "propensity is taken out. A percentile is not a p-value: sets overlap, and this group "
        "was named after somebody looked.",
        code="src/blocs/alignment/nulls.py",
    ),
    MethodRecord(
        id="method-interval",
        title="Intervals",
        text="90 % intervals on votes come from resampling texts 1,000 times where the roll calls "
        "are at hand, each text with all its votes of the period: the same questions come back "
        "every year, and which are put is what could have been otherwise. From yearly sums, and on "
        "ties, whole years are resampled. Of votes that gives an interval that is too narrow, as "
        "texts that come back are in every year. So do fewer than ten years of anything; one gives "
        "none.",
        code="src/blocs/alignment/resampling.py",
    ),
    MethodRecord(
        id="method-motives",
        title="Shield, counter-programme and the rest",
        text="Roll calls are classed by the reference's vote alone. Shield: the reference voted "
        "yes and both are below the mean. Counter-programme: it voted no and both are above. "
        "With the reference: both on its side of the mean. Neutral: it abstained or was "
        "absent. Dissent: the two are on opposite sides. The five parts add up to C_ij "
        "exactly.",
        code="src/blocs/alignment/motives.py",
    ),
    MethodRecord(
        id="method-separation",
        title="Separation from the reference",
        text="Mean C_ij inside the group minus mean C_ij between the group and the reference with "
        "its allies: the states bound to it by a treaty of defence in the last year.",
        code="src/blocs/alignment/axis.py",
    ),
    MethodRecord(
        id="method-nearness",
        title="Likeness to the group on the map",
        text="For each state the mean of C_ij over the members, each in the years of its "
        "membership; a member is compared with the others. Intervals as above. "
        "A state without a roll call in common is not known.",
        code="src/blocs/alignment/nearness.py",
    ),
    MethodRecord(
        id="method-verdict",
        title="The verdict",
        text="A fixed table of rules over separate findings, no composite. Alike: above 95 % of "
        "groups of the size, interval above zero, and p at most 1 %. Against: likeness to the "
        "reference's side below zero and below that within, and more shared by opposing what the "
        "reference supports than by backing what it opposes or by voting with it. Bound: a "
        "treaty of defence between two thirds of the pairs. Axis: against, not unlike, bound, and "
        "bound without any one member. Star: one hub bound to all others, and they hardly to each "
        "other. Front: against and alike. None: not alike or not against. Otherwise not known.",
        code="src/blocs/alignment/axis.py",
    ),
    MethodRecord(
        id="method-left-out",
        title="Leaving one out",
        text="The mean of the group without one member, minus the mean of the whole: below zero, "
        "the member held the group together; above, it is a weak link.",
        code="src/blocs/alignment/brokers.py",
    ),
    MethodRecord(
        id="method-wedge",
        title="Brokers and wedges",
        text="A broker is tied to two members that are not tied to each other; a treaty counts "
        "from non-aggression on. A wedge is a minimum cut: of all splits of the group in two, "
        "the one whose ties across weigh least. `blocs brokers` tells every layer, and clients.",
        code="src/blocs/alignment/wedges.py",
    ),
    MethodRecord(
        id="method-tie-axes",
        title="Grievance and commitment on ties",
        text="Grievance of a pair: the sum over states outside the group of the product of both "
        "members' hostile ties (disputes, sanctions) with it the year before. Commitment: their "
        "friendly tie. From both is taken what degrees alone give, k_i k_j / K; the interval "
        "resamples years. They are two axes and do not add up.",
        code="src/blocs/alignment/grievance.py",
    ),
    MethodRecord(
        id="method-analogues",
        title="Analogues",
        text="Every dated group of the almanac in every window as long as the period, compared on "
        "up to seven shares: likeness, its five classes, and the mean strength of treaties. "
        "The distance is the root mean squared difference over those both have; before 1946 "
        "only treaties can be compared.",
        code="src/blocs/alignment/analogues.py",
    ),
    MethodRecord(
        id="method-facts",
        title="Facts of the almanac",
        text="Each row was written for this project with a citation. Rows that a data set or an "
        "article at hand confirms are checked; the others are drawn hollow and take no part "
        "in any test. Where the almanac and ATOP differ on a pair, the tie is not known.",
        code="src/blocs/almanac/facts/README.md",
    ),
)
