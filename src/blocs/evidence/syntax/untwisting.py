"""Trees that went wrong in ways that news has: the verb, a subject or an agent found again."""

from __future__ import annotations

from itertools import pairwise

_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_NAMED = frozenset({"NNP", "NNPS", "CD"})
_TIMES = frozenset({"today", "yesterday", "tomorrow", "day", "week", "weekend", "month", "year"})
_TIMES |= {"morning", "afternoon", "evening", "night"}
_DAYS = frozenset(
    [
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january"),
        *("february", "march", "april", "may", "june", "july", "august", "september", "october"),
        *("november", "december"),
    ]
)
_TELLS = frozenset({"estimates", "reports", "claims", "states", "forecasts", "projects"})
_SAYING = frozenset(
    [
        *("blaming", "accusing", "calling", "citing", "warning", "vowing", "condemning"),
        *("denouncing", "urging", "describing", "demanding", "insisting", "threatening"),
    ]
)
_HARMING = frozenset({"killing", "wounding", "injuring", "destroying", "damaging", "hitting"})
_TOLD = frozenset({"said", "says", "added", "reported", "announced", "claimed", "confirmed"})
_LISTED = ("conj", "appos", "nmod", "obl", "dep")
_MOVED = (
    *("crossed", "marched", "advanced", "entered", "arrived", "landed", "rolled", "poured"),
    *("retreated", "withdrew", "voted", "agreed", "protested", "rallied", "demonstrated"),
    *("clashed", "deployed", "appealed", "complained"),
)


