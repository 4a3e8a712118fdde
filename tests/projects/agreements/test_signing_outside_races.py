"""Signatures made outside at the same instant as something else: one of the two happens, whole."""

from __future__ import annotations

import pytest

from portal.files.models import StoredFile
from portal.history.models import Event
from portal.kit.refusals import NotNow
from projects.agreements import actions
from projects.agreements.models import ExternalSignature, ExternalStatus, PdfToSign, Signature, Status
from projects.agreements.signing.outside import pdf_to_sign
from tests import cast as casting
from tests import stage
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.outside import certify, submit, submit_pdf, witness
from tests.projects.agreements.test_races import signing, together


@pytest.fixture
def world(transactional_db):
    return casting.build()


def test_certifying_while_it_is_taken_back_ends_in_one_of_the_two(world):
    for _ in range(3):
        agreement = stage.frozen_agreement(world)
        row = submit_pdf(world, agreement, world.lucien)
        mika, lucien = world.actor(world.mika), world.actor(world.lucien)

        together(
            lambda row=row, mika=mika: certify(world, row, world.mika),
            lambda agreement=agreement, lucien=lucien: actions.withdraw_external(agreement, 1, actor=lucien),
        )

        row = ExternalSignature.objects.get(pk=row.pk)
        has_signed = bool(fresh(agreement).standing_signatures)
        assert has_signed == (row.status == ExternalStatus.ACCEPTED)
        assert has_signed != (row.status == ExternalStatus.WITHDRAWN)


def test_two_witnesses_at_the_same_instant_make_one_signature(world):
    agreement = stage.frozen_agreement(world)
    row = submit(world, agreement, world.lucien)
    certify(world, row, world.mika)

    results = together(lambda: witness(world, row, world.kenji), lambda: witness(world, row, world.ingrid))

    assert sorted(type(result).__name__ for result in results) == ["ExternalSignature", "NotNow"]
    assert Signature.objects.count() == Event.objects.filter(verb="agreement.signed").count() == 1


def test_one_place_is_filled_once_whether_signed_here_or_outside(world):
    for _ in range(3):
        agreement = stage.frozen_agreement(world)
        row = submit_pdf(world, agreement, world.lucien)

        results = together(lambda row=row: certify(world, row, world.mika), signing(world, agreement, world.ingrid))

        assert sum(isinstance(result, NotNow) for result in results) == 1, results
        assert len(fresh(agreement).standing_signatures) == 1


def test_reopening_while_it_is_certified_leaves_no_signature_under_the_open_text(world):
    for _ in range(3):
        agreement = stage.frozen_agreement(world)
        row = submit_pdf(world, agreement, world.lucien)
        lucien = world.actor(world.lucien)

        together(
            lambda row=row: certify(world, row, world.mika),
            lambda agreement=agreement, lucien=lucien: actions.reopen(agreement, actor=lucien, reason="Once more."),
        )

        after = fresh(agreement)
        assert after.status == Status.NEGOTIATING
        assert after.standing_signatures == []


def test_downloads_at_the_same_instant_keep_one_pdf_and_all_get_it(world):
    text = stage.frozen_agreement(world).text

    results = together(*[lambda: pdf_to_sign(text) for _ in range(4)])

    assert len(set(results)) == 1
    assert isinstance(results[0], bytes)
    assert PdfToSign.objects.count() == StoredFile.objects.count() == 1
