"""Headlines as the parser can read them: "US, China extend truce", "Germany to send tanks"."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST = 3
_NO_VERB = frozenset(
    ["who", "which", "where", "said", "says", "and", "or", "but", "the", "a", "an", "in", "of"]
)


def spelled_out(words: Sequence[str]) -> list[str]:
    """Return the words of a headline with its comma read as "and", its "to" as "will".

    Any other sentence, which ends in a stop, stays as it is; the number of words never changes.

    Examples
    --------
    >>> " ".join(spelled_out("US , China to extend truce".split()))
    'US and China will extend truce'
    """
    out = list(words)
    if len(words) < 4 or words[-1] in (".", "!", "?", "”", '"', ":", ";", ","):
        return out
    first = _name(words, 0)
    after = first
    if 0 < first < len(words) and words[first] == ",":
        second = _name(words, first + 1)
        follows = words[second] if second < len(words) else ""
        if second > first + 1 and follows.islower() and follows not in _NO_VERB:
            out[first], after = "and", second
    if 0 < after < len(words) - 1 and words[after] == "to" and words[after + 1].islower():
        out[after] = "will"
    return out


def _name(words: Sequence[str], at: int) -> int:
    """Return where the capitalised words that begin somewhere end."""
    end = at
    while end < min(len(words), at + _LONGEST) and words[end][:1].isupper():
        end += 1
    return end
