"""Read PETRARCH-format dictionaries, which many analysts own: actors, agents, verbs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date as Date  # noqa: N812
from pathlib import Path

from blocs.errors import BadFile
from blocs.evidence.reading.lexicon import Rows
from blocs.evidence.reading.names import Entry, Lookup, index
from blocs.files import decode, read_bytes

_CODE = re.compile(r"\[([^\]]*)\]")
_DATED = re.compile(
    r"\s*(?P<code>[A-Za-z+\-/0-9]*?)\s*(?:(?P<sign>[<>])\s*(?P<one>\d{6,8})|(?P<a>\d{6,8})\s*-\s*(?P<b>\d{6,8}))?\s*"
)


@dataclass(frozen=True, slots=True)
class Dictionaries:
    """A user's dictionaries.

    Attributes
    ----------
    actors : Lookup
        Names (upper case) by first word, with dated codes.
    agents : dict of str to str
        Agent nouns, lower case, with the sector they add.
    verbs : dict of str to Rows
        Verb lemmas with codes; ``---`` means no event.
    alone : bool
        Whether the built-in names are left out.
    """

    actors: Lookup
    agents: dict[str, str] = field(default_factory=dict)
    verbs: dict[str, Rows] = field(default_factory=dict)
    alone: bool = False


def read_dictionaries(actors: str, *, agents: str = "", verbs: str = "") -> Dictionaries:
    r"""Read the texts of PETRARCH dictionary files.

    Parameters
    ----------
    actors, agents, verbs : str
        Contents of the files; ``[CODE date-range]``, ``+`` synonyms, ``<!-- -->`` comments.

    Raises
    ------
    BadFile
        Nothing in the actors file reads as a name with a code.

    Examples
    --------
    >>> d = read_dictionaries("GONDOR [GON]\n+MINAS_TIRITH\nSAM [HOB <20080120]\n")
    >>> sorted(d.actors)
    ['GONDOR', 'MINAS', 'SAM']
    """
    table: dict[tuple[str, ...], list[Entry]] = {}
    for names, codes in _blocks(actors):
        entries = [e for code in codes if (e := _entry(code)) is not None]
        for name in names:
            words = tuple(w for w in re.split(r"[_\s]+", name) if w)
            if words and entries:
                table[_spaced(words)] = entries
    if not table:
        raise BadFile("no line reads as NAME [CODE]; is this a PETRARCH actors file?")
    return Dictionaries(index(table), _agents(agents), _verbs(verbs))


def open_dictionaries(
    actors: Path, *, agents: Path | None = None, verbs: Path | None = None, alone: bool = False
) -> Dictionaries:
    """Read PETRARCH dictionary files; see :func:`read_dictionaries`.

    Parameters
    ----------
    actors, agents, verbs : Path
        The files.
    alone : bool
        Whether the built-in names are left out.

    Raises
    ------
    BadInput, BadFile
        A file that is not there or holds no such dictionary.
    """
    texts = [decode(read_bytes(p)) if p else "" for p in (actors, agents, verbs)]
    try:
        found = read_dictionaries(texts[0], agents=texts[1], verbs=texts[2])
        return replace(found, alone=alone)
    except BadFile as error:
        raise BadFile(f"{actors}: {error}") from None


def _spaced(words: tuple[str, ...]) -> tuple[str, ...]:
    """Cut names at hyphens, as sentences are."""
    return tuple(p for w in words for p in re.split(r"(-)", w) if p)


def _clean(text: str) -> Iterator[str]:
    """Yield lines without comments."""
    for line in re.sub(r"<\s*!.*?-->", "", text, flags=re.DOTALL).splitlines():
        bare = re.split(r"[#;]", line, maxsplit=1)[0].rstrip()
        if bare.strip():
            yield bare


def _blocks(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield (names, codes) of each actor: a head line, synonyms, further codes."""
    names: list[str] = []
    codes: list[str] = []
    for line in _clean(text):
        found = _CODE.findall(line)
        name = _CODE.sub("", line).strip().upper()
        if name and not line[0].isspace() and not name.startswith("+"):
            if names:
                yield names, codes
            names, codes = [name], []
        elif name.startswith("+"):
            names.append(name[1:].strip())
        codes = codes + found
    if names:
        yield names, codes


def _entry(code: str) -> Entry | None:
    """Return the entry of ``CODE``, ``CODE <date``, ``CODE >date`` or ``CODE date-date``."""
    match = _DATED.fullmatch(code)
    if match is None or not match["code"]:
        return None
    start = end = None
    if match["a"]:
        start, end = _day(match["a"]), _day(match["b"])
    elif match["sign"] == "<":
        start, end = Date.min, _day(match["one"])
    elif match["sign"] == ">":
        start = _day(match["one"])
    return Entry(match["code"].upper(), "body", "", start, end)


def _day(text: str) -> Date | None:
    """Return a date of six or eight digits."""
    full = text if len(text) == 8 else ("19" if text[0] in "3456789" else "20") + text
    try:
        return Date(int(full[:4]), max(1, int(full[4:6])), max(1, int(full[6:8])))
    except ValueError:
        return None


def _agents(text: str) -> dict[str, str]:
    """Return agent nouns with plurals and substitution sets spelt out."""
    sets = {
        name: [v.strip().lower() for v in values.split(",")]
        for name, values in re.findall(r"^!(\w+)!\s*=\s*(.+)$", text, flags=re.MULTILINE)
    }
    out: dict[str, str] = {}
    for line in _clean(text):
        code = _CODE.search(line)
        if code is None:
            continue
        names = [line[: code.start()].split("{")[0], *re.findall(r"\{([^}]*)\}", line)]
        for name in names:
            low = name.strip().lower().replace("_", " ").rstrip()
            for form in _spelt(low, sets):
                out[form] = code.group(1).replace("~", "").strip()
                out.setdefault(form + "s", out[form])
    return {k: v for k, v in out.items() if k.strip()}


def _spelt(name: str, sets: dict[str, list[str]]) -> list[str]:
    """Replace substitution marks by each of their words."""
    mark = re.search(r"!(\w+)!", name)
    if mark is None:
        return [name]
    return [name.replace(mark.group(), w) for w in sets.get(mark.group(1).upper(), [])]


def _verbs(text: str) -> dict[str, Rows]:
    """Return verb lemmas with their default code and the words of their patterns."""
    out: dict[str, Rows] = {}
    rows: Rows = []
    default = "---"
    for line in _clean(text):
        head = re.match(r"---\s*([A-Z_+ ]+?)\s*\[([^\]]*)\]\s*---", line)
        if head:
            default = head[2].split(":")[0]
            rows = []
            out[head[1].strip("_ ").lower().split("_")[0]] = rows
            rows.append((default, frozenset()))
        elif line.startswith("-") and _CODE.search(line):
            code = _CODE.findall(line)[-1].split(":")[0]
            body = _CODE.sub("", line[1:])
            literal = re.findall(r"(?<![&\w])[A-Z]{3,}", body)
            if code != "---" and literal:
                rows.insert(0, (code, frozenset(w.lower() for w in literal)))
        elif re.match(r"[A-Z]{3,}", line) and rows:
            out.setdefault(re.split(r"[_\s{\[]", line.strip())[0].lower(), rows)
    return out
