"""Names that two states share: "Congo" means the one that the rest of the text speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping

SHARED: dict[str, dict[str, str]] = {
    "Congo": {
        "COD": r"Kinshasa|DRC|D\.?R\.? Congo|Democratic Republic of (?:the )?Congo|Zaire|Goma|"
        r"Kivus?|Ituri|Katanga|Bukavu|Lubumbashi|M23|MONUSCO|Kabila|Tshisekedi|Mobutu|Lumumba|"
        r"Rwandan?|Burundi(?:an)?|Ugandan?",
        "COG": r"Brazzaville|Pointe[- ]Noire|Sassou|Lissouba|Gabon(?:ese)?|Cameroon(?:ian)?|"
        r"(?<!Democratic )Republic of (?:the )?Congo",
    },
}
"""Per name, the states that share it and what in a text tells them apart."""
FORMS = {"Congo": ("Congo", "Congolese")}


def settle_names(text: str) -> dict[str, str]:
    """Return, per shared name that stands in a text, the state it means there; "" if unknown.

    The text means a state if it names what belongs to that one (or borders on it) and not to
    the other.

    Examples
    --------
    >>> settle_names("Congo thanked Cairo. Kinshasa sent an envoy.")
    {'Congo': 'COD', 'Congolese': 'COD'}
    >>> settle_names("Congo thanked Cairo.")
    {'Congo': '', 'Congolese': ''}
    """
    out: dict[str, str] = {}
    for name, states in SHARED.items():
        if not any(form in text for form in FORMS[name]):
            continue
        meant = [code for code, signs in states.items() if re.search(rf"\b(?:{signs})\b", text)]
        out |= dict.fromkeys(FORMS[name], meant[0] if len(meant) == 1 else "")
    return out


def unsettled(settled: Mapping[str, str], text: str) -> str | None:
    """Say which names of a text were left open, and how to close them; None if none was."""
    said = {f: n for n, forms in FORMS.items() for f in forms if re.search(rf"\b{f}\b", text)}
    form = next((f for f in said if settled.get(f) == ""), None)
    if form is None:
        return None
    name = said[form]
    return (
        f'"{form}" may be {" or ".join(SHARED[name])}, and the text does not say which: it is '
        "read as neither; name it with --actors if you know"
    )
