"""Requests for access: from the draft to the right, the owner's clock, and everything that is refused."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.working_days import working_days_left
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow
from projects.ip import actions
from projects.ip.actions.access_silence import watch
from projects.ip.may_use import may_use
from projects.ip.models import AccessRequest, AccessRight, Asset, TitleTransfer
from projects.models import Participation, Project
from tests.projects.ip import access

WANTED = {"need": "Our lander steers by it.", "wanted_from": date(2026, 1, 1), "wanted_to": date(2030, 12, 31)}


@pytest.fixture
def project(cast, agreed):
    agreed.say()
    return access.running(cast)


@pytest.fixture
def asset(cast, project):
    return access.background(cast, project)


@pytest.fixture
def lucien(cast):
    return cast.actor(cast.lucien)


@pytest.fixture
def mika(cast):
    return cast.actor(cast.mika)


def drafted(asset, actor, purpose="exploitation", **asked):
    return actions.draft_request(asset, actor=actor, purpose=purpose, **WANTED, **asked)


def submitted(asset, actor, **asked):
    return actions.submit_request(drafted(asset, actor, **asked), actor=actor)


def waiting(cast, person):
    return [str(item.title) for item in Item.objects.for_actor(cast.actor(person)).waiting()]


def late(request, **ago):
    """The owner's time ended so long ago."""
    AccessRequest.objects.filter(pk=request.pk).update(due_at=timezone.now() - timedelta(**ago))


def test_a_draft_is_the_requesters_own(cast, asset, lucien, mika):
    request = drafted(asset, lucien)

    assert request.owner == cast.jaxa
    assert not AccessRequest.objects.visible_to(mika).exists()
    with pytest.raises(NotNow) as again:
        drafted(asset, lucien)
    assert again.value.code == "already-asked"
    actions.edit_request(request, actor=lucien, version=1, field="Lunar missions")
    request = actions.submit_request(request, actor=lucien)
    assert AccessRequest.objects.visible_to(mika).get().field == "Lunar missions"
    assert waiting(cast, cast.mika) == ["ESA asks for the use of Landing radar"]


@pytest.mark.parametrize(("wrong", "field"), [
    ({"need": "  "}, "need"), ({"wanted_to": date(2025, 1, 1)}, "wanted_to"), ({"purpose": "resale"}, "purpose"),
])  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(asset, lucien, wrong, field):
    with pytest.raises(ValidationError) as error:
        actions.draft_request(asset, actor=lucien, **{**WANTED, "purpose": "exploitation", **wrong})

    assert field in error.value.message_dict


def test_owners_and_strangers_do_not_ask(cast, asset, mika):
    with pytest.raises(Forbidden) as own:
        drafted(asset, mika)
    assert own.value.code == "owner"
    with pytest.raises(NotNow) as stranger:
        drafted(asset, cast.actor(cast.tara))
    assert stranger.value.code == "not-a-party"
    with pytest.raises(Forbidden) as signatory:
        drafted(asset, cast.actor(cast.ingrid))
    assert signatory.value.code == "role-needed"


def test_granted_as_asked_gives_a_right_at_once(cast, asset, lucien, mika):
    request = submitted(asset, lucien, field="Lunar missions")
    actions.acknowledge_request(request, actor=mika)
    actions.ask_requester(request, actor=mika, body="Which lander?")
    assert waiting(cast, cast.lucien) == ["JAXA asks about your request for Landing radar"]
    with pytest.raises(Forbidden):
        actions.answer_owner(request, actor=mika, body="Ours.")
    actions.answer_owner(request, actor=lucien, body="Argonaut.")
    actions.accept_need(request, actor=mika)
    request = actions.grant_request(request, actor=mika)

    right = AccessRight.objects.get()
    assert (request.status, right.request, right.grantor, right.holder) == ("granted", request, cast.jaxa, cast.esa)
    assert (right.royalty, right.may_sublicense, right.field) == ("free", False, "Lunar missions")
    assert right.ends_at == datetime(2030, 12, 31, 15, tzinfo=UTC)
    assert waiting(cast, cast.mika) == waiting(cast, cast.lucien) == []
    answer = may_use(access.again(asset), cast.esa, "exploitation", date(2027, 5, 5))
    assert (answer.allowed, answer.source) == (True, right.ref)
    verbs = Event.objects.of(request.ref).values_list("verb", flat=True)
    assert [verb.partition(".")[2] for verb in verbs.order_by("pk")] == [
        "drafted", "submitted", "acknowledged", "information_asked", "information_given", "need_accepted", "granted",
    ]  # fmt: skip


