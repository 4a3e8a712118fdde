"""Who is told that it is not theirs: the right agency, the right person, and one that the agreement does not provide for."""

from __future__ import annotations

from datetime import date

import pytest

from portal.kit.refusals import Forbidden, NotNow
from projects.ip import actions
from projects.ip.models import AccessRequest, AccessRight, Dispute
from projects.ip.policies import AccessRequestPolicy, AccessRightPolicy, AskingPolicy, DisputePolicy
from tests.projects.ip import access

# Noun, verb, who is refused and how, who is not.
TABLE = [
    ("draft", "edit", "mika", "not-the-requester", "lucien"),
    ("draft", "submit", "mika", "not-the-requester", "lucien"),
    ("draft", "withdraw", "mika", "not-the-requester", "lucien"),
    ("asked", "answer", "mika", "not-the-requester", "lucien"),
    ("offered", "accept", "mika", "not-the-requester", "lucien"),
    ("offered", "counter", "mika", "not-the-requester", "lucien"),
    ("right", "revoke", "lucien", "not-the-grantor", "mika"),
    ("right", "use_up", "mika", "not-the-holder", "lucien"),
    ("dispute", "read_room", "sora", "not-in-the-room", "kenji"),
    ("dispute", "write", "sora", "not-in-the-room", "lucien"),
]


@pytest.fixture
def asset(cast, agreed):
    agreed.say()
    return access.background(cast, access.running(cast))


def drafted(cast, asset):
    words = {"need": "Our lander steers by it.", "wanted_from": date(2026, 1, 1)}
    return actions.draft_request(asset, actor=cast.actor(cast.lucien), purpose="exploitation", **words)


def draft(cast, asset):
    return AccessRequestPolicy, AccessRequest.objects.for_pages().get(pk=drafted(cast, asset).pk)


def asked(cast, asset):
    request = actions.submit_request(drafted(cast, asset), actor=cast.actor(cast.lucien))
    actions.ask_requester(request, actor=cast.actor(cast.mika), body="Which lander?")
    return AccessRequestPolicy, AccessRequest.objects.for_pages().get(pk=request.pk)


def offered(cast, asset):
    request = actions.submit_request(drafted(cast, asset), actor=cast.actor(cast.lucien))
    actions.offer_terms(request, actor=cast.actor(cast.mika), starts_on=date(2026, 1, 1), royalty="free")
    return AccessRequestPolicy, AccessRequest.objects.for_pages().get(pk=request.pk)


def right(cast, asset):
    request = actions.submit_request(drafted(cast, asset), actor=cast.actor(cast.lucien))
    actions.grant_request(request, actor=cast.actor(cast.mika))
    return AccessRightPolicy, AccessRight.objects.with_parties().get()


def dispute(cast, asset):
    facts = {
        "against": ["JAXA"],
        "subject_kind": "asset",
        "subject_ref": asset.ref,
        "claim": "Ours.",
        "sought": "Half.",
    }
    opened = actions.open_dispute(asset.project, actor=cast.actor(cast.lucien), **facts)
    return DisputePolicy, Dispute.objects.with_project().get(pk=opened.pk)


@pytest.mark.parametrize(("noun", "verb", "refused", "code", "allowed"), TABLE)
def test_a_verb_is_refused_to_whom_it_is_not_given(cast, asset, noun, verb, refused, code, allowed):
    policy, record = globals()[noun](cast, asset)

    refusal = policy(cast.actor(getattr(cast, refused)), record).refusal(verb)

    assert isinstance(refusal, Forbidden)
    assert refusal.code == code
    assert policy(cast.actor(getattr(cast, allowed)), record).refusal(verb) is None


@pytest.mark.parametrize(("provides", "code"), [(False, "affiliates-not-provided"), (True, None)])
def test_affiliates_are_asked_for_where_the_agreement_lets_them(cast, asset, agreed, provides, code):
    agreed.say(answers={"access_affiliates": provides})

    refusal = AskingPolicy(cast.actor(cast.lucien), access.again(asset), "affiliates").refusal("request")

    assert (refusal and (type(refusal), refusal.code)) == (code and (NotNow, code))
