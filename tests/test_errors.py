"""The error tree: who catches what, and what a user reads."""

from __future__ import annotations

import pytest

from blocs import errors


def test_every_error_has_the_one_root() -> None:
    found = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception)]
    own = [e for e in found if not issubclass(e, Warning)]
    assert len(own) >= 10
    assert all(issubclass(e, errors.BlocsError) for e in own)
    assert all((e.__doc__ or "").strip() for e in own)


@pytest.mark.parametrize("name", ["UnknownName", "Ambiguous", "BadFile", "NoCoverage", "NotMember"])
def test_what_the_user_did_wrong_is_bad_input(name: str) -> None:
    kind = getattr(errors, name)
    assert issubclass(kind, errors.BadInput)
    assert issubclass(kind, ValueError)


@pytest.mark.parametrize("name", ["MissingExtra", "MissingData", "StorageError", "DownloadError"])
def test_what_went_wrong_around_the_user_is_not_bad_input(name: str) -> None:
    assert not issubclass(getattr(errors, name), errors.BadInput)


def test_errors_are_caught_by_their_python_kind_too() -> None:
    assert issubclass(errors.UnknownName, KeyError)
    assert issubclass(errors.MissingExtra, ImportError)
    assert issubclass(errors.StorageError, OSError)


def test_unknown_name_reads_as_a_sentence() -> None:
    bare = errors.UnknownName("state", "Rusia")
    near = errors.UnknownName("state", "Rusia", ["Russia", "Prussia"])
    both = errors.UnknownName("measure", "kap", ["kappa"], "Known: kappa, pi.")
    hint = errors.UnknownName("measure", "zz", (), "Known: kappa, pi.")
    assert str(bare) == "unknown state 'Rusia'"
    assert str(near) == "unknown state 'Rusia'; did you mean Russia, Prussia?"
    assert str(both) == "unknown measure 'kap'; did you mean kappa? Known: kappa, pi."
    assert str(hint) == "unknown measure 'zz'. Known: kappa, pi."
    assert near.nearest == ("Russia", "Prussia")


def test_unknown_name_survives_being_copied() -> None:
    """Processes of a pool hand errors over pickled."""
    import pickle

    error = errors.UnknownName("state", "Rusia", ["Russia"], "Give a code.")
    back = pickle.loads(pickle.dumps(error))
    assert (back.kind, back.name, str(back)) == ("state", "Rusia", str(error))