def test_terms_make_no_right_before_they_are_accepted(cast, asset, lucien, mika):
    request = submitted(asset, lucien)
    terms = {"starts_on": date(2026, 1, 1), "royalty": "sum", "royalty_words": "3 million yen"}
    with pytest.raises(ValidationError) as silent:
        actions.offer_terms(request, actor=mika, **{**terms, "royalty_words": ""})
    assert "royalty_words" in silent.value.message_dict
    actions.offer_terms(request, actor=mika, **terms)
    assert not AccessRight.objects.exists()
    assert not may_use(access.again(asset), cast.esa, "exploitation", timezone.now()).allowed
    with pytest.raises(Forbidden):
        actions.accept_terms(request, actor=mika)
    actions.counter_terms(request, actor=lucien, **{**terms, "royalty_words": "2 million yen"}, note="Too dear.")
    assert waiting(cast, cast.mika) == ["ESA puts other terms for Landing radar"]
    actions.offer_terms(request, actor=mika, **{**terms, "royalty_words": "2.5 million yen"})
    with pytest.raises(NotNow) as older:
        actions.accept_terms(request, actor=lucien, number=1)
    assert older.value.code == "other-terms"
    actions.accept_terms(request, actor=lucien, number=3)

    assert AccessRight.objects.get().royalty_words == "2.5 million yen"


def test_accepting_the_counter_grants_it(asset, lucien, mika):
    request = submitted(asset, lucien)
    actions.offer_terms(request, actor=mika, starts_on=date(2026, 1, 1), royalty="sum", royalty_words="3 million")
    request = actions.counter_terms(request, actor=lucien, starts_on=date(2026, 2, 1))
    assert request.due_at > timezone.now()
    actions.grant_request(request, actor=mika)

    assert AccessRight.objects.get().starts_on == date(2026, 2, 1)


def test_refusals_are_limited_to_what_the_agreement_allows(asset, lucien, mika):
    request = submitted(asset, lucien)
    for ground in ("limited", "terms_declined", "out_of_window", "because"):
        with pytest.raises(ValidationError) as error:
            actions.refuse_request(request, actor=mika, ground=ground, words="No.")
        assert "ground" in error.value.message_dict
    with pytest.raises(ValidationError):
        actions.refuse_request(request, actor=mika, ground="law", words=" ")
    actions.accept_need(request, actor=mika)
    with pytest.raises(ValidationError):
        actions.refuse_request(request, actor=mika, ground="not_needed", words="Not needed after all.")
    with pytest.raises(Forbidden):
        actions.refuse_request(request, actor=lucien, ground="law", words="No.")
    request = actions.refuse_request(request, actor=mika, ground="law", words="FEFA article 25.")

    assert (request.status, request.is_automatic) == ("refused", False)
    with pytest.raises(NotNow) as over:
        actions.grant_request(request, actor=mika)
    assert (over.value.code, over.value.state) == ("wrong-state", "refused")


def test_declined_terms_are_a_ground_for_exploitation_only(asset, lucien, mika):
    request = submitted(asset, lucien)
    actions.offer_terms(request, actor=mika, starts_on=date(2026, 1, 1), royalty="sum", royalty_words="3 million")

    assert "terms_declined" in actions.allowed_grounds(AccessRequest.objects.for_pages().get())


def test_r6_background_outside_the_list_is_refused_automatically_with_its_reason(cast, project, agreed, lucien, mika):
    kept = access.ready(
        actions.list_background(project, actor=mika, title="Engine", nature="hardware", is_excluded=True)
    ) if not agreed.terms else None  # fmt: skip
    positive = agreed.terms
    agreed.terms = []
    kept = kept or access.background(cast, project, title="Engine", is_excluded=True)
    agreed.terms = positive

    request = submitted(kept, lucien)

    assert (request.status, request.is_automatic, request.refusal_ground) == ("refused", True, "limited")
    assert request.refusal_words == (
        f"{kept.ref} is not on the list of what JAXA includes; it is excluded (A-2026-0003, clause 5 (Background))."
    )
    assert AccessRequest.objects.visible_to(mika).get() == request
    event = Event.objects.of(request.ref).newest_first().first()
    assert (event.verb, event.facts["automatic"]) == ("access_request.refused_by_the_agreement", True)


