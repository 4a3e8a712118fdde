"""The HTML door of agreements: wiring, landmarks, what is kept after bad input, repeats, and what strangers meet."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from portal.history.models import Event
from projects.agreements import actions
from projects.agreements.models import Agreement, Signature, Status
from projects.agreements.profile import QUESTIONS
from projects.agreements.sealing import seal
from tests import stage
from tests.cast import PASSWORD
from tests.projects.agreements.negotiating import accepted, reword


def address(name, agreement, *more):
    return reverse(f"agreements:{name}", args=[agreement.ref, *more])


def hidden(html, name):
    return re.search(rf'name="{name}" value="([^"]+)"', html)[1]


def signing_form(client, agreement, **changes):
    html = client.get(address("sign", agreement)).content.decode()
    form = {
        "sha256": hidden(html, "sha256"),
        "challenge": hidden(html, "challenge"),
        "language": hidden(html, "language"),
        "read": re.findall(r'name="read" value="([^"]+)"', html),
        "typed_name": "Kenji Amanogawa",
        "consent": "on",
        "password": PASSWORD,
    }
    return {**form, "once": str(uuid.uuid4()), **changes}


@pytest.mark.parametrize("name", ["agreement", "profile", "annexes", "history", "pdf", "text"])
def test_strangers_meet_404_everywhere(cast, name):
    agreement = stage.shared_agreement(cast)

    for person in (cast.tara, cast.sora, cast.noor, cast.olga, cast.emil, cast.nils):
        assert cast.client(person).get(address(name, agreement)).status_code == 404
    assert cast.client(None).get(address(name, agreement)).status_code == 302


@pytest.mark.parametrize(
    "verb",
    [
        "share",
        "agree-to-text",
        "freeze",
        "reopen",
        "abandon",
        "sign",
        "decline",
        "enter-into-force",
        "record-act",
        "set-entry-rule",
    ],
)
def test_strangers_meet_404_on_every_verb_and_write_nothing(cast, verb):
    agreement = stage.frozen_agreement(cast)
    before = Event.objects.count()

    for person in (cast.tara, cast.sora, cast.noor, cast.olga, cast.emil, cast.nils):
        assert cast.client(person).post(address(verb, agreement), {"reason": "x"}).status_code == 404
    assert cast.client(None).post(address(verb, agreement)).status_code == 302
    assert Event.objects.count() == before


def test_pages_show_the_text_and_the_next_step(cast):
    agreement = stage.shared_agreement(cast)

    html = cast.client(cast.lucien).get(address("agreement", agreement)).content.decode()

    assert "We agree to this text" in html
    assert "Silence is not consent" in html
    assert agreement.clauses.first().heading in html


def test_the_number_of_queries_does_not_grow_with_the_data(cast):
    project = stage.with_register(cast, stage.accepted_project(cast))
    agreement = stage.shared_agreement(cast, project=project)
    client = cast.client(cast.lucien)
    client.get(address("agreement", agreement))

    with CaptureQueriesContext(connection) as few:
        client.get(address("agreement", agreement))
    for _ in range(5):
        stage.with_register(cast, project)
        stage.shared_agreement(cast, project=project)
    with CaptureQueriesContext(connection) as many:
        client.get(address("agreement", agreement))

    assert len(many) == len(few) <= 10


def test_a_clause_with_nothing_in_it_is_said_beside_the_field_and_nothing_is_lost(cast):
    agreement = stage.shared_agreement(cast)
    client = cast.client(cast.lucien)

    response = client.post(address("clause", agreement, "notices"), {"text": "By pigeon {{nonsense}}", "version": 1})

    html = response.content.decode()
    assert response.status_code == 422
    assert "By pigeon {{nonsense}}" in html
    assert "nonsense" in html


def test_an_old_version_is_kept_and_shown_beside_the_newer_one(cast):
    agreement = stage.shared_agreement(cast)
    seen = agreement.clauses.get(code="notices").revision
    accepted(cast, agreement, reword(cast, agreement, cast.lucien), cast.mika)

    response = cast.client(cast.mika).post(
        address("clause", agreement, "notices"), {"text": "By telegram.", "version": seen}
    )

    assert response.status_code == 409
    assert "By telegram." in response.content.decode()
    assert "By letter." in response.content.decode()


def test_an_old_profile_is_shown_in_words_beside_the_newer_one(cast):
    agreement = stage.drafted_agreement(cast)
    seen, answers = agreement.version, dict(agreement.profile)
    newer, typed = ("positive", "negative") if answers["background_mode"] == "negative" else ("negative", "positive")
    question = QUESTIONS["background_mode"]
    actions.answer_profile(agreement, actor=cast.actor(cast.mika), answers={"background_mode": newer})

    response = cast.client(cast.mika).post(
        address("profile", agreement), {**answers, "background_mode": typed, "version": seen}
    )

    html = response.content.decode()
    assert response.status_code == 409
    assert escape(str(question.display(newer))) in html
    assert f'<pre class="kept">{escape(str(question.display(typed)))}</pre>' in html
    assert f'<input type="hidden" name="background_mode" value="{typed}">' in html
    assert '<textarea class="input" id="mine-1" name="background_mode"' not in html


def test_signing_in_the_page(cast):
    agreement = stage.frozen_agreement(cast)
    client = cast.client(cast.kenji)

    response = client.post(address("sign", agreement), signing_form(client, agreement))

    assert response.status_code == 302
    assert Signature.objects.get().person == cast.kenji


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "not-my-password"}, "This is not your password."),
        ({"password": ""}, "Prove again that it is you."),
        ({"consent": ""}, "Tick the sentence to sign."),
    ],
)
def test_what_is_missing_is_said_beside_its_field(cast, changes, said):
    agreement = stage.frozen_agreement(cast)
    client = cast.client(cast.kenji)

    response = client.post(address("sign", agreement), signing_form(client, agreement, **changes))

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Signature.objects.exists()


def test_two_clicks_make_one_signature(cast):
    agreement = stage.frozen_agreement(cast)
    client = cast.client(cast.kenji)
    form = signing_form(client, agreement)

    first = client.post(address("sign", agreement), form)
    second = client.post(address("sign", agreement), form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert second["Location"] == first["Location"]
    assert Signature.objects.count() == 1
    assert Event.objects.filter(verb="agreement.signed").count() == 1


@pytest.mark.parametrize("who", ["mika", "lucien"])
def test_who_may_not_sign_reads_why(cast, who):
    agreement = stage.frozen_agreement(cast)

    response = cast.client(getattr(cast, who)).get(address("sign", agreement))

    assert response.status_code == 200
    assert "You are not a signatory" in response.content.decode()


def test_who_may_not_sign_is_refused_when_posting_all_the_same(cast):
    agreement = stage.frozen_agreement(cast)
    kenjis = signing_form(cast.client(cast.kenji), agreement)

    response = cast.client(cast.mika).post(address("sign", agreement), kenjis)

    assert response.status_code == 403
    assert not Signature.objects.exists()


def test_a_decline_without_a_reason_comes_back(cast):
    agreement = stage.frozen_agreement(cast)
    sent = {"sha256": agreement.text.sha256, "reason": " ", "password": PASSWORD}

    response = cast.client(cast.kenji).post(address("decline", agreement), sent)

    assert response.status_code == 422
    assert Agreement.objects.get(pk=agreement.pk).status == Status.SIGNING
    page = response.content.decode()
    assert "It ends the signing for all" in page
    assert "JAXA cannot take it back." in page
    assert "Decline for JAXA" in page


def test_the_sealed_pdf_is_found_by_its_hash_and_one_changed_byte_is_refused(cast, settings, tmp_path):
    import hashlib

    settings.MEDIA_ROOT = tmp_path
    agreement = stage.agreement_in_force(cast)
    sealed = seal(agreement.ref)
    seal(agreement.ref)

    content = b"".join(cast.client(cast.ingrid).get(address("pdf", agreement)))
    changed = bytes([content[0] ^ 1]) + content[1:]
    nobody = cast.client(None)
    intact = nobody.get(reverse("verify"), {"sha256": hashlib.sha256(content).hexdigest()})
    refused = nobody.get(reverse("verify"), {"sha256": hashlib.sha256(changed).hexdigest()})

    assert hashlib.sha256(content).hexdigest() == sealed.sha256
    assert "Authentic. Signed by every party that it binds" in intact.content.decode()
    assert "Failed:" not in intact.content.decode()
    assert "Not authentic here" in refused.content.decode()


def test_what_proves_a_sealed_text_is_one_step_from_each_of_its_pages(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    agreement = stage.agreement_in_force(cast)
    before = cast.client(cast.mika).get(address("agreement", agreement)).content.decode()
    seal(agreement.ref)

    pages = [cast.client(cast.mika).get(address(name, agreement)) for name in ("agreement", "signing", "force")]

    assert address("bundle", agreement) not in before
    assert all(f'href="{address("bundle", agreement)}"' in page.content.decode() for page in pages)


def test_a_file_can_be_dropped_without_scripts(cast, settings, tmp_path):
    from io import BytesIO

    settings.MEDIA_ROOT = tmp_path
    agreement = stage.agreement_in_force(cast)
    seal(agreement.ref)
    content = b"".join(cast.client(cast.ingrid).get(address("pdf", agreement)))
    upload = BytesIO(content)
    upload.name = "agreement.pdf"

    response = cast.client(None).post(reverse("verify"), {"file": upload})

    assert "Authentic." in response.content.decode()


@pytest.mark.parametrize("sha256", ["x", "0" * 63, "g" * 64, "\x00", "0" * 5000, "'; DROP TABLE"])
def test_nonsense_for_a_hash_is_said_to_be_nonsense(db, client, sha256):
    assert client.get(reverse("verify"), {"sha256": sha256}).status_code == 422


def test_letters_that_reorder_words_are_shown_before_they_are_signed(cast):
    agreement = stage.drafted_agreement(cast)
    text = "Pay \u202e0001\u202c euro\u200b."
    actions.word_clause(agreement, "confidentiality", actor=cast.actor(cast.mika), text=text)
    actions.share(agreement, actor=cast.actor(cast.mika))
    actions.freeze(stage.agree(cast, agreement), actor=cast.actor(cast.mika))

    for name in ("agreements:sign", "agreements:agreement"):
        page = cast.client(cast.kenji).get(reverse(name, args=[agreement.ref])).content.decode()

        assert "Pay [U+202E]0001[U+202C] euro[U+200B]." in page
        assert "\u202e" not in page


def test_a_party_sees_what_changed_since_it_agreed(cast):
    agreement = stage.agree(cast, stage.shared_agreement(cast))
    for code, text in (("notices", "Notices go by letter only."), ("confidentiality", "Secrets are kept for ever.")):
        accepted(cast, agreement, reword(cast, agreement, cast.mika, code, text), cast.lucien)

    html = cast.client(cast.lucien).get(address("agreement", agreement)).content.decode()

    for words in ("Notices go by letter only.", "Secrets are kept for ever."):
        assert words.split()[-1] in html
    assert html.count('class="redline"') == 2


def test_an_agreement_without_a_frozen_text_leads_from_signing_to_where_it_stands(cast):
    agreement = stage.shared_agreement(cast)

    response = cast.client(cast.kenji).get(address("sign", agreement), follow=True)

    assert response.redirect_chain == [(address("agreement", agreement), 302)]
    assert "There is no frozen text to sign now" in response.content.decode()
