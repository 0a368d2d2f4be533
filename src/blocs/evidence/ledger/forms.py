"""Forms of support and the words that name them, each with its rung of the ladder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from blocs.schemas import RUNGS


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which an outsider is drawn into a war.

    Attributes
    ----------
    name, rung : str
        What it is called; its rung in :data:`blocs.schemas.RUNGS`. Volunteers and mercenaries
        are private persons, no state's support: rung ``none``.
    pattern : str
        Regular expression of the nouns that name it.
    """

    name: str
    rung: str
    pattern: str

    @property
    def level(self) -> int:
        """Return the number of the rung."""
        return RUNGS.index(self.rung)


FORMS: Final = (
    Form("volunteers", "none", r"volunteers?|international brigades?|foreign fighters?"),
    Form("mercenaries", "none", r"mercenar(?:y|ies)|private military contractors?"),
    Form(
        "munitions",
        "munitions",
        r"(?:artillery |mortar )?(?:shells?|rounds?)(?: of ammunition)?|ammunition|munitions?"
        r"|cartridges|bullets|explosives?|artillery (?:shells?|rounds?)",
    ),
    Form(
        "dual use",
        "dual_use",
        r"technolog(?:y|ies)|know-how|knowledge|spare parts?|components?|microelectronics|chips?"
        r"|semiconductors?|machine tools?|dual-use goods|equipment",
    ),
    Form(
        "advisers",
        "intelligence",
        r"advis[eo]rs?|instructors?|trainers?|military missions?",
    ),
    Form(
        "intelligence",
        "intelligence",
        r"(?:satellite )?(?:intelligence|imagery|images|information)|targeting data"
        r"|reconnaissance(?: data)?|satellite (?:data|photos)",
    ),
    Form(
        "weapons",
        "weapons",
        r"lethal (?:aid|weapons?|arms|assistance|support)|(?:ballistic |cruise |anti-tank |"
        r"air defen[cs]e )?missiles?|rockets?|drones?|UAVs?|tanks?|howitzers?|artillery|guns"
        r"|launchers?|(?:fighter )?(?:jets?|aircraft|planes)|helicopters?|warships?|submarines?"
        r"|weapons?(?: systems?)?|weaponry|armaments?|arms|military (?:aid|hardware|equipment)"
        r"|armou?red vehicles?|air defen[cs]es?|batter(?:y|ies)",
    ),
    Form(
        "troops",
        "troops",
        r"soldiers?|troops?|servicemen|combat units?|ground forces|special forces|"
        r"detachments?|contingents?|battalions?|brigades?|divisions?|regiments?|officers|"
        r"army units?|military personnel|marines|paratroopers|fighters",
    ),
    Form(
        "economic",
        "economic",
        r"(?:crude )?oil(?: and gas)?|(?:natural )?gas|coal|fuel|loans?|credits?|grants?|funds"
        r"|financial (?:aid|support|assistance)|economic (?:aid|support|assistance)|money",
    ),
)
FORM: Final = {form.name: form for form in FORMS}
_NOUN = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(f"(?P<f{k}>{form.pattern})" for k, form in enumerate(FORMS))
    + r")(?![\w])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """A noun that names a form: half-open span and the form."""

    start: int
    end: int
    form: Form


def find_forms(text: str, *, start: int = 0, end: int | None = None) -> list[Named]:
    """Find the nouns of a text that name forms of support.

    Examples
    --------
    >>> [(n.form.name, n.form.level) for n in find_forms("artillery shells and then soldiers")]
    [('munitions', 5), ('troops', 7)]
    """
    out = []
    for m in _NOUN.finditer(text, start, len(text) if end is None else end):
        form = FORMS[int(str(m.lastgroup)[1:])]
        out.append(Named(m.start(), m.end(), form))
    return out