def test_r7_exploitation_is_asked_for_until_the_last_day_and_lapses_one_day_later(cast, asset, project, lucien, agreed):
    request, other = drafted(asset, lucien), drafted(asset, lucien, "implementation")
    now = timezone.now()
    today = now.astimezone(UTC).date()
    year_ago = today.replace(year=today.year - 1)

    def ended(day):
        Project.objects.filter(pk=project.pk).update(
            status="completed", ended_at=datetime.combine(day, datetime.min.time(), tzinfo=UTC) + timedelta(hours=12)
        )

    # The last day runs out at midnight in Paris, the requester's seat; with a day to spare it is open in every zone.
    ended(year_ago + timedelta(days=1))
    with pytest.raises(NotNow) as over:
        actions.submit_request(other, actor=lucien)
    assert over.value.code == "project-over"
    assert watch() == 1  # only what is asked for the project itself lapses with it
    ended(year_ago - timedelta(days=1))
    with pytest.raises(NotNow) as closed:
        actions.submit_request(request, actor=lucien)
    assert closed.value.code == "window-closed"
    assert "Requests could be made until" in str(closed.value.reason)
    assert watch() == 1
    assert watch() == 0
    request.refresh_from_db()
    assert (request.status, request.closed_at is not None) == ("lapsed", True)
    ended(year_ago + timedelta(days=1))
    assert submitted(asset, lucien).status == "submitted"


def test_r7_the_window_is_counted_in_months_at_the_requesters_seat(cast, asset, project, agreed):
    from projects.ip.access_rules import add_months, may_request
    from projects.ip.policies import grounds_of

    Project.objects.filter(pk=project.pk).update(status="completed", ended_at=datetime(2026, 2, 28, 12, tzinfo=UTC))
    grounds = grounds_of(access.again(asset), cast.esa)
    last = datetime(2027, 2, 28, 23, tzinfo=UTC)  # midnight in Paris

    assert may_request(grounds, "exploitation", at=last - timedelta(microseconds=1)) is None
    assert may_request(grounds, "exploitation", at=last).code == "window-closed"
    assert may_request(grounds, "evaluation", at=datetime(2026, 3, 1, tzinfo=UTC)).code == "project-over"
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2027, 8, 31), 6) == date(2028, 2, 29)


def test_r13_a_party_that_left_still_asks_for_exploitation_and_answers_what_it_is_asked(
    cast, asset, project, lucien, mika
):
    theirs = access.ready(actions.list_background(project, actor=lucien, title="Drill", nature="hardware"))
    Participation.objects.filter(project=project, agency=cast.esa).update(status="left", left_on=timezone.now().date())
    client = cast.client(cast.lucien)

    assert client.get(f"/ip/{asset.ref}/").status_code == 404
    assert client.get(f"/ip/{asset.ref}/request-access/").status_code == 200
    assert (
        "only exploitation is asked for"
        in client.get(f"/ip/{asset.ref}/request-access/?purpose=implementation").content.decode()
    )
    request = submitted(access.again(asset), lucien)
    assert client.get(request.get_absolute_url()).status_code == 200
    asked = submitted(access.again(theirs), mika)
    assert actions.grant_request(asked, actor=lucien).status == "granted"


