"""The bundle: everything that proves a signed text, and a script that checks it anywhere."""

from __future__ import annotations

import json
import re
import subprocess
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agencies import actions as agency_actions
from portal.history import rotation
from portal.history.cosignatures import Cosigned, WitnessKey, message
from portal.history.models import Checkpoint
from portal.history.notes import parse
from portal.history.sealer import seal as seal_ledger
from projects.agreements import actions
from projects.agreements.models import Agreement, SealedPdf
from projects.agreements.signing.passkey import PasskeyAssertion
from tests import stage
from tests.passkeys import Passkey, challenge_of
from tests.projects.agreements import bundles, foreign, outside
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.signing import confirm, three_frozen, void
from tests.projects.agreements.test_languages import translate_all
from tests.projects.ip import stamping
from tests.verifiers import checking


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SIGNING_KEY_FILE = tmp_path / "ledger.pem"
    settings.TSA_URL = ""


def with_passkey(cast, agreement, person):
    """Signed with a passkey of their own."""
    consent = stage.given_consent(agreement, person)
    over = challenge_of(agreement, cast.actor(person), consent)
    answer = json.dumps(Passkey(person).answer(over))
    given = stage.given_consent(agreement, person, challenge=consent.challenge, assertion=PasskeyAssertion.read(answer))
    return actions.sign(agreement, actor=cast.actor(person), consent=given, proof=None)


def ad_referendum(cast, agreement, person):
    consent = stage.given_consent(agreement, person, ad_referendum=True)
    return actions.sign(agreement, actor=cast.actor(person), consent=consent, proof=stage.proof())


def test_a_signed_text_is_proved_by_the_script_alone_and_by_a_verifier_that_shares_nothing_with_it(cast):
    agreement = stage.signed_agreement(cast)

    bundle = bundles.sealed_bundle(agreement)
    code, words = bundles.run(bundle, alone=True)

    assert code == 0, words
    assert "PROVED.\n" in words
    assert "Kenji Amanogawa" in words
    assert "Compare it with" in words
    found = checking.verify_zip(bundle)
    assert found == (agreement.ref, agreement.text.sha256, ["ESA", "JAXA"], [])


def test_everything_that_may_happen_around_a_signature_is_proved(cast, settings):
    """Two languages, a key rotated in between, a passkey, one taken back, one ad referendum and confirmed."""
    drafted = actions.set_languages(stage.drafted_agreement(cast), actor=cast.actor(cast.mika), languages=["fr"])
    shared = actions.share(translate_all(cast, drafted), actor=cast.actor(cast.mika))
    agreement = actions.freeze(stage.agree(cast, shared), actor=cast.actor(cast.mika))
    first = stage.sign(cast, agreement, cast.kenji)
    void(cast, agreement, first, cast.kenji)
    with_passkey(cast, agreement, cast.kenji)
    told = rotation.rotate()
    former, present = told.former, told.new
    referred = ad_referendum(cast, agreement, cast.ingrid)
    partly = bundles.run(bundles.ledger_bundle(agreement))
    confirm(cast, agreement, referred, cast.lucien)

    bundle = bundles.sealed_bundle(agreement)
    code, words = bundles.run(bundle, "--key", present.verifier, alone=True)

    assert partly[0] == 3
    assert "nobody signed yet for European Space Agency" in partly[1]
    assert code == 0, words
    assert "that signature was taken back and does not count" in words
    assert "signed with a passkey of their own" in words
    assert "Lucien Demoville confirmed the signature for European Space Agency" in words
    assert "signed ad referendum: it counts since it was confirmed, see below" in words
    assert "which identified: Kenji" not in words
    assert not re.search(r"\d{4}-\d\d-\d\dT", words)
    assert checking.verify_zip(bundle, trusted={present.key_id: present.raw}).missing == []
    code, words = bundles.run(bundle, "--key", former.verifier)
    assert code == 3
    assert f"only {former.key_id} vouches for the present key {present.key_id}" in words
    assert bundles.run(bundle, "--key", former.verifier, "--key", present.verifier)[0] == 0


def test_a_confirmation_of_what_was_taken_back_is_no_confirmation_of_a_signature(cast):
    agreement = three_frozen(cast)
    referred = ad_referendum(cast, agreement, cast.ingrid)
    pending = bundles.run(bundles.ledger_bundle(agreement))[1]
    confirm(cast, agreement, referred, cast.lucien)
    void(cast, agreement, referred, cast.lucien)

    _code, words = bundles.run(bundles.ledger_bundle(agreement))

    assert "signed ad referendum, and that is not confirmed: it does not count yet" in pending
    (line,) = [line for line in words.splitlines() if "confirmed the signature" in line]
    assert line.startswith(" - ")
    assert line.endswith("that signature was taken back and does not count.")
    assert "which identified" not in words


