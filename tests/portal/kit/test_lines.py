"""Names are one line: nobody writes a second header, a second sentence or a reversed name into what others read."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from portal.kit.lines import check_line


@pytest.mark.parametrize(
    "name", ["Mika Hoshino", "星野 ミカ", "مها القمر", "Ìràwọ̀ Adéọ̀run", "O\u2019Neil", "भारती\u200d"]
)
def test_every_script_is_welcome(name):
    check_line(name)


@pytest.mark.parametrize(
    "name", ["Mika\r\nBcc: x@y.example", "Mika\tHoshino", "nul\x00", "\u202eevil", "a\u2028b", "\u2067x"]
)
def test_what_hides_or_reorders_is_refused(name):
    with pytest.raises(ValidationError):
        check_line(name)


def test_a_person_cannot_carry_it(cast):
    cast.mika.name = "Mika\r\nBcc: x@y.example"

    with pytest.raises(ValidationError) as caught:
        cast.mika.full_clean()

    assert "name" in caught.value.message_dict


def test_a_project_cannot_carry_it(cast):
    from tests import stage

    with pytest.raises(ValidationError) as caught:
        stage.drafted_project(cast, title="Moon\u202e")

    assert "title" in caught.value.message_dict