def test_silence_reminds_then_escalates_and_never_grants(cast, asset, lucien, mika):
    request = submitted(asset, lucien)
    assert watch() == 0
    AccessRequest.objects.filter(pk=request.pk).update(due_at=timezone.now() + timedelta(days=2))
    assert (watch(), watch()) == (1, 0)
    late(request, seconds=1)
    request.refresh_from_db()
    assert (request.status, request.stands()) == ("submitted", "escalated")
    assert "With the heads" in cast.client(cast.lucien).get(request.get_absolute_url()).content.decode()
    assert (watch(), watch()) == (1, 0)
    request.refresh_from_db()

    assert request.status == "escalated"
    assert not AccessRight.objects.exists()
    assert not may_use(access.again(asset), cast.esa, "exploitation", timezone.now()).allowed
    wanted = "No answer in time about Landing radar: take it up with each other"
    assert wanted in waiting(cast, cast.mika)
    assert wanted in waiting(cast, cast.lucien)
    event = Event.objects.of(request.ref).newest_first().first()
    assert (event.verb, event.person_uid) == ("access_request.escalated", None)
    assert actions.grant_request(request, actor=mika).status == "granted"
    assert waiting(cast, cast.mika) == waiting(cast, cast.lucien) == []


def test_while_the_requester_owes_information_nothing_escalates(asset, lucien, mika):
    request = submitted(asset, lucien)
    actions.ask_requester(request, actor=mika, body="Which lander?")
    late(request, days=1)
    assert watch() == 0
    actions.answer_owner(request, actor=lucien, body="Argonaut.")
    assert watch() == 1


def test_the_clock_follows_the_agreement(cast, asset, lucien, agreed):
    request = submitted(asset, lucien)
    local = request.due_at.astimezone(cast.jaxa.local().tzinfo)
    assert (request.answer_days, request.day_basis, request.clause) == (
        30,
        "calendar",
        "A-2026-0003, clause 15 (Requests for access)",
    )
    assert (local.hour, local.minute) == (0, 0)
    assert timedelta(days=29) < request.due_at - timezone.now() <= timedelta(days=34)
    actions.withdraw_request(request, actor=lucien)
    agreed.say(answers={"day_basis": "working", "access_answer_days": 10})
    request = submitted(access.again(asset), lucien)
    assert (request.answer_days, request.day_basis) == (10, "working")
    assert request.due_at - timezone.now() > timedelta(days=12)


def test_working_days_left_leave_out_public_holidays(cast):
    friday = datetime(2026, 5, 1, 9, tzinfo=UTC)
    end = datetime(2026, 5, 10, 15, tzinfo=UTC)  # the end of Sunday in Tokyo

    assert working_days_left(cast.jaxa, end, now=friday) == 3  # 1, 7 and 8 May: Golden Week lies between
    assert working_days_left(cast.esa, end, now=friday) == 6
    assert working_days_left(cast.jaxa, friday, now=friday) == 0


def joined(cast, project):
    """ISRO, as a third party."""
    Participation.objects.create(
        project=project, agency=cast.isro, agency_name="ISRO", status="accepted", joined_on=date(2026, 1, 1),
        answered_at=timezone.now(), answered_by=cast.tara, terms_number=1,
    )  # fmt: skip


def test_any_owner_of_a_joint_result_grants_and_the_addressed_one_refuses(cast, project, agreed, mika, lucien):
    agreed.say(parties=frozenset({"JAXA", "ESA", "ISRO"}))
    joined(cast, project)
    joint = access.result(cast, project, shares={"JAXA": Decimal(40), "ESA": Decimal(60)})
    tara = cast.actor(cast.tara)
    request = submitted(joint, tara)

    assert request.owner == cast.jaxa  # it made the entry
    with pytest.raises(Forbidden) as refused:
        actions.refuse_request(request, actor=lucien, ground="law", words="No.")
    assert refused.value.code == "not-asked"
    actions.grant_request(request, actor=lucien)
    assert AccessRight.objects.get().grantor == cast.esa
    told = [str(item.title) for item in Item.objects.for_actor(mika) if item.kind != "waiting"]
    assert "ISRO may use Ice map as agreed" in told


@pytest.mark.parametrize("what", ["passed on", "withdrawn"])
def test_nothing_is_granted_by_who_owns_it_no_more_or_of_what_left_the_register(cast, asset, mika, lucien, what):
    asked, offered = submitted(asset, lucien), submitted(asset, lucien, purpose="evaluation")
    offered = actions.offer_terms(offered, actor=mika, royalty="free", starts_on=date(2026, 1, 1))
    if what == "withdrawn":
        Asset.objects.filter(pk=asset.pk).update(status="withdrawn")
    else:
        joined(cast, asset.project)
        transfer = actions.notify_transfer(asset, actor=mika, percent=Decimal(100), to="ISRO")
        TitleTransfer.objects.filter(pk=transfer.pk).update(ends_at=timezone.now())
        actions.complete_transfer(transfer, actor=mika)

    for act, request, actor in (
        (actions.grant_request, asked, mika), (actions.accept_terms, offered, lucien),
    ):  # fmt: skip
        with pytest.raises((Forbidden, NotNow)) as refused:
            act(request, actor=actor)
        assert refused.value.code in ("not-an-owner", "owner-changed", "withdrawn")
    assert not AccessRight.objects.exists()


