"""The signing page as a browser has it: what is shown, what is kept, and the way from one text to the next."""

import re
import uuid

import pytest
from django.core import signing
from django.urls import reverse

from projects.agreements import actions
from projects.agreements.models import Agreement, Comment, Signature
from projects.agreements.signing import challenge
from tests import stage
from tests.cast import PASSWORD
from tests.projects.agreements.negotiating import accepted, fresh, reword

pytestmark = pytest.mark.django_db


def address(name, agreement, *more):
    return reverse(f"agreements:{name}", args=[agreement.ref, *more])


AD_REFERENDUM = "?ad_referendum=on"


def shown(client, agreement, query=""):
    return client.get(f"{address('sign', agreement)}{query}").content.decode()


def filled(html, **changes):
    """The form of a page, everything read and confirmed."""
    form = {name: re.search(rf'name="{name}" value="([^"]+)"', html)[1] for name in ("sha256", "challenge", "language")}
    read = re.findall(r'name="read" value="([^"]+)"', html)
    given = {"read": read, "typed_name": "Kenji Amanogawa", "consent": "on", "password": PASSWORD}
    return {**form, **given, "once": str(uuid.uuid4()), **changes}


def opened_at(form):
    """When the page of this form was opened, as its challenge says."""
    return signing.loads(form["challenge"], salt=challenge.SALT)["at"]


def test_what_is_missing_comes_back_beside_its_field_and_nothing_typed_is_lost(cast):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    form = filled(
        shown(kenji, agreement), typed_name="Kenji A.", declaration="Subject to funds.", ad_referendum="on",
        read=["text", "profile"],
    )  # fmt: skip

    answer = kenji.post(address("sign", agreement), form)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Type your name as it stands here: Kenji Amanogawa or 天野川 賢治." in html
    assert "Confirm that you have read: Annex A" in html
    assert "Subject to funds." in html
    assert 'value="Kenji A."' in html
    assert re.search(r'value="profile" form="sign-form" required data-section checked', html)
    assert not Signature.objects.exists()


def test_a_text_counts_as_shown_since_its_page_was_first_opened_whatever_was_mistyped_since(cast):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    first = filled(shown(kenji, agreement), typed_name="Kenji A.")
    again = filled(kenji.post(address("sign", agreement), first).content.decode())

    assert kenji.post(address("sign", agreement), again).status_code == 302

    record = Signature.objects.get().record
    assert record["viewed_at"] == opened_at(first) < record["challenge"]["opened_at"] == opened_at(again)


def test_since_when_another_text_was_shown_is_not_told_of_this_one(cast):
    one, other = stage.frozen_agreement(cast), stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    foreign = filled(shown(kenji, one))["challenge"]
    mistyped = filled(shown(kenji, other), typed_name="K", challenge=foreign)
    again = filled(kenji.post(address("sign", other), mistyped).content.decode())

    kenji.post(address("sign", other), again)

    assert Signature.objects.get(text__agreement=other).record["viewed_at"] == opened_at(again)


def test_the_page_says_which_name_to_type_and_offers_the_text_to_take_along(cast):
    agreement = stage.frozen_agreement(cast)

    html = shown(cast.client(cast.kenji), agreement)

    assert "As it stands above: Kenji Amanogawa or 天野川 賢治." in html
    assert f"{address('pdf', agreement)}?version=v1" in html
    assert address("decline", agreement) in html


def test_a_table_too_narrow_for_its_head_says_what_each_cell_is(cast):
    agreement = stage.frozen_agreement(cast)

    page = cast.client(cast.kenji).get(address("sign", agreement))

    tables = [table for _section, found in page.context["annexed"] for table in found if table.rows]
    heads = {label for table in tables for label in table.columns}
    assert heads
    assert all(f'data-label="{head}"' in page.content.decode() for head in heads)


def test_what_was_signed_ad_referendum_is_confirmed_or_taken_back_beside_the_text(cast):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    kenji.post(address("sign", agreement), filled(shown(kenji, agreement, AD_REFERENDUM), ad_referendum="on"))
    evidence = Signature.objects.get().evidence_sha256

    panel = shown(cast.client(cast.mika), agreement).split("panel stick")[1]

    assert address("confirm-signature", agreement, evidence) in panel
    assert address("void-signature", agreement, evidence) in panel
    plan = kenji.get(address("signing", agreement)).content.decode()
    assert "Ad referendum, to be confirmed" in plan


def test_every_section_is_shown_with_its_own_hash(cast):
    agreement = stage.frozen_agreement(cast)

    page = cast.client(cast.kenji).get(address("sign", agreement))

    html = page.content.decode()
    assert len(page.context["sections"]) >= 3
    for part in page.context["sections"]:
        assert f'value="{part.key}" form="sign-form"' in html
        assert part.sha256[:16] in html