def untwist(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> tuple[list[str], list[int], list[str]]:
    """Find the verb of a sentence that was taken for a noun phrase.

    "North Korea expelled inspectors" is at times read as inspectors that were expelled: a
    participle hung on its own object. A participle that has a subject is a verb, and so is one
    right after a name, or one with an object, in a sentence without any other.

    Returns
    -------
    (list of str, list of int, list of str)
        Tags, heads and labels; the ones given are changed in place.
    """
    root = next((i for i, h in enumerate(heads) if h == i), None)
    if root is not None and tags[root][:2] == "NN" and not _FINITE & set(tags):
        held = {deps[i] for i, h in enumerate(heads) if h == root}
        if tags[root] == "NN" and {"nsubj", "obj"} <= held:
            tags[root] = "VBD"
        _give_a_subject(root, tags, heads, deps)
        _lift_the_verb(root, words, tags, heads, deps)
    if root is not None and tags[root][:3] == "NNP":
        _lift_the_listed(root, tags, heads, deps)
    for v in [v for v, label in enumerate(deps) if label == "amod"]:
        subject = any(h == v and deps[i] == "nsubj" and i < v for i, h in enumerate(heads))
        if subject and heads[v] > v:
            noun = heads[v]
            heads[v] = v if heads[noun] == noun else heads[noun]
            deps[v] = deps[noun]
            heads[noun], deps[noun], tags[v] = v, "obj", "VBD"
    _make_active(tags, heads, deps)
    _step_over_the_aside(words, tags, heads, deps)
    _make_perfect(words, tags, heads, deps)
    _end_with_the_teller(words, tags, heads, deps)
    _tell_after_a_comma(words, tags, heads, deps)
    _free_the_infinitive(words, tags, heads, deps)
    _hang_on_the_speaker(words, tags, heads, deps)
    _hang_on_the_clause(words, tags, heads, deps)
    _hang_on_the_saying(words, tags, heads, deps)
    _join_subjects(words, tags, heads, deps)
    _give_back_the_object(words, tags, heads, deps)
    _give_back_the_subject(words, tags, heads, deps)
    _find_agents(words, tags, heads, deps)
    return tags, heads, deps


def _make_active(tags: list[str], heads: list[int], deps: list[str]) -> None:
    """Give a verb that has an object and no auxiliary its subject: "Kurti accused Belgrade"."""
    for subject in [i for i, label in enumerate(deps) if label == "nsubj:pass"]:
        v = heads[subject]
        held = {deps[i] for i, h in enumerate(heads) if h == v and i != v}
        if tags[v] == "VBN" and "obj" in held and not {"aux", "aux:pass", "obl:agent"} & held:
            deps[subject], tags[v] = "nsubj", "VBD"


def _step_over_the_aside(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Give a verb the name before an aside: "Araghchi, in Moscow with Lavrov, rejected it"."""
    for first in [i for i, label in enumerate(deps) if label == "nsubj"]:
        near = heads[first]
        verb = heads[near]
        nouns = tags[first][:2] == "NN" and tags[near][:2] == "NN"
        if not nouns or deps[near] != "nsubj" or not first < near < verb:
            continue
        if "," not in words[first:near] or "," not in words[near:verb]:
            continue
        for i, h in enumerate(heads):
            if h == near and i < near and deps[i] != "flat":
                heads[i] = first
        heads[first], heads[near], deps[near] = verb, first, "appos"


def _make_perfect(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Make one verb of two: "has frozen Russian assets" is no owning of frozen ones."""
    for v in [i for i, word in enumerate(words[:-2]) if word in ("has", "have", "had")]:
        done, noun = v + 1, heads[v + 1]
        hung = tags[done] == "VBN" and deps[done] == "amod" and words[v + 2][0].isupper()
        if not hung or heads[noun] != v or deps[noun] != "obj":
            continue
        heads[done], deps[done] = (done if heads[v] == v else heads[v]), deps[v]
        for i, h in enumerate(heads):
            if h == v and i != done:
                heads[i] = done
        heads[v], deps[v] = done, "aux"


def _end_with_the_teller(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Make a verb of the plural that ends a sentence: "..., Seoul's spy service estimates."."""
    v = len(words) - (2 if words[-1] == "." else 1)
    if v < 2 or tags[v] != "NNS" or words[v] not in _TELLS or tags[v - 1][:2] != "NN":
        return
    comma = max((i for i in range(v) if words[i] == ","), default=-1)
    between = [tags[i][:2] for i in range(comma + 1, v)]
    root = next((i for i, h in enumerate(heads) if h == i), v)
    if comma <= 0 or root > comma or {"VB", "MD", "IN", "TO", "CC"} & set(between):
        return
    for i in range(comma + 1, v - 1):
        heads[i] = v - 1 if heads[i] == v else heads[i]
    heads[v - 1], deps[v - 1] = v, "nsubj"
    heads[v], deps[v], tags[v] = root, "parataxis", "VBZ"


def _tell_after_a_comma(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Give a verb of telling the name before it: "..., South Korea's Joint Chiefs said"."""
    for v in [i for i, word in enumerate(words) if word in _TOLD and tags[i][:2] == "VB"]:
        if v < 4 or any(h == v and deps[i].startswith("nsubj") for i, h in enumerate(heads)):
            continue
        noun = v - 1
        comma = max((i for i in range(v) if words[i] == ","), default=-1)
        while comma < heads[noun] < v and heads[noun] != noun:
            noun = heads[noun]
        one = tags[noun][:2] == "NN" and tags[v - 1][:2] == "NN" and noun > comma > 0
        between = {tags[i][:2] for i in range(comma + 1, v)}
        root = next((i for i, h in enumerate(heads) if h == i), v)
        if not one or deps[noun] not in _LISTED or root >= comma or "VB" in between:
            continue
        heads[noun], deps[noun] = v, "nsubj"
        heads[v], deps[v] = root, "parataxis"


def _free_the_infinitive(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Give an infinitive the noun that it was hung on: "Dublin moved to outlaw trade with"."""
    for to in [i for i, word in enumerate(words[:-2]) if word == "to" and deps[i] == "case"]:
        v, noun = to + 1, heads[to]
        if tags[v] != "VB" or deps[v] != "compound" or heads[v] != noun:
            continue
        verb = heads[noun]
        if verb >= to or tags[verb][:2] != "VB":
            continue
        heads[to], deps[to] = v, "mark"
        heads[noun], deps[noun] = v, "obj"
        for i in range(noun + 1, len(words)):
            if heads[i] == verb and deps[i].startswith(("obl", "nmod")):
                heads[i] = v
        heads[v], deps[v] = verb, "xcomp"


def _hang_on_the_speaker(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Give a closing participle of speech to who speaks: "Kyiv said drones hit, blaming Moscow"."""
    for v in [i for i, tag in enumerate(tags) if tag == "VBG" and words[i] in _SAYING]:
        act = heads[v]
        if words[v - 1] != "," or act > v:
            continue
        if deps[v] == "advcl" and deps[act] == "ccomp":
            heads[v] = heads[act]
        elif deps[v] == "ccomp":
            deps[v] = "advcl"


def _hang_on_the_clause(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Give a participle after a comma to the clause: "hit a playground, killing nine"."""
    for v in [i for i, tag in enumerate(tags) if tag == "VBG" and deps[i] == "acl"]:
        noun = heads[v]
        verb = heads[noun]
        harmed = any(h == v and deps[i] == "obj" for i, h in enumerate(heads))
        after = words[v - 1] == "," and noun < v - 1 and deps[noun] in ("obj", "obl")
        if after and harmed and words[v] in _HARMING and tags[verb][:2] == "VB":
            heads[v], deps[v] = verb, "advcl"


def _hang_on_the_saying(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Hang a clause with "that" on its verb, not on the day or place before it.

    "Seoul said on Friday that Pyongyang had sent troops": no Friday had sent them.
    """
    for that in [i for i, word in enumerate(words) if word.lower() == "that" and deps[i] == "mark"]:
        clause = heads[that]
        noun = verb = heads[clause]
        if noun >= that:
            continue
        when_or_where = deps[noun].startswith(("obl", "nmod")) and (
            tags[noun] in _NAMED or words[noun].lower() in _TIMES
        )
        while tags[verb][:2] != "VB" and heads[verb] != verb:
            verb = heads[verb]
        hung = deps[clause].startswith("acl") and when_or_where
        if tags[verb][:2] == "VB" and (hung or (verb == noun and deps[clause] == "obj")):
            heads[clause], deps[clause] = verb, "ccomp"


def _give_a_subject(root: int, tags: list[str], heads: list[int], deps: list[str]) -> None:
    """Hang a name before a participle on it: "Turkey massed tanks", "Taylor armed rebels"."""
    near = [i for i in range(1, root) if heads[i] == root]
    v = next((i for i in near if deps[i] == "amod" or tags[i] == "VBN"), root)
    if v == root or tags[v] not in ("VBN", "JJ"):
        return
    deps[v] = "amod"
    name = heads[v - 1] if deps[v - 1] == "flat" else v - 1
    label = deps[name]
    named = tags[v] == "VBN" and tags[name][:2] == "NN" and label in ("compound", "nmod")
    if heads[name] in (root, v) and (named or label == "nsubj"):
        heads[name], deps[name] = v, "nsubj"
        for i in range(name):
            if heads[i] in (root, v) and deps[i] in ("det", "amod", "compound", "nmod:poss"):
                heads[i] = name


def _lift_the_verb(
    root: int, words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Set a participle above the noun it was hung on: "Mugabe blamed Britain"."""
    below = [i for i, h in enumerate(heads) if h == root and i > root]
    after = next((i for i in below if deps[i] == "appos"), None)
    v = next((i for i, h in enumerate(heads) if h == after and deps[i] == "amod"), None)
    v = v if v is not None else next((i for i in below if deps[i] in ("acl", "amod")), None)
    if v is None or tags[v] != "VBN" or v < root:
        return
    held = {deps[i] for i, h in enumerate(heads) if h == v}
    active = (after is not None and after > v) or "obj" in held or words[v] in _MOVED
    if "obl:agent" in held or not active:
        return
    for i in [i for i in below if i > v]:
        heads[i], deps[i] = v, {"appos": "obj", "nmod": "obl"}.get(deps[i], deps[i])
    if heads[v] == after and after is not None:
        for i in [i for i, h in enumerate(heads) if h == after and i > after]:
            heads[i], deps[i] = v, {"nmod": "obl"}.get(deps[i], deps[i])
    heads[v], deps[v], tags[v] = v, "root", "VBD"
    heads[root], deps[root] = v, "nsubj"


def _lift_the_listed(root: int, tags: list[str], heads: list[int], deps: list[str]) -> None:
    """Set a verb above the name it was listed with: "Recep Tayyip Erdogan accused Bibi"."""
    v = next((i for i, h in enumerate(heads) if h == root and deps[i] == "list"), None)
    if v is None or tags[v] not in ("VBD", "VBZ") or heads[v - 1] != root != v - 1:
        return
    for i in [i for i, h in enumerate(heads) if h == root and (i > v or deps[i] == "punct")]:
        heads[i], deps[i] = v, {"list": "obj", "nmod": "obl"}.get(deps[i], deps[i])
    heads[root], deps[root], heads[v], deps[v] = v, "nsubj", v, "root"


def _join_subjects(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Make one list of two subjects that only a comma parts: "Norway, Sweden and Denmark"."""
    subjects = [i for i, label in enumerate(deps) if label == "nsubj"]
    for one, two in pairwise(subjects):
        same = heads[one] == heads[two] and two < heads[two]
        if same and words[one + 1 : two] == (",",) and tags[one] in _NAMED and tags[two] in _NAMED:
            heads[two], deps[two] = one, "conj"
            for i, h in enumerate(heads):
                if h == two and deps[i] == "conj":
                    heads[i] = one


def _give_back_the_object(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Give a verb the names after it that were listed with the subject of the next clause.

    "Russia bombed Aleppo and Idlib, and Turkey condemned it": Aleppo condemned nothing.
    """
    for v in [i for i, label in enumerate(deps) if label == "conj" and tags[i] in _FINITE]:
        first, before = next((i for i, h in enumerate(heads) if h == v), v), heads[v]
        held = {deps[i] for i, h in enumerate(heads) if h == before}
        if deps[first] != "nsubj" or first != before + 1 or "obj" in held:
            continue
        listed = [i for i in range(first + 1, v) if heads[i] == first and deps[i] == "conj"]
        last = listed[-1] if listed else first
        if last > first and words[last - 2 : last] == (",", "and"):
            heads[first], deps[first] = before, "obj"
            heads[last], deps[last] = v, "nsubj"


def _give_back_the_subject(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Give a clause the names before it that were listed with an object before.

    "Egypt seized the canal, and Britain and France attacked it": they were not seized.
    """
    for v in [i for i, label in enumerate(deps) if label == "conj" and tags[i] in _FINITE]:
        if any(h == v and deps[i].startswith("nsubj") for i, h in enumerate(heads)):
            continue
        first = v
        while first and (tags[first - 1] in _NAMED or words[first - 1] in ("and", "the", "The")):
            first -= 1
        names = [i for i in range(first, v) if tags[i] in _NAMED and deps[i] == "conj"]
        listed = [i for i in names if not first <= heads[i] < v and heads[i] != v]
        if len(listed) == 1 and tags[v - 1] in _NAMED and words[first - 1 : first] == (",",):
            heads[listed[0]], deps[listed[0]] = v, "nsubj"


def _find_agents(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Name the agent of a passive as such: "was received in Paris by Macron"."""
    passive = {h for i, h in enumerate(heads) if deps[i] == "aux:pass"}
    for by in [i for i, w in enumerate(words) if w == "by" and deps[i] == "case"]:
        noun = heads[by]
        verb = heads[noun]
        if words[noun].lower() in _DAYS:
            deps[noun] = "obl" if deps[noun] == "obl:agent" else deps[noun]
            continue
        if deps[noun] == "nmod" and verb < by and deps[verb] in ("obj", "obl"):
            verb = heads[verb]
        elif deps[noun] != "obl":
            continue
        if verb in passive and tags[noun][:3] == "NNP":
            heads[noun], deps[noun] = verb, "obl:agent"
