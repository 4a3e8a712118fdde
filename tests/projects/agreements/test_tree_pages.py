"""The pages and the API of instruments above, below and beside an agreement."""

from __future__ import annotations

import pytest
from django.urls import reverse

from projects.agreements import actions
from projects.agreements.models import Agreement, Beneficiary
from projects.ip import actions as ip_actions
from tests import stage
from tests.projects.agreements.test_tree import amended, in_force, joined

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"agreements:{name}", args=args)


def test_an_amendment_is_begun_from_the_page_of_an_agreement_in_force(cast):
    agreement = stage.agreement_in_force(cast)
    mika = cast.client(cast.mika)

    assert "Draft an amendment" in mika.get(url("related", agreement.ref)).text
    answer = mika.post(url("amend", agreement.ref))

    amendment = Agreement.objects.get(parent=agreement)
    assert answer.url == url("agreement", amendment.ref)


def test_the_text_on_a_day_is_shown_with_who_set_each_clause(cast):
    agreement = stage.agreement_in_force(cast)
    amendment = amended(cast, agreement)

    page = cast.client(cast.lucien).get(url("in-force", agreement.ref)).text

    assert f"Set by {amendment.ref}" in page
    assert "stays confidential for ever" in page


def test_a_day_that_is_none_is_said_beside_the_field(cast):
    agreement = stage.agreement_in_force(cast)

    answer = cast.client(cast.mika).get(url("in-force", agreement.ref), {"on": "yesterday"})

    assert answer.status_code == 422
    assert "Enter a valid date" in answer.text


def test_a_draft_has_no_text_in_force(cast):
    assert cast.client(cast.mika).get(url("in-force", stage.drafted_agreement(cast).ref)).status_code == 404


def test_an_umbrella_that_cannot_bear_it_is_not_offered(cast):
    project = stage.accepted_project(cast)
    mika = cast.actor(cast.mika)
    umbrella = actions.draft_agreement(project, actor=mika, kind="memorandum", title="Framework")
    secret = actions.draft_agreement(project, actor=mika, kind="nda", title="Secrets")
    child = actions.draft_agreement(project, actor=mika, kind="implementing", title="Annex")

    page = cast.client(cast.mika).get(url("related", child.ref)).text

    assert f'value="{umbrella.ref}"' in page
    assert f'value="{secret.ref}"' not in page


def test_a_child_is_placed_and_shown_under_its_umbrella(cast):
    project = stage.accepted_project(cast)
    mika = cast.actor(cast.mika)
    umbrella = actions.draft_agreement(project, actor=mika, kind="memorandum", title="Framework")
    child = actions.draft_agreement(project, actor=mika, kind="implementing", title="Annex one")
    client = cast.client(cast.mika)

    answer = client.post(url("place-under", child.ref), {"parent": umbrella.ref, "version": child.version})

    assert answer.status_code == 302
    assert "Annex one" in client.get(url("related", umbrella.ref)).text


def test_who_may_accede_is_offered_and_nobody_else(cast):
    agreement = stage.agreement_in_force(cast)
    mika = cast.client(cast.mika)
    assert mika.post(url("accede", agreement.ref), {"newcomer": "ISRO"}).status_code == 422
    joined(cast, agreement.project)

    answer = mika.post(url("accede", agreement.ref), {"newcomer": "ISRO"})

    assert answer.status_code == 302
    assert Agreement.objects.get(parent=agreement).newcomer == cast.isro


def test_a_third_party_is_named_by_its_acronym(cast):
    draft = stage.drafted_agreement(cast)
    mika = cast.client(cast.mika)
    typed = {"agency": "Nobody", "code": "confidentiality", "words": "Its data"}

    refused = mika.post(url("name-beneficiary", draft.ref), typed)
    mika.post(url("name-beneficiary", draft.ref), {**typed, "agency": "ISRO"})

    assert refused.status_code == 422
    assert "Its data" in refused.text
    assert Beneficiary.objects.get().agency == cast.isro
    mika.post(url("drop-beneficiary", draft.ref, "ISRO", "confidentiality"))
    assert not Beneficiary.objects.exists()


def test_a_third_party_reads_the_amendment_and_not_what_the_parties_say(cast):
    draft = stage.drafted_agreement(cast)
    actions.name_beneficiary(draft, actor=cast.actor(cast.mika), agency=cast.isro, code="confidentiality")
    agreement = in_force(cast, Agreement.objects.get(pk=draft.pk))
    amendment = actions.word_clause(
        actions.draft_amendment(agreement, actor=cast.actor(cast.mika)),
        "confidentiality", actor=cast.actor(cast.mika), text="Secret for ever.",
    )  # fmt: skip
    tara = cast.client(cast.tara)
    assert tara.get(url("agreement", amendment.ref)).status_code == 404
    amendment = actions.share(amendment, actor=cast.actor(cast.mika))
    actions.comment(
        amendment, actor=cast.actor(cast.mika), words="Canary of the parties", code="confidentiality", audience="shared"
    )

    page = tara.get(url("agreement", amendment.ref))

    assert page.status_code == 200
    assert "Secret for ever." in page.text
    assert "Canary" not in page.text
    assert "Canary" not in tara.get(url("agreement", amendment.ref), {"clause": "confidentiality"}).text


def test_a_changed_record_differs_from_the_signed_annex(cast):
    project = stage.with_register(cast, stage.accepted_project(cast))
    agreement = stage.agreement_in_force(cast, project=project)
    assert "differs from the signed annex" not in cast.client(cast.mika).get(url("annexes", agreement.ref)).text
    ip_actions.list_background(project, actor=cast.actor(cast.mika), title="Sun sensor", nature="hardware")

    page = cast.client(cast.mika).get(url("annexes", agreement.ref)).text

    assert "1 record differs from the signed annex" in page
    assert "Sun sensor" in page
    assert "New since" in page


def test_the_api_gives_the_text_in_force(cast):
    agreement = stage.agreement_in_force(cast)
    amendment = amended(cast, agreement)

    shown = cast.client(cast.lucien).get(f"/api/v1/agreements/{agreement.ref}/in-force/").json()

    sources = {clause["code"]: clause["source"]["ref"] for clause in shown["clauses"]}
    assert sources["confidentiality"] == amendment.ref
    assert sources["definitions"] == agreement.ref


def test_the_api_amends_and_answers_with_the_amendment(cast):
    agreement = stage.agreement_in_force(cast)

    answer = cast.client(cast.mika).post(
        f"/api/v1/agreements/{agreement.ref}/amend/", {}, content_type="application/json"
    )

    assert answer.status_code == 200
    assert answer.json()["kind"] == "amendment"
    assert answer.json()["parent"] == agreement.ref


def test_the_api_refuses_a_circle_at_the_field(cast):
    project = stage.accepted_project(cast)
    mika = cast.actor(cast.mika)
    above = actions.draft_agreement(project, actor=mika, kind="memorandum", title="Above")
    below = actions.draft_agreement(project, actor=mika, kind="memorandum", title="Below", parent=above)

    answer = cast.client(cast.mika).post(
        f"/api/v1/agreements/{above.ref}/place-under/", {"parent": below.ref}, content_type="application/json"
    )

    assert answer.status_code == 400
    assert "parent" in answer.json()["errors"]