def test_the_sentence_is_confirmed_in_the_language_in_which_it_was_read(cast):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    html = shown(kenji, agreement, "?consent=ar")
    assert 'lang="ar" dir="rtl"' in html

    assert kenji.post(address("sign", agreement), filled(html)).status_code == 302

    assert Signature.objects.get().record["consent"]["language"] == "ar"


def test_changes_are_told_since_the_version_that_the_party_signed(cast):
    agreement = stage.frozen_agreement(cast)
    stage.sign(cast, agreement, cast.kenji)
    agreement = fresh(actions.reopen(agreement, actor=cast.actor(cast.mika), reason="Other words."))
    accepted(cast, agreement, reword(cast, agreement, cast.lucien), cast.mika)
    agreement = actions.freeze(stage.agree(cast, fresh(agreement)), actor=cast.actor(cast.mika))

    page = cast.client(cast.kenji).get(address("sign", agreement))
    html = page.content.decode()

    assert "What changed since version 1, which JAXA signed on" in html
    assert [clause.code for clause in page.context["changes"].clauses] == ["notices"]
    assert f"{address('compare', agreement)}?from=v1&amp;to=v2" in html
    assert "What changed since version 1, opened for signature on" in shown(cast.client(cast.ingrid), agreement)
    versions = cast.client(cast.ingrid).get(address("versions", agreement)).content.decode()
    assert "Superseded by version 2" in versions


def test_one_proof_serves_for_the_next_text_too(cast):
    first, second = stage.frozen_agreement(cast), stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    html = shown(kenji, first, "?queue=1")
    assert re.search(r"Signing <strong>\d of 2</strong> that wait for you", html)
    assert f"{address('sign', second)}?queue=1" in html

    onward = kenji.post(f"{address('sign', first)}?queue=1", filled(html))

    assert onward["Location"] == f"{address('sign', second)}?queue=1"
    html = kenji.get(onward["Location"]).content.decode()
    assert "You proved who you are a moment ago" in html
    last = kenji.post(f"{address('sign', second)}?queue=1", filled(html, password=""))
    assert last["Location"] == reverse("agreements:to-sign")
    assert "Nothing waits for your signature" in kenji.get(last["Location"]).content.decode()
    assert Signature.objects.count() == 2


def test_a_second_click_returns_the_first_result(cast):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    form = filled(shown(kenji, agreement))

    answers = [kenji.post(address("sign", agreement), form) for _click in range(2)]

    assert {answer.status_code for answer in answers} == {302}
    assert Signature.objects.count() == 1


def test_a_page_of_a_text_that_was_replaced_meanwhile_signs_nothing(cast):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    form = filled(shown(kenji, agreement))
    actions.reopen(agreement, actor=cast.actor(cast.lucien), reason="Other words.")
    again = fresh(agreement)
    accepted(cast, again, reword(cast, again, cast.lucien), cast.mika)
    actions.freeze(stage.agree(cast, fresh(again)), actor=cast.actor(cast.mika))

    answer = kenji.post(address("sign", agreement), form)

    assert answer.status_code == 409
    assert "The text has changed since you opened it." in answer.content.decode()
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"passkey": "{}"},
        {"passkey": "x" * 13000},
        {"passkey": "\x00"},
        {"language": "tlh"},
        {"language": "\u202e"},
        {"typed_name": "\u202e" * 150},
        {"challenge": "y" * 5000},
        {"declaration": "z" * 1_000_000},
        {"read": ["annex-\u0000"]},
        {"sha256": "g" * 64},
    ],
)
def test_nothing_that_a_browser_can_send_breaks_the_page(cast, changes):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)

    answer = kenji.post(address("sign", agreement), filled(shown(kenji, agreement), **changes))

    assert answer.status_code in (409, 422)
    assert not Signature.objects.exists()


def test_a_signature_taken_back_is_shown_with_its_reason(cast):
    agreement = stage.frozen_agreement(cast)
    signature = stage.sign(cast, agreement, cast.kenji)
    mika = cast.client(cast.mika)
    page = address("void-signature", agreement, signature.evidence_sha256)
    assert page in mika.get(address("sign", agreement)).content.decode()
    assert mika.post(page, {"reason": "", "password": PASSWORD}).status_code == 422
    unproved = mika.post(page, {"reason": "Annex A was wrong."})
    assert unproved.status_code == 422
    assert "Annex A was wrong." in unproved.content.decode()

    assert mika.post(page, {"reason": "Annex A was wrong.", "password": PASSWORD}).status_code == 302

    html = shown(cast.client(cast.ingrid), agreement)
    assert "<s>Kenji Amanogawa</s>" in html
    assert "Annex A was wrong." in html
    assert "Sign for JAXA" in shown(cast.client(cast.kenji), agreement)


