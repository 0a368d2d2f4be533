"""The page of a state: who was in a treaty with it, and when."""

from __future__ import annotations

from blocs.views.explorer.state import _treaties


def partners(actor: str, treaty: str) -> tuple[str, ...]:
    (bound,) = (b for b in _treaties(actor) if b.treaty == treaty)
    return bound.partners


def test_a_treaty_binds_those_who_were_in_it_at_the_same_time() -> None:
    assert partners("CSK", "csk_bgr_1992") == ("BGR",)  # its heirs came after it
    assert {"CZE", "SVK"} <= set(partners("BGR", "csk_bgr_1992"))
    assert "COM" not in partners("YMD", "arab_league_1945")  # ended in 1990; came in 1993


def test_a_date_that_is_not_known_rules_nobody_out() -> None:
    assert partners("PER", "per_bol_1863") == ("BOL",)