def test_a_certificate_is_named_with_the_remarks_on_it(cast):
    agreement = stage.frozen_agreement(cast)
    row = outside.submit_pdf(cast, agreement, cast.lucien, signer=foreign.certified("Ottilie Nachtigall"))
    outside.certify(cast, row, cast.mika, remark="Married in May.")
    outside.witness(cast, row, cast.ingrid, remark="I was there.")

    words = bundles.run(bundles.ledger_bundle(agreement))[1]

    assert "The certificate with which Ottilie Sternberg signed is in the name of Ottilie Nachtigall." in words
    assert "remarked: “Married in May.”" in words
    assert "remarked: “I was there.”" in words


def test_a_partly_signed_text_says_who_is_missing(cast):
    agreement = three_frozen(cast)
    stage.sign(cast, agreement, cast.kenji)
    stage.sign(cast, agreement, cast.ingrid)

    bundle = bundles.ledger_bundle(agreement)
    code, words = bundles.run(bundle)

    assert code == 3
    assert "nobody signed yet for Indian Space Research Organisation" in words
    assert "Not signed yet for: Indian Space Research" in bundles.unzipped(bundle)["README.txt"].decode()
    assert checking.verify_zip(bundle).missing == ["not fully signed", "no sealed PDF"]


def test_before_the_ledger_has_the_events_it_says_so(cast):
    agreement = stage.frozen_agreement(cast)
    seal_ledger()
    stage.sign(cast, agreement, cast.kenji)

    answer = cast.client(cast.lucien).get(f"/agreements/{agreement.ref}/bundle/")

    code, words = bundles.run(answer.content)
    assert code == 3
    assert "had no entry in the ledger yet" in words


def test_a_witness_and_a_kept_checkpoint_tie_it_to_one_ledger(cast, tmp_path):
    agreement = stage.frozen_agreement(cast)
    seal_ledger()
    kept = Checkpoint.objects.newest()
    (tmp_path / "kept.txt").write_text(kept.note)
    stage.sign(cast, agreement, cast.kenji)
    stage.sign(cast, agreement, cast.ingrid)
    cosigned_by(cast)

    bundle = bundles.sealed_bundle(agreement, since=kept.size)
    code, words = bundles.run(bundle, "--against", str(tmp_path / "kept.txt"))

    assert code == 0, words
    assert "ESA co-signed checkpoint" in words
    assert "It is the ledger of the checkpoint you kept" in words
    assert checking.verify_zip(bundle).missing == []
    without = bundles.run(bundles.ledger_bundle(agreement), "--against", str(tmp_path / "kept.txt"))
    assert without[0] == 3
    assert f"?since={kept.size}" in without[1]


def cosigned_by(cast):
    """ESA's witness signs the newest checkpoint."""
    seal_ledger()
    private = Ed25519PrivateKey.generate()
    key = WitnessKey(f"{cast.esa.domain}/witness", private.public_key().public_bytes_raw())
    admin = cast.actor(cast.lucien)
    agency_actions.register_witness(cast.esa, actor=admin, proof=stage.proof(), verifier=key.verifier)
    newest, now = Checkpoint.objects.newest(), int(time.time())
    signature = private.sign(message(now, parse(newest.note).text))
    line = str(Cosigned(key, now, signature))
    agency_actions.cosign(cast.esa, actor=admin, number=newest.number, cosignature=line)


def test_a_time_stamp_is_that_of_the_seal(cast, settings, tmp_path):
    authority = stamping.Authority()
    with stamping.served(authority) as url:
        settings.TSA_URL, settings.TSA_CERTIFICATES = url, str(authority.write_roots(tmp_path))
        bundle = bundles.sealed_bundle(stage.signed_agreement(cast))

    code, words = bundles.run(bundle)

    assert code == 0, words
    assert "A time stamp (RFC 3161) of Test time stamps is over the seal of agreement.pdf" in words
    assert checking.verify_zip(bundle).missing == []


