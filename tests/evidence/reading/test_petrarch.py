"""A user's own dictionaries: names before the built-in ones, dates, synonyms, agent nouns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import blocs
from blocs.errors import BadFile, BadInput
from blocs.evidence.reading.actors import find_mentions
from blocs.evidence.reading.petrarch import Dictionaries, open_dictionaries, read_dictionaries
from blocs.evidence.syntax import parse_sentences

ACTORS = """<!-- made up -->
GONDOR_ [GON]  # a realm
+MINAS_TIRITH_
DENETHOR_
	[GONGOV <20190325]
	[GONELI >20190325]
RUSSIA_ [XRU]
"""
AGENTS = "ORC_ [~REB]\n!PERSON! = MAN, WOMAN\nNOBLE!PERSON!_ [~ELI]\n"
VERBS = "--- BESIEGE [191] ---\n- * [191]\n"


def mentions(text: str, own: Dictionaries, day: date | None = None) -> list[tuple[str, str]]:
    [tree] = parse_sentences([(text, 0)])
    return [(m.code, m.role) for m in find_mentions(tree, date=day, own=own)]


def test_synonyms_and_own_codes_go_before_built_in_names() -> None:
    own = read_dictionaries(ACTORS)
    text = "Minas Tirith warned Russia and Norway."
    assert mentions(text, own) == [("GON", ""), ("XRU", ""), ("NOR", "")]


def test_own_names_can_stand_alone(tmp_path: Path) -> None:
    path = tmp_path / "actors.txt"
    path.write_text(ACTORS, "utf-8")
    own = open_dictionaries(path, alone=True)
    assert mentions("Gondor warned Norway.", own) == [("GON", "")]


@pytest.mark.parametrize(
    ("day", "code"), [(date(2018, 1, 1), "GONGOV"), (date(2020, 1, 1), "GONELI")]
)
def test_a_code_holds_in_its_time(day: date, code: str) -> None:
    assert mentions("Denethor spoke.", read_dictionaries(ACTORS), day) == [(code, "")]


def test_agent_nouns_add_their_sector_to_a_name() -> None:
    own = read_dictionaries(ACTORS, agents=AGENTS)
    [item] = [i for i in blocs.read("Gondor attacked Norwegian orcs.", dictionaries=own) if i.event]
    assert (item.subject, item.object) == (["GON"], ["NORREB"])


def test_own_verbs_are_coded() -> None:
    own = read_dictionaries(ACTORS, verbs=VERBS)
    events = [
        i.event.cameo for i in blocs.read("Gondor besieged Russia.", dictionaries=own) if i.event
    ]
    assert events == ["191"]


def test_a_file_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text("Nothing here reads as a name with a code.", "utf-8")
    with pytest.raises(BadFile, match=r"story\.txt.*PETRARCH"):
        open_dictionaries(path)
    with pytest.raises(BadInput, match="gone"):
        open_dictionaries(tmp_path / "gone.txt")


def test_a_model_of_ones_own_is_used(tmp_path: Path) -> None:
    from blocs.evidence.syntax import load_pipeline

    load_pipeline().to_disk(tmp_path / "mine")
    text = "Norway has issued an ultimatum to Chile."
    assert blocs.read(text, model=str(tmp_path / "mine")).items == blocs.read(text).items


def test_a_model_without_a_parser_is_refused(tmp_path: Path) -> None:
    import spacy

    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(BadInput, match="no parser and no tagger"):
        blocs.read("Norway protested.", model=str(tmp_path / "blank"))
