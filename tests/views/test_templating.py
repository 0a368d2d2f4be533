"""Templates: where a long word may break."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from blocs.views.templating import breakable


def test_a_long_name_of_a_row_may_break_behind_its_marks() -> None:
    assert breakable("almanac/support:prk_officers") == (
        "almanac/<wbr>support:<wbr>prk_<wbr>officers"
    )
    assert breakable("Iran, 12:30 and/or 2") == "Iran, 12:30 and/or 2"


@given(st.text(alphabet="ab/:_<>&; '\"", max_size=60))
def test_what_is_read_and_copied_stays_the_same(text: str) -> None:
    from markupsafe import Markup, escape

    broken = breakable(text)
    assert broken.replace(Markup("<wbr>"), "") == escape(text)
    assert not re.search(r"&[^;]*<wbr>", str(broken))