def test_poppler_finds_the_seal_valid_over_the_whole_document(cast, tmp_path):
    (tmp_path / "a.pdf").write_bytes(
        bundles.unzipped(bundles.sealed_bundle(stage.signed_agreement(cast)))["agreement.pdf"]
    )

    said = subprocess.run(["pdfsig", "a.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False).stdout

    assert "Signature is Valid." in said
    assert "Total document signed" in said


def test_a_pdf_in_which_a_byte_is_another_is_refused(cast):
    members = bundles.unzipped(bundles.sealed_bundle(stage.signed_agreement(cast)))
    content = bytearray(members["agreement.pdf"])
    content[len(content) // 2] ^= 1

    code, words = bundles.run(bundles.rezipped(members | {"agreement.pdf": bytes(content)}))

    assert code == 1
    assert "agreement.pdf is not, byte for byte, the PDF that was sealed" in words


def test_the_same_text_gives_the_same_members_in_the_same_order(cast):
    agreement = stage.signed_agreement(cast)
    one, two = bundles.sealed_bundle(agreement), bundles.sealed_bundle(agreement)

    first, second = bundles.unzipped(one), bundles.unzipped(two)

    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == ["bundle.json", "bundle.sig"]
    assert len(one) == len(two)
    assert all(entry.date_time == (1980, 1, 1, 0, 0, 0) for entry in bundles.entries(one))


def test_it_takes_the_same_few_queries_however_many_signed(cast, django_assert_max_num_queries):
    agreement = stage.signed_agreement(cast)
    bundles.sealed_bundle(agreement)
    client = cast.client(cast.lucien)
    client.get(f"/agreements/{agreement.ref}/bundle/")

    with django_assert_max_num_queries(32):
        answer = client.get(f"/agreements/{agreement.ref}/bundle/")

    assert answer["Content-Disposition"] == f'attachment; filename="{agreement.ref}-v1.bundle.zip"'


def test_the_bundle_of_an_earlier_text_stays(cast):
    agreement = stage.frozen_agreement(cast)
    stage.sign(cast, agreement, cast.kenji)
    actions.reopen(agreement, actor=cast.actor(cast.mika), reason="A typo")
    agreement = actions.freeze(stage.agree(cast, fresh(agreement)), actor=cast.actor(cast.mika))
    stage.sign(cast, agreement, cast.kenji)
    seal_ledger()
    client = cast.client(cast.lucien)

    for version in ("v1", "v2"):
        answer = client.get(f"/agreements/{agreement.ref}/bundle/?version={version}")

        code, words = bundles.run(answer.content)
        assert code == 3
        assert f"is version {version[1]} of" in words


def test_what_cannot_be_bundled_is_said(cast):
    agreement = stage.frozen_agreement(cast)
    client = cast.client(cast.lucien)
    path = f"/agreements/{agreement.ref}/bundle/"
    before = client.get(path)
    stage.sign(cast, agreement, cast.kenji)

    assert before.status_code == 409
    assert b"Nobody has signed this text" in before.content
    for query in ("?since=x", "?since=999999", "?since=0", "?version=r1", "?version=v1%00", "?version=last"):
        assert client.get(path + query).status_code == 422, query
        assert client.get(f"/api/v1{path}{query}").status_code == 400, query
    assert client.get(f"{path}?version=v9").status_code == 404
    assert cast.client(cast.tara).get(path).status_code == 404
    assert Agreement.objects.count() == 1
    assert not SealedPdf.objects.exists()


def test_what_was_signed_on_paper_is_in_the_bundle_of_parties_alone(cast):
    agreement = stage.frozen_agreement(cast)
    row = outside.submit(cast, agreement, cast.lucien)
    outside.certify(cast, row, cast.mika, remark="Saw it signed.")
    outside.witness(cast, row, cast.ingrid)
    stage.sign(cast, fresh(agreement), cast.kenji)

    bundle = bundles.sealed_bundle(agreement)
    code, words = bundles.run(bundle)

    assert code == 0, words
    assert bundles.unzipped(bundle)["outside/01-ESA.png"] == outside.PNG
    assert "outside/01-ESA.png is the file that was certified as the signature of Ottilie Sternberg" in words
    assert "Ottilie Sternberg signed outside the portal, which did not identify them; for it vouched: Mika" in words
    assert "which identified: Ottilie" not in words
    assert "as days are counted in Paris; the signature was accepted on" in words
    assert "who certified the signature of Ottilie Sternberg, remarked: “Saw it signed.”" in words
    assert checking.verify_zip(bundle).missing == []
    code, words = bundles.run(bundles.sealed_bundle(agreement, with_outside=False))
    assert code == 0
    assert "is not in the bundle; it was not looked at" in words