def test_a_signature_ad_referendum_is_confirmed_on_a_page_of_its_own(cast):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    kenji.post(address("sign", agreement), filled(shown(kenji, agreement, AD_REFERENDUM), ad_referendum="on"))
    signature = Signature.objects.get()
    mika = cast.client(cast.mika)
    page = address("confirm-signature", agreement, signature.evidence_sha256)
    assert "Ad referendum, not confirmed yet" in shown(kenji, agreement)
    assert page not in shown(kenji, agreement)
    assert kenji.get(page).status_code == 403
    assert page in shown(mika, agreement)
    assert mika.post(page, {"password": "guess", "approval": "Council, No 12"}).status_code == 422
    assert mika.post(page, {"password": PASSWORD, "approval": ""}).status_code == 422

    assert mika.post(page, {"password": PASSWORD, "approval": "Council, No 12"}).status_code == 302

    signed = Signature.objects.with_fate().get()
    assert signed.counts_from is not None
    assert "Mika Hoshino: <bdi>Council, No 12</bdi>" in shown(cast.client(cast.ingrid), agreement)
    assert cast.client(cast.ingrid).get(page).status_code == 404


def test_whoever_signs_ad_referendum_confirms_a_sentence_of_its_own(cast):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    plain, reserved = shown(kenji, agreement, "?consent=fr"), shown(kenji, agreement, "?consent=fr&ad_referendum=on")
    assert "J’entends engager" in plain
    assert "qu’une fois confirmée par Japan Aerospace Exploration Agency" in reserved
    assert "J’entends engager" not in reserved
    assert "?consent=ja&amp;ad_referendum=on" in reserved
    box = re.search(r'<input type="checkbox" name="ad_referendum"[^>]*>', reserved)[0]
    assert "checked" in box

    kenji.post(address("sign", agreement), filled(reserved, ad_referendum="on"))

    record = Signature.objects.get().record
    assert (record["consent"]["version"], record["consent"]["language"]) == ("2-ad-referendum", "fr")
    assert "qu’une fois confirmée" in record["consent"]["wording"]
    assert record["remarks"]["ad_referendum"] is True


@pytest.mark.parametrize(
    ("opened", "signed", "words"),
    [
        ("", {"ad_referendum": "on"}, "only once Japan Aerospace Exploration Agency has confirmed it"),
        (AD_REFERENDUM, {}, "I intend to bind Japan Aerospace Exploration Agency"),
    ],
    ids=["ad referendum was ticked", "ad referendum was taken away"],
)
def test_a_sentence_that_was_not_shown_is_shown_and_ticked_first(cast, opened, signed, words):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)

    answer = kenji.post(
        address("sign", agreement), filled(shown(kenji, agreement, opened), declaration="Subject to funds.", **signed)
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Read the sentence as it stands now, and tick it." in html
    assert words in html
    assert "Subject to funds." in html
    assert not re.search(r'name="consent"[^>]* checked', html)
    assert not Signature.objects.exists()
    assert kenji.post(address("sign", agreement), filled(html, **signed)).status_code == 302
    assert words in Signature.objects.get().record["consent"]["wording"]


def test_a_sentence_stays_ticked_where_something_else_is_wrong_but_no_other_does(cast):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)

    same = kenji.post(address("sign", agreement), filled(shown(kenji, agreement), typed_name="K"))
    other = kenji.post(address("sign", agreement), filled(shown(kenji, agreement), typed_name="K", ad_referendum="on"))

    ticked = [bool(re.search(r'name="consent"[^>]* checked', page.content.decode())) for page in (same, other)]
    assert ticked == [True, False]


def test_questions_and_their_answers_stand_on_the_page(cast):
    agreement = stage.frozen_agreement(cast)
    ingrid = cast.client(cast.ingrid)
    assert ingrid.post(address("ask-question", agreement), {"words": " "}).status_code == 422
    ingrid.post(address("ask-question", agreement), {"words": "Is annex A complete?"})
    question = Comment.objects.get()
    actions.comment(
        Agreement.objects.get(pk=agreement.pk), actor=cast.actor(cast.mika), words="It is.", audience="shared",
        reply_to=question.pk,
    )  # fmt: skip

    html = shown(cast.client(cast.kenji), agreement)

    assert "Is annex A complete?" in html
    assert "It is." in html


def test_the_page_asks_the_same_number_of_queries_however_much_was_signed_and_asked(
    cast, django_assert_max_num_queries
):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    kenji.get(address("sign", agreement))
    stage.sign(cast, agreement, cast.ingrid)
    for number in range(5):
        actions.ask_question(agreement, actor=cast.actor(cast.ingrid), words=f"Question {number}?")

    with django_assert_max_num_queries(22):
        kenji.get(address("sign", agreement))
