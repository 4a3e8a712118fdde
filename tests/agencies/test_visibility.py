"""Who finds whom: the directory, and the people behind an agency."""

from __future__ import annotations

import pytest

from agencies import actions
from agencies.models import Agency, Invitation, Mandate, Membership, Token
from portal.kit.actors import Actor
from tests.cast import Cast
from tests.factories import agencies as make


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("mika", {"JAXA", "ESA", "ISRO"}),
        ("nils", {"NOVA"}),
        ("noor", set()),
        ("olga", set()),
        ("emil", set()),
    ],
)
def test_who_finds_which_agencies(cast: Cast, name: str, found: set[str]) -> None:
    actor = cast.actor(getattr(cast, name))

    assert set(Agency.objects.visible_to(actor).values_list("acronym", flat=True)) == found


def test_nobody_finds_nothing(cast: Cast) -> None:
    for model in (Agency, Membership, Mandate, Invitation, Token):
        assert not model.objects.visible_to(Actor.anonymous()).exists()


def test_suspended_agency_leaves_the_directory(cast: Cast) -> None:
    actions.suspend(cast.esa, actor=cast.actor(cast.olga), reason="Disputed")

    assert not Agency.objects.visible_to(cast.actor(cast.mika)).filter(pk=cast.esa.pk).exists()
    assert not Agency.objects.visible_to(cast.actor(cast.lucien)).exists()


def test_people_mandates_and_invitations_are_their_agencys(cast: Cast) -> None:
    invitation = make.invitation(cast)
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)

    assert set(Membership.objects.visible_to(mika).values_list("agency__ref", flat=True)) == {"JAXA"}
    assert set(Mandate.objects.visible_to(mika).values_list("agency__ref", flat=True)) == {"JAXA"}
    assert invitation in Invitation.objects.visible_to(mika)
    assert invitation not in Invitation.objects.visible_to(lucien)


def test_members_see_their_own_tokens_and_administrators_all(cast: Cast) -> None:
    token, _secret = make.token(cast, cast.kenji)

    assert token in Token.objects.visible_to(cast.actor(cast.kenji))
    assert token in Token.objects.visible_to(cast.actor(cast.mika))
    assert token not in Token.objects.visible_to(cast.actor(cast.sora))


@pytest.mark.parametrize("words", ["宇宙", "japan EXPLORATION", "jaxa", "européenne", "EUROPEENNE"])
def test_names_are_found_in_any_script_case_and_without_accents(cast: Cast, words: str) -> None:
    assert Agency.objects.visible_to(cast.actor(cast.mika)).found_by(words).count() == 1
