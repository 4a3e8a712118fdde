"""How a place stands, as its page says: what was handed in, who confirms it, whom one hands over to."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.kit.templatetags.kit import zoned_time
from projects.agreements import actions
from tests import stage
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.outside import certify, submit, submit_pdf, witness
from tests.projects.agreements.signing import name, opened, signatory, three_frozen

pytestmark = pytest.mark.django_db


def address(verb, agreement):
    return reverse(f"agreements:{verb}", args=[agreement.ref])


def page(cast, person, agreement):
    return cast.client(person).get(address("signing", agreement)).content.decode()


def test_a_place_for_which_something_was_handed_in_says_whom_that_waits_for(cast):
    agreement = three_frozen(cast)
    row = submit(cast, agreement, cast.lucien)

    html = page(cast, cast.lucien, agreement)
    assert "Handed in, waits for JAXA" in html
    assert "Waits for your agency" not in html
    certify(cast, row, cast.mika)
    assert "Handed in, waits for a witness" in page(cast, cast.lucien, agreement)
    witness(cast, row, cast.kenji)

    html = page(cast, cast.lucien, agreement)
    assert "Handed in" not in html
    assert "made outside, accepted" in html
    force = cast.client(cast.lucien).get(address("force", agreement)).content.decode()
    assert "made outside, accepted" in force
    assert "Ottilie Sternberg" in force


def test_whoever_may_confirm_a_signature_finds_it_from_its_place(cast):
    agreement = three_frozen(cast)
    consent = stage.given_consent(agreement, cast.kenji, ad_referendum=True, declaration="Subject to funds.")
    signature = actions.sign(agreement, actor=cast.actor(cast.kenji), consent=consent, proof=stage.proof())
    there = reverse("agreements:confirm-signature", args=[agreement.ref, signature.evidence_sha256])

    assert f'href="{there}"' in page(cast, cast.mika, agreement)
    for stranger in (cast.kenji, cast.lucien):
        assert f'href="{there}"' not in page(cast, stranger, agreement)
    html = cast.client(cast.mika).get(there).content.decode()
    assert "Subject to funds." in html
    assert signature.mandate.ref in html
    assert "Version 1, SHA-256" in html
    confirmed = actions.confirm_signature(
        fresh(agreement), actor=cast.actor(cast.mika), evidence_sha256=signature.evidence_sha256, proof=stage.proof(),
        approval="Cabinet decision No 4",
    )  # fmt: skip
    answer = cast.client(cast.mika).get(address("force", agreement))
    assert "ad referendum, confirmed" in answer.content.decode()
    cells = [row.cells[0] for row in answer.context["rows"]]
    assert [cell.at for cell in cells if cell.at] == [confirmed.confirmed_at]


def text_of(cast, person, agreement):
    return cast.client(person).get(address("agreement", agreement)).content.decode()


def ad_referendum(cast, agreement, person):
    consent = stage.given_consent(agreement, person, ad_referendum=True)
    return actions.sign(agreement, actor=cast.actor(person), consent=consent, proof=stage.proof())


def test_the_text_says_of_each_party_what_was_handed_in_and_what_was_made_outside(cast):
    agreement = three_frozen(cast)
    row = submit(cast, agreement, cast.lucien)

    assert "Handed in, waits for JAXA" in text_of(cast, cast.tara, agreement)
    certify(cast, row, cast.mika)
    assert "Handed in, waits for a witness" in text_of(cast, cast.lucien, agreement)
    witness(cast, row, cast.kenji)

    html = text_of(cast, cast.lucien, agreement)
    assert "Handed in" not in html
    assert "Ottilie Sternberg, made outside, accepted" in html


def test_what_was_handed_in_for_an_earlier_text_or_taken_back_is_said_of_no_party(cast):
    agreement = three_frozen(cast)
    row = submit(cast, agreement, cast.lucien)
    actions.withdraw_external(fresh(agreement), row.number, actor=cast.actor(cast.lucien))
    assert "Handed in" not in text_of(cast, cast.lucien, agreement)
    submit(cast, agreement, cast.lucien)
    actions.reopen(fresh(agreement), actor=cast.actor(cast.mika), reason="A typing error.")

    opened(cast, agreement)

    assert "Handed in" not in text_of(cast, cast.lucien, agreement)


def test_whoever_may_confirm_a_signature_finds_it_from_the_text_too(cast):
    agreement = three_frozen(cast)
    signature = ad_referendum(cast, agreement, cast.kenji)
    link = f'href="{reverse("agreements:confirm-signature", args=[agreement.ref, signature.evidence_sha256])}"'

    pages = {person.name: text_of(cast, person, agreement) for person in (cast.mika, cast.kenji, cast.lucien)}

    assert [name for name, html in pages.items() if link in html] == ["Mika Hoshino"]
    assert all("Ad referendum, to be confirmed" in html for html in pages.values())


def test_entry_into_force_says_that_a_signature_waits_for_its_confirmation(cast):
    agreement = three_frozen(cast)
    signature = ad_referendum(cast, agreement, cast.kenji)

    answer = cast.client(cast.lucien).get(address("force", agreement))

    (cell,) = [row.cells[0] for row in answer.context["rows"] if row.party.agency == cast.jaxa]
    assert (cell.at, cell.waits_since, cell.person) == (None, signature.signed_at, cast.kenji)
    html = answer.content.decode()
    assert html.count("Signed ad referendum, awaiting confirmation") == 1
    assert html.count("Not yet") == 2
    assert "Signature: JAXA (ad referendum, to be confirmed), ESA and ISRO" in html
    told = html.split("awaiting confirmation")[1].split("</td>")[0]
    assert signature.evidence_sha256[:8] in told
    assert zoned_time(signature.signed_at, cast.actor(cast.lucien).zone) in told
    link = f'href="{reverse("agreements:confirm-signature", args=[agreement.ref, signature.evidence_sha256])}"'
    shown = {who: cast.client(who).get(address("force", agreement)).content.decode() for who in (cast.mika, cast.kenji)}
    assert link in shown[cast.mika]
    assert link not in shown[cast.kenji] + html


def test_later_orders_are_told_one_after_the_other(cast):
    agreement = three_frozen(cast, ("ESA", "signer", 2), ("ISRO", "signer", 3))

    assert "Waits for JAXA, then ESA, then ISRO" in page(cast, cast.lucien, agreement)


def test_with_nobody_to_hand_over_to_the_page_says_who_helps(cast):
    agreement = stage.frozen_agreement(cast)
    signatory(cast, cast.jaxa, "Hiro Mandateless", mandate=False)
    name(cast, agreement, cast.mika, cast.kenji)
    nobody = "Nobody else of JAXA has a valid mandate; an administrator grants one."

    html = page(cast, cast.kenji, agreement)
    assert nobody in html
    assert 'name="successor"' not in html

    signatory(cast, cast.jaxa, "Hana Successor")
    html = page(cast, cast.kenji, agreement)
    assert nobody not in html
    assert 'name="successor"' in html


def test_what_was_seen_is_said_of_paper_alone_and_a_remark_by_its_name(cast):
    agreement = stage.frozen_agreement(cast)
    row = submit_pdf(cast, agreement, cast.lucien)
    certify(cast, row, cast.mika, remark="Known to us.")

    there = reverse("agreements:external", args=[agreement.ref, row.number])
    html = cast.client(cast.lucien).get(there).content.decode()
    assert "Remark: <bdi>Known to us.</bdi>" in html
    assert "Saw the" not in html


def test_the_text_says_the_last_day_in_both_zones_as_the_page_of_signing_does(cast):
    agreement = three_frozen(cast)

    for name_of_page in ("agreement", "signing"):
        html = cast.client(cast.lucien).get(address(name_of_page, agreement)).content.decode()
        assert " for you)" in html.split("Signatures are asked until")[1].split("</p>")[0]