def test_rights_are_cut_by_who_granted_or_holds_them_at_that_instant(cast, asset, lucien, mika):
    actions.grant_request(submitted(asset, lucien), actor=mika)
    right = AccessRight.objects.get()
    with pytest.raises(Forbidden):
        actions.revoke_right(right, actor=lucien, cause="breach", reason="x")
    with pytest.raises(Forbidden):
        actions.use_up_right(right, actor=mika, reason="x")
    with pytest.raises(ValidationError):
        actions.revoke_right(right, actor=mika, cause="whim", reason="x")
    with pytest.raises(ValidationError):
        actions.revoke_right(right, actor=mika, cause="breach", reason=" ")
    right = actions.revoke_right(right, actor=mika, cause="breach", reason="Not cured within 30 days.")

    assert right.standing() == "revoked"
    assert not may_use(access.again(asset), cast.esa, "exploitation", timezone.now()).allowed
    assert may_use(access.again(asset), cast.esa, "exploitation", right.cut_at - timedelta(seconds=1)).code == "granted"
    with pytest.raises(NotNow) as over:
        actions.revoke_right(right, actor=mika, cause="breach", reason="Again.")
    assert over.value.code == "right-over"


# --- the doors ---


def typed(**words):
    asked = {"need": "Our lander steers by it.", "wanted_from": "2026-01-01", "wanted_to": "2030-12-31"}
    return {**asked, "once": str(uuid.uuid4()), **words}


def test_the_pages_from_the_question_to_the_right(cast, asset, project):
    mika, lucien = cast.client(cast.mika), cast.client(cast.lucien)
    question = f"/ip/may-use/?asset={asset.ref}&agency=ESA&purpose=exploitation&on=2026-11-03"

    wrong = lucien.get(question.replace("on=2026-11-03", "on=soon"))
    assert wrong.status_code == 422
    assert "This cannot be answered yet: please correct what is marked." in wrong.content.decode()
    assert "Not saved" not in wrong.content.decode()
    page = lucien.get(question).content.decode()
    assert f"No. ESA may not use {asset.ref} for exploitation on 3 November 2026: JAXA has granted no right" in page
    assert "What ESA can do: request access" in page
    assert f"/ip/{asset.ref}/request-access/?purpose=exploitation" in page
    assert "Request access" not in mika.get(question).content.decode()
    form = f"/ip/{asset.ref}/request-access/?purpose=exploitation"
    bad = lucien.post(form, typed(need="", submit="1"))
    assert (bad.status_code, b'id="id_need_error"' in bad.content) == (422, True)
    address = lucien.post(form, typed(submit="1")).url
    assert "Go on with" in lucien.get(question).content.decode()
    shown = mika.get(address).content.decode()
    assert "working days" in shown
    assert "JST" in shown
    assert mika.post(f"{address}refuse/", typed(ground="limited", words="x")).status_code == 422
    assert mika.post(f"{address}ask/", typed(body="Which?")).status_code == 302
    assert lucien.post(f"{address}answer/", typed(body="Argonaut.")).status_code == 302
    assert lucien.post(f"{address}grant/", typed()).status_code == 403
    offer = typed(starts_on="2026-01-01", ends_on="2027-12-31", royalty="sum", royalty_words="3 million yen")
    assert mika.post(f"{address}offer/", {**offer, "royalty_words": ""}).status_code == 422
    assert mika.post(f"{address}offer/", {**offer, "once": str(uuid.uuid4())}).status_code == 302
    assert "3 million yen" in lucien.get(address).content.decode()
    assert lucien.post(f"{address}accept/", typed(number="1")).status_code == 302
    right = AccessRight.objects.get()
    assert "3 million yen" in lucien.get(right.get_absolute_url()).content.decode()
    assert f"Yes. ESA may use {asset.ref} for exploitation" in mika.get(question).content.decode()
    matrix = lucien.get(f"/projects/{project.ref}/ip/access/?party=ESA&on=2026-11-03").content.decode()
    assert right.ref in matrix
    assert "Use by affiliates" in matrix
    everybody = lucien.get(f"/projects/{project.ref}/ip/access/?on=2026-11-03").content.decode()
    assert everybody.count("Yes, as owner") == 1
    assert everybody.count(f"/ip/may-use/?asset={asset.ref}&amp;agency=JAXA&amp;purpose=") == 5
    assert (
        lucien.get(f"/projects/{project.ref}/ip/access/?on=soon").content.decode().count("Today is shown instead") == 1
    )
    for person in (cast.tara, cast.sora, cast.olga):
        client = cast.client(person)
        assert client.get(address).status_code == client.get(right.get_absolute_url()).status_code == 404
        assert client.get(question).status_code == 422
        assert client.get("/ip/").status_code == 200


