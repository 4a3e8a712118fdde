"""Files that are handed in for a signature made outside, by the certificate in them and the level that the text asks for."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from projects.agreements.signing.outside import pdf_to_sign
from tests import stage
from tests.projects.agreements import foreign
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.outside import certify, submit, submit_pdf
from tests.projects.agreements.signing import three_frozen, why_not

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(cast):
    """Frozen between JAXA, the depositary, and ESA."""
    return stage.frozen_agreement(cast)


def test_a_signed_pdf_counts_once_the_depositary_certified_it(cast, agreement):
    row = submit_pdf(cast, agreement, cast.lucien)
    assert fresh(agreement).standing_signatures == []

    certify(cast, row, cast.mika)

    (signature,) = fresh(agreement).standing_signatures
    assert signature.level == "external_pades"
    assert [told["level"] for told in signature.record["outside"]["findings"]["signatures"]] == ["B-B"]


def test_one_certificate_signs_once_for_a_party(cast):
    agreement = three_frozen(cast, ("ESA", "signer", 1, 2))
    certify(cast, submit_pdf(cast, agreement, cast.lucien), cast.mika)

    with pytest.raises(ValidationError) as caught:
        submit_pdf(cast, agreement, cast.lucien, signatory_name="Somebody Else")

    assert set(caught.value.message_dict) == {"file"}


def test_a_text_that_asks_for_qualified_signatures_takes_none_of_the_portal(cast):
    agreement = stage.frozen_agreement(cast, answers={"signature_level": "qualified"})

    assert why_not(cast, agreement, cast.kenji) == "level-excluded"
    assert submit(cast, agreement, cast.lucien).is_waiting


def test_without_a_qualified_certificate_the_law_that_gives_its_effect_is_named(cast):
    agreement = stage.frozen_agreement(cast, answers={"signature_level": "qualified"})

    with pytest.raises(ValidationError) as caught:
        submit_pdf(cast, agreement, cast.lucien)
    assert set(caught.value.message_dict) == {"effect"}
    row = submit_pdf(cast, agreement, cast.lucien, effect="Act on electronic signatures, section 4")
    other = submit_pdf(cast, agreement, cast.mika, signer=foreign.certified("Hana", qualified=foreign.QUALIFIED))

    assert row.findings["effect"] == "Act on electronic signatures, section 4"
    assert "effect" not in other.findings


def test_the_roots_that_the_installation_names_decide_whom_it_trusts(cast, agreement, settings, tmp_path):
    settings.TRUST_ROOTS = str(tmp_path / "roots.pem")
    (tmp_path / "roots.pem").write_bytes(foreign.root_pem())

    row = submit_pdf(cast, agreement, cast.lucien)
    (tmp_path / "roots.pem").write_bytes(foreign.other_root_pem())
    with pytest.raises(ValidationError, match="leads to none of the roots"):
        submit_pdf(cast, agreement, cast.mika)

    assert [told["trust"] for told in row.findings["signatures"]] == ["trusted"]


def test_a_scan_that_runs_a_script_is_refused(cast, agreement):
    with pytest.raises(ValidationError, match="runs or opens something"):
        submit(cast, agreement, cast.lucien, content=foreign.with_action(pdf_to_sign(agreement.text)))


def test_the_pdf_of_another_text_is_refused(cast, agreement):
    other = stage.frozen_agreement(cast)

    with pytest.raises(ValidationError, match="not the text that is open"):
        submit_pdf(cast, agreement, cast.lucien, content=foreign.signed(pdf_to_sign(other.text)))
