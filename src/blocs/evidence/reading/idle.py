"""Acts in which nobody acts, for all the grammar: what upsets, what looms, a mere warning."""

from __future__ import annotations

from blocs.evidence.events import Act
from blocs.evidence.reading.sectors import role_of
from blocs.evidence.reading.subjects import is_agent, subject_of
from blocs.evidence.syntax.trees import Tree


def does_nothing(tree: Tree, act: Act, named: bool) -> bool:
    """Say whether nobody acts, for all the grammar: "the affair upsets", "what it seeks"."""
    if tree.tags[act.verb][:2] == "NN":
        return False
    idle = any(tree.lows[c] == "what" for c in tree.children[act.verb])
    if idle or _only_warns(tree, act.verb) or _looms(tree, act):
        return True
    subject = subject_of(tree, act.verb)
    if subject is None or is_agent(tree, act.verb) or tree.lows[subject] == "who":
        return False
    if tree.lows[subject] not in ("which", "that"):
        return not named and tree.child(act.verb, "nsubj:pass") is None
    if tree.deps[act.verb] != "acl:relcl":
        return True
    thing = tree.heads[act.verb]
    return tree.tags[thing] in ("NN", "NNS") and not role_of(tree, thing)


def _looms(tree: Tree, act: Act) -> bool:
    """Say whether a thing only threatens to come about ("an axis threatening to spread")."""
    return act.cameo[:2] == "13" and not act.targets and not is_agent(tree, act.verb)


def _only_warns(tree: Tree, v: int) -> bool:
    """Say whether a warning is no threat: of what a third may do, or simply that one was told."""
    if tree.lemmas[v] != "warn":
        return False
    clause = tree.child(v, "ccomp")
    if clause is None:
        cases = {tree.case(c) for c in tree.kids(v, "obl", "obl:agent")}
        passive = tree.child(v, "nsubj:pass") is not None
        return passive and not cases & {"of", "against", "about", "by"}
    own = tree.child(clause, "nsubj")
    third = own is not None and tree.lows[own] not in ("it", "they", "he", "she", "we", "i")
    return third and any(
        tree.lows[c] in ("could", "may", "might") for c in tree.kids(clause, "aux")
    )