def test_the_api_answers_as_the_page_does(cast, asset, project):
    lucien, mika = cast.client(cast.lucien), cast.client(cast.mika)
    ask = "/api/v1/may-use/"

    answer = lucien.get(
        ask, {"asset": asset.ref, "agency": "ESA", "purpose": "implementation", "on": "2026-11-03"}
    ).json()
    assert (answer["allowed"], answer["source"]) == (True, "A-2026-0003, clause 10 (Access for implementation)")
    assert answer["ends"] == "2036-01-01T00:00:00Z"
    instant = {"asset": asset.ref, "agency": "ESA", "purpose": "exploitation", "on": "2026-11-03T10:00:00+09:00"}
    assert lucien.get(ask, instant).json()["ask_code"] == "request"
    for wrong, field in (
        ({"on": "soon"}, "on"), ({"on": "2026-11-03T10:00"}, "on"), ({"on": "0001-01-01"}, "on"), ({"purpose": "x"}, "purpose"),
        ({"asset": "IP-1999-0001"}, "asset"), ({"agency": "NOBODY"}, "agency"), ({"color": "red"}, "color"),
    ):  # fmt: skip
        bad = lucien.get(ask, {**instant, **wrong})
        assert (bad.status_code, bad["Content-Type"]) == (400, "application/problem+json"), wrong
        assert field in bad.json()["errors"]
        assert bad.json()["detail"] == "It cannot be answered so."
    stranger = cast.client(cast.tara).get(ask, instant)
    assert (stranger.status_code, "asset" in stranger.json()["errors"]) == (400, True)

    def post(client, path, body):
        return client.post(f"/api/v1/{path}", body, content_type="application/json")

    words = {"asset": asset.ref, "purpose": "exploitation", "need": "To land.", "wanted_from": "2026-01-01"}
    made = post(lucien, "access-requests/", words)
    assert (made.status_code, made.json()["status"]) == (201, "draft")
    ref = made.json()["ref"]
    assert post(mika, f"access-requests/{ref}/grant/", {}).status_code == 404
    assert lucien.patch(
        f"/api/v1/access-requests/{ref}/", {"field": "Moon"}, content_type="application/json", headers={"If-Match": '"7"'}
    ).json()["code"] == "stale-version"  # fmt: skip
    assert post(lucien, f"access-requests/{ref}/submit/", {}).json()["stands"] == "submitted"
    assert post(mika, f"access-requests/{ref}/offer/", {"starts_on": "2026-01-01", "royalty": "sum"}).status_code == 400
    assert post(mika, f"access-requests/{ref}/offer/", {"starts_on": "2026-01-01"}).json()["stands"] == "offered"
    granted = post(lucien, f"access-requests/{ref}/accept/", {"number": 1}).json()
    right = lucien.get(f"/api/v1/access-rights/{granted['right']}/").json()
    assert (right["standing"], right["holder"]) == ("active", "ESA")
    again = post(lucien, f"access-requests/{ref}/accept/", {"number": 1})
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")
    cut = post(mika, f"access-rights/{right['ref']}/revoke/", {"cause": "breach", "reason": "Not cured."})
    assert cut.json()["standing"] == "revoked"
