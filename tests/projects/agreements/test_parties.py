"""As what a party is bound: said by whom it concerns, part of the text, and so a reason to ask everybody again."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow, Stale
from projects.agreements import actions
from projects.agreements.document import draft_document
from projects.agreements.models import Agreement, Party, Status
from tests import stage
from tests.projects.agreements.negotiating import agree, fresh

pytestmark = pytest.mark.django_db
JAPAN = "the Government of Japan, acting through JAXA"
PARIS = "an international organisation"


def say(cast, agreement, person, version=None, **words):
    return actions.set_bound_as(agreement, actor=cast.actor(person), bound_as=words, version=version)


def named(agreement):
    return {row["ref"]: row["bound_as"] for row in draft_document(fresh(agreement))["parties"]}


def said(agreement):
    return Event.objects.filter(verb="agreement.bound_as_set", target_ref=agreement.ref)


def path(agreement):
    return reverse("agreements:parties", args=[agreement.ref])


def post(cast, person, agreement, **sent):
    return cast.client(person).post(path(agreement), {"once": str(uuid.uuid4()), **sent})


def api(cast, person, agreement, bound_as, **headers):
    address = f"/api/v1/agreements/{agreement.ref}/set-bound-as/"
    return cast.client(person).post(address, {"bound_as": bound_as}, content_type="application/json", headers=headers)


def test_the_drafter_says_it_of_every_party_of_a_draft(cast):
    agreement = stage.drafted_agreement(cast)

    say(cast, agreement, cast.mika, JAXA=JAPAN, ESA=f"  {PARIS} ")

    assert named(agreement) == {"JAXA": JAPAN, "ESA": PARIS}
    event = said(agreement).get()
    assert (event.facts, list(event.agencies)) == ({"parties": ["ESA", "JAXA"]}, ["JAXA"])


def test_of_a_shared_text_each_party_says_it_of_itself_alone(cast):
    agreement = stage.shared_agreement(cast)

    say(cast, agreement, cast.lucien, ESA=PARIS)
    with pytest.raises(Forbidden) as refused:
        say(cast, agreement, cast.mika, ESA="Europe")

    assert refused.value.code == "not-your-party"
    assert named(agreement) == {"JAXA": "", "ESA": PARIS}
    assert set(said(agreement).get().agencies) == {"JAXA", "ESA"}


def test_words_of_another_party_that_are_sent_along_unchanged_hinder_nothing(cast):
    agreement = stage.shared_agreement(cast)
    say(cast, agreement, cast.lucien, ESA=PARIS)

    say(cast, agreement, cast.mika, JAXA=JAPAN, ESA=PARIS)

    assert named(agreement) == {"JAXA": JAPAN, "ESA": PARIS}


def test_whoever_agreed_agreed_to_another_text_and_is_asked_again(cast):
    agreement = agree(cast, stage.shared_agreement(cast), cast.mika, cast.lucien)
    assert agreement.status == Status.TEXT_AGREED

    say(cast, agreement, cast.lucien, ESA=PARIS)

    assert fresh(agreement).status == Status.NEGOTIATING
    with pytest.raises(NotNow) as refused:
        actions.freeze(agreement, actor=cast.actor(cast.mika))
    assert refused.value.code == "text-not-agreed"
    assert Item.objects.filter(key=f"agree:{agreement.ref}:JAXA", settled_at=None).exists()
    agree(cast, agreement, cast.mika, cast.lucien)
    frozen = actions.freeze(agreement, actor=cast.actor(cast.mika))
    assert [row["bound_as"] for row in frozen.text.document["parties"]] == ["", PARIS]


def test_saying_what_stands_there_already_changes_nothing(cast):
    agreement = stage.shared_agreement(cast)
    say(cast, agreement, cast.lucien, ESA=PARIS)
    version = fresh(agreement).version

    say(cast, agreement, cast.lucien, ESA=PARIS)

    assert (fresh(agreement).version, said(agreement).count()) == (version, 1)


@pytest.mark.parametrize("reach", [stage.frozen_agreement, stage.signed_agreement, stage.agreement_in_force])
def test_a_frozen_text_keeps_it(cast, reach):
    agreement = reach(cast)

    with pytest.raises(NotNow):
        say(cast, agreement, cast.lucien, ESA=PARIS)

    assert Party.objects.exclude(bound_as="").count() == 0


@pytest.mark.parametrize("who", ["kenji", "ingrid", "tara"])
def test_signatories_and_strangers_do_not_say_it(cast, who):
    with pytest.raises(Forbidden):
        say(cast, stage.shared_agreement(cast), getattr(cast, who), ESA=PARIS)


@pytest.mark.parametrize("words", ["x" * 201, "two\nlines", "\x00", "\ud800", "a\u202eb", "a\u2028b"])
def test_what_cannot_stand_in_a_text_is_refused(cast, words):
    agreement = stage.drafted_agreement(cast)

    with pytest.raises(ValidationError) as refused:
        say(cast, agreement, cast.mika, ESA=words)

    assert list(refused.value.error_dict) == ["bound_as"]
    assert named(agreement)["ESA"] == ""


def test_nobody_is_bound_who_is_no_party(cast):
    with pytest.raises(ValidationError):
        say(cast, stage.drafted_agreement(cast), cast.mika, ISRO="India")


def test_an_older_version_is_refused(cast):
    agreement = stage.drafted_agreement(cast)
    actions.word_clause(agreement, "notices", actor=cast.actor(cast.mika), text="By letter.")

    with pytest.raises(Stale) as stale:
        say(cast, agreement, cast.mika, version=agreement.version, ESA=PARIS)

    assert stale.value.typed == {"bound_as_ESA": PARIS}


def test_an_amendment_binds_each_party_as_the_agreement_does(cast):
    agreement = stage.drafted_agreement(cast)
    say(cast, agreement, cast.mika, JAXA=JAPAN)
    shared = actions.share(fresh(agreement), actor=cast.actor(cast.mika))
    frozen = actions.freeze(stage.agree(cast, shared), actor=cast.actor(cast.mika))
    for person in (cast.kenji, cast.ingrid):
        stage.sign(cast, frozen, person)
    agreement = actions.enter_into_force(fresh(frozen), actor=cast.actor(cast.mika))

    amendment = actions.draft_amendment(agreement, actor=cast.actor(cast.mika))

    assert named(amendment) == {"JAXA": JAPAN, "ESA": ""}


def test_the_page_offers_a_line_for_each_party_that_the_reader_speaks_for(cast):
    draft = stage.drafted_agreement(cast)
    both = cast.client(cast.mika).get(path(draft)).content.decode()
    shared = actions.share(draft, actor=cast.actor(cast.mika))
    own = cast.client(cast.lucien).get(path(shared)).content.decode()
    none = cast.client(cast.kenji).get(path(shared)).content.decode()

    assert [name in both for name in ("bound_as_JAXA", "bound_as_ESA")] == [True, True]
    assert [name in own for name in ("bound_as_JAXA", "bound_as_ESA")] == [False, True]
    assert "bound_as_" not in none
    assert "Managers and administrators of a party do this." in none
    assert path(shared) in cast.client(cast.lucien).get(reverse("agreements:force", args=[shared.ref])).content.decode()


def test_it_is_said_on_the_page_and_shown_as_words(cast):
    agreement = stage.shared_agreement(cast)
    words = "<b>Europe</b> & #set page()"

    done = post(cast, cast.lucien, agreement, version=agreement.version, bound_as_ESA=words)

    assert (done.status_code, done["Location"]) == (302, path(agreement))
    assert named(agreement)["ESA"] == words
    html = cast.client(cast.mika).get(path(agreement)).content.decode()
    assert "&lt;b&gt;Europe&lt;/b&gt; &amp; #set page()" in html
    assert "<b>Europe" not in html


def test_the_page_takes_no_words_for_another_party(cast):
    agreement = stage.shared_agreement(cast)

    post(cast, cast.lucien, agreement, version=agreement.version, bound_as_JAXA="Europe")

    assert named(agreement) == {"JAXA": "", "ESA": ""}


@pytest.mark.parametrize("words", ["x" * 201, "a\u202eb", "a\x00b"])
def test_bad_words_are_said_beside_their_field_and_kept(cast, words):
    agreement = stage.shared_agreement(cast)

    response = post(cast, cast.lucien, agreement, version=agreement.version, bound_as_ESA=words)

    assert response.status_code == 422
    assert 'id="id_bound_as_ESA_error"' in response.content.decode()
    assert named(agreement)["ESA"] == ""


def test_a_form_that_was_opened_before_somebody_else_saved_keeps_what_was_typed(cast):
    agreement = stage.shared_agreement(cast)
    say(cast, agreement, cast.mika, JAXA=JAPAN)

    response = post(cast, cast.lucien, agreement, version=agreement.version, bound_as_ESA=PARIS)

    assert response.status_code == 409
    assert PARIS in response.content.decode()


def test_a_frozen_text_is_refused_on_the_page_and_shown_without_a_form(cast):
    agreement = stage.frozen_agreement(cast)

    assert post(cast, cast.lucien, agreement, version=agreement.version, bound_as_ESA=PARIS).status_code == 409
    html = cast.client(cast.lucien).get(path(agreement)).content.decode()
    assert "is part of the frozen text" in html
    assert "bound_as_" not in html


def test_the_api_says_it_with_the_same_refusals(cast):
    agreement = stage.shared_agreement(cast)

    done = api(cast, cast.lucien, agreement, {"ESA": PARIS})
    refusals = [
        api(cast, cast.lucien, agreement, {"JAXA": "Europe"}).status_code,
        api(cast, cast.lucien, agreement, {"ISRO": "India"}).status_code,
        api(cast, cast.lucien, agreement, {"ESA": "x" * 201}).status_code,
        api(cast, cast.lucien, agreement, {"ESA": "a\u202eb"}).status_code,
        api(cast, cast.lucien, agreement, {}).status_code,
        api(cast, cast.lucien, agreement, ["ESA"]).status_code,
        api(cast, cast.lucien, agreement, {"ESA": "Europe"}, **{"If-Match": '"1"'}).status_code,
        api(cast, cast.tara, agreement, {"ESA": "Europe"}).status_code,
    ]

    assert done.status_code == 200
    assert {row["agency"]: row["bound_as"] for row in done.json()["parties"]} == {"JAXA": "", "ESA": PARIS}
    assert refusals == [403, 400, 400, 400, 400, 400, 409, 404]
    assert named(agreement)["ESA"] == PARIS


def test_it_stands_on_the_signing_page(cast):
    agreement = stage.drafted_agreement(cast)
    say(cast, agreement, cast.mika, JAXA=JAPAN)
    shared = actions.share(Agreement.objects.get(pk=agreement.pk), actor=cast.actor(cast.mika))
    frozen = actions.freeze(stage.agree(cast, shared), actor=cast.actor(cast.mika))

    html = cast.client(cast.kenji).get(reverse("agreements:sign", args=[frozen.ref])).content.decode()

    assert f"bound as {JAPAN}" in html
