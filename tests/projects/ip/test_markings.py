"""What may cross to another agency: undetermined, held, controlled, embargoed, and who decides it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from agencies.middleware import actor_of_person
from agencies.models import Membership, Person, Role
from portal.files.markings import ExportClass, Sharing, highest, not_classified
from portal.history.models import Event
from portal.inbox import mail as letters
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow, Stale
from projects.ip import actions
from projects.ip.annex import annex_rows
from projects.ip.markings import find_marked, refusal_to_read, refusal_to_share, refusals_to_share, withheld
from projects.ip.models import Asset, Classification, ClassificationRequest, ExportHold
from tests.projects import life

SECOND = timedelta(seconds=1)


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def radar(cast, project):
    return actions.list_background(
        project, actor=cast.actor(cast.mika), title="Landing radar", nature="hardware", description="Chirps at 24 GHz"
    )


def officer(cast, agency, person=None, **dates) -> Person:
    """Somebody who is an export officer of the agency."""
    person = person or Person.objects.create_user(f"officer@{agency.domain}", "orbit-together-2026", name="Officer")
    facts = {"starts_on": timezone.now().date() - timedelta(days=30)} | dates
    Membership.objects.create(person=person, agency=agency, roles=[Role.EXPORT_OFFICER], **facts)
    return person


@pytest.fixture
def oda(cast):
    """Export officer of JAXA."""
    return actor_of_person(officer(cast, cast.jaxa))


@pytest.fixture
def odette(cast):
    """Export officer of ESA."""
    return actor_of_person(officer(cast, cast.esa))


def controlled(item, oda, **words):
    words = {"regime": "ear", "number": "9A515.x", "rationale": "Specially designed"} | words
    return actions.classify(item, actor=oda, export_class=ExportClass.CONTROLLED, **words)


def cleared(item, oda):
    return actions.classify(item, actor=oda, export_class=ExportClass.NOT_CONTROLLED, rationale="In no list")


def authorised(project, oda, *, start: datetime | None = None, end: datetime | None = None, **scope):
    scope = {"parties": ["ESA"]} | scope
    applied = actions.apply_for_authorisation(
        project,
        actor=oda,
        kind="licence",
        number="METI-1",
        authority="METI",
        conditions="Not to third parties",
        **scope,
    )
    start = start or timezone.now() - timedelta(days=1)
    return actions.grant_authorisation(applied, actor=oda, version=applied.version, valid_from=start, valid_until=end)


def code(refusal):
    return refusal.code if refusal is not None else None


# --- R11: an unclassified item cannot cross the border of an agency ---


def test_r11_unclassified_item_cannot_cross_to_another_agency(cast, project, radar, oda):
    assert code(refusal_to_share(radar, cast.jaxa)) is None
    refusal = refusal_to_share(radar, cast.esa)
    assert refusal.code == "export-undetermined"
    assert radar.ref in str(refusal.reason)
    assert "JAXA" in str(refusal.unblock)

    radar = cleared(radar, oda)

    assert refusal_to_share(radar, cast.esa) is None
    assert refusal_to_read(radar, cast.actor(cast.lucien)) is None


def test_r11_class_that_is_withdrawn_stops_it_again(cast, radar, oda):
    radar = cleared(radar, oda)
    radar = actions.classify(radar, actor=oda, export_class="undetermined", rationale="The list has changed")

    assert code(refusal_to_share(radar, cast.esa)) == "export-undetermined"


def test_what_was_undetermined_then_could_not_cross_then(cast, radar, oda):
    before = timezone.now()
    radar = cleared(radar, oda)

    assert code(refusal_to_share(radar, cast.esa, at=before)) == "export-undetermined"
    assert refusal_to_share(radar, cast.esa, at=timezone.now()) is None


# --- R12: an authorisation that expires revokes access at that instant ---


def test_r12_authorisation_revokes_access_at_the_instant_it_expires(cast, project, radar, oda):
    end = timezone.now() + timedelta(days=10)
    radar = controlled(radar, oda)
    assert code(refusal_to_share(radar, cast.esa)) == "authorisation-needed"

    granted = authorised(project, oda, end=end)

    assert refusal_to_share(radar, cast.esa) is None
    assert refusal_to_share(radar, cast.esa, at=end - SECOND) is None
    assert code(refusal_to_share(radar, cast.esa, at=end)) == "authorisation-over"
    assert code(refusal_to_share(radar, cast.esa, at=end + SECOND)) == "authorisation-over"
    assert granted.is_live(end - SECOND)
    assert not granted.is_live(end)


def test_r12_needs_no_job_to_have_run(cast, project, radar, oda):
    radar = controlled(radar, oda)
    row = authorised(project, oda, start=timezone.now() - timedelta(days=2), end=timezone.now() - SECOND)

    assert row.status == "granted"
    assert row.stands == "expired"
    assert code(refusal_to_read(radar, cast.actor(cast.lucien))) == "authorisation-over"


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"parties": ["ESA"]}, None),
        ({"items": "this"}, None),
        ({"items": "another"}, "authorisation-out-of-scope"),
        ({"start": timedelta(hours=1)}, "authorisation-not-begun"),
    ],
)
def test_authorisation_counts_for_what_it_covers(cast, project, radar, oda, scope, expected):
    radar = controlled(radar, oda)
    if "items" in scope:
        other = actions.list_background(project, actor=cast.actor(cast.mika), title="Other", nature="data")
        scope = {"items": [radar.ref if scope["items"] == "this" else other.ref]}
    if "start" in scope:
        scope = {"start": timezone.now() + scope["start"]}

    authorised(project, oda, **scope)

    assert code(refusal_to_share(radar, cast.esa)) == expected


def test_void_authorisation_lets_nothing_cross(cast, project, radar, oda):
    radar = controlled(radar, oda)
    granted = authorised(project, oda)

    actions.void_authorisation(granted, actor=oda, reason="Revoked by the ministry")

    assert code(refusal_to_share(radar, cast.esa)) == "authorisation-over"


def test_nothing_crosses_under_what_is_only_applied_for(cast, project, radar, oda):
    radar = controlled(radar, oda)
    actions.apply_for_authorisation(project, actor=oda, kind="taa", number="TA-1", authority="DDTC", parties=["ESA"])

    assert code(refusal_to_share(radar, cast.esa)) == "authorisation-needed"


# --- holds, embargo, sharing ---


def test_each_side_holds_and_releases_for_itself(cast, radar, oda, odette):
    radar = cleared(radar, oda)

    actions.hold(radar, actor=odette, reason="We ask our ministry first")

    assert code(refusal_to_share(radar, cast.esa)) == "export-hold"
    assert refusal_to_share(radar, cast.isro) is None
    with pytest.raises(NotNow, match="not-held"):
        actions.release(radar, actor=oda)
    with pytest.raises(NotNow, match="already-held"):
        actions.hold(radar, actor=odette, reason="Again")
    actions.hold(radar, actor=oda, reason="The class is in doubt")
    actions.release(radar, actor=odette)
    assert "JAXA" in str(refusal_to_share(radar, cast.esa).reason)
    assert code(refusal_to_share(radar, cast.isro)) == "export-hold"
    actions.release(radar, actor=oda)
    assert refusal_to_share(radar, cast.esa) is None


def test_embargo_runs_until_its_instant_and_own_agency_is_never_refused(cast, radar, oda):
    until = timezone.now() + timedelta(days=3)
    radar = cleared(radar, oda)

    radar = actions.mark(radar, actor=cast.actor(cast.mika), sharing=Sharing.PARTNERS, embargo_until=until)

    assert code(refusal_to_share(radar, cast.esa)) == "embargo"
    assert code(refusal_to_share(radar, cast.esa, at=until - SECOND)) == "embargo"
    assert refusal_to_share(radar, cast.esa, at=until) is None
    assert refusal_to_share(radar, cast.jaxa) is None


def test_what_an_agency_keeps_to_itself_is_not_read_by_others(cast, radar, oda):
    radar = cleared(radar, oda)
    radar = actions.mark(radar, actor=oda, sharing=Sharing.OWN)

    assert code(refusal_to_read(radar, cast.actor(cast.lucien))) == "own-agency-only"
    assert refusal_to_read(radar, cast.actor(cast.mika)) is None


def test_many_are_decided_with_as_few_queries_as_one(cast, project, oda, django_assert_max_num_queries):
    mika = cast.actor(cast.mika)
    made = [actions.list_background(project, actor=mika, title=f"Part {n}", nature="data") for n in range(6)]
    for asset in made[:4]:
        controlled(asset, oda)
    actions.hold(made[0], actor=oda, reason="Doubt")
    assets = list(Asset.objects.select_related("party").order_by("pk"))

    with django_assert_max_num_queries(2):
        found = refusals_to_share(assets, cast.esa)

    assert [code(found[asset.ref]) for asset in made] == [
        "export-hold", *["authorisation-needed"] * 3, *["export-undetermined"] * 2
    ]  # fmt: skip
    assert set(withheld(assets, cast.actor(cast.noor))) == {asset.ref for asset in assets}


# --- classifying ---


def test_class_is_evidence_with_its_reasons(cast, radar, oda):
    radar = controlled(radar, oda, list_version="2026-01", relies_on="Licence METI-7")

    row = Classification.objects.get(item=radar.ref)
    assert (row.export_class, row.number, row.person_name, row.agency) == (
        "controlled",
        "9A515.x",
        "Officer",
        cast.jaxa,
    )
    assert radar.control_words == "9A515.x (United States, ECCN)"
    assert Classification.objects.visible_to(oda).of(radar.ref).count() == 1
    assert not Classification.objects.visible_to(cast.actor(cast.lucien)).of(radar.ref).exists()
    event = Event.objects.get(verb="marking.classified", target_ref=radar.ref)
    assert event.facts == {"class": "controlled", "regime": "ear", "number": "9A515.x", "basis": "self"}


def test_annex_and_content_hash_do_not_depend_on_the_class(cast, project, radar, oda):
    rows, said = annex_rows(project, "background"), radar.content_hash()

    controlled(radar, oda)

    assert annex_rows(project, "background") == rows
    assert Asset.objects.get(pk=radar.pk).content_hash() == said


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"regime": ""}, "regime"),
        ({"number": ""}, "number"),
        ({"number": "XV(a)"}, "number"),
        ({"regime": "itar", "number": "9A515"}, "number"),
        ({"rationale": "  "}, "rationale"),
        ({"basis": "guess"}, "basis"),
    ],
)
def test_class_that_says_too_little_is_refused_beside_the_field(radar, oda, words, field):
    with pytest.raises(ValidationError) as refused:
        controlled(radar, oda, **words)

    assert field in refused.value.message_dict
    assert not Classification.objects.exists()


def test_classified_material_is_refused_in_every_action(cast, radar, oda):
    with pytest.raises(Forbidden, match="classified"):
        actions.classify(radar, actor=oda, export_class="classified", rationale="Secret")
    with pytest.raises(Forbidden, match="classified"):
        actions.attach_to_asset(
            radar, actor=cast.actor(cast.mika), content=b"text", name="a.txt", export_class="classified"
        )
    with pytest.raises(ValidationError, match="Classified material may not be kept here"):
        actions.edit_asset(radar, actor=cast.actor(cast.mika), version=radar.version, marking="NATO SECRET")


def test_banners_of_classified_material_are_told_from_proprietary_notices():
    for banner in ("TOP SECRET", "Secret//NOFORN", "SECRET", "CONFIDENTIEL UE/EU CONFIDENTIAL", "Secret Défense"):
        with pytest.raises(ValidationError):
            not_classified(banner)
    for notice in ("JAXA proprietary, trade secret", "Confidential", "Company secretariat", ""):
        not_classified(notice)


def test_who_may_classify_and_who_may_not(cast, project, radar, oda, odette):
    both = officer(cast, cast.isro)
    Membership.objects.create(
        person=both, agency=cast.jaxa, roles=[Role.EXPORT_OFFICER], starts_on=timezone.now().date() - timedelta(days=3)
    )
    for_isro, for_jaxa = (
        actor_of_person(both, chosen=Membership.objects.get(person=both, agency=agency).ref)
        for agency in (cast.isro, cast.jaxa)
    )
    for actor, expected in (
        (cast.actor(cast.mika), "role-needed"),
        (odette, "not-the-owner"),
        (for_isro, "not-the-owner"),
        (cast.actor(cast.noor), "role-needed"),
    ):
        with pytest.raises(Forbidden, match=expected):
            cleared(radar, actor)
    with pytest.raises(Http404):
        find_marked(radar.ref, for_isro)
    with pytest.raises(Forbidden, match="not-a-participant"):
        actions.hold(radar, actor=for_isro, reason="No part in it")

    assert find_marked(radar.ref, for_jaxa) == radar
    assert cleared(radar, for_jaxa).export_class == "not_controlled"


def test_officer_whose_role_has_ended_classifies_nothing(cast, radar):
    ended = officer(cast, cast.jaxa, ends_on=timezone.now().date() - timedelta(days=2))

    with pytest.raises(Forbidden, match="role-needed"):
        cleared(radar, actor_of_person(ended))
    with pytest.raises(Http404):
        find_marked(radar.ref, actor_of_person(ended))


# --- asking ---


def test_request_runs_the_clock_and_waits_for_the_officers(cast, radar, oda):
    lucien = cast.actor(cast.lucien)
    asked = actions.request_classification(radar, actor=lucien, need="Interface work")

    days = (asked.due_at.astimezone(oda.agency.local(timezone.now()).tzinfo).date() - timezone.now().date()).days
    assert 20 <= days <= 24
    item = Item.objects.waiting().get(agency=cast.jaxa, roles=[Role.EXPORT_OFFICER])
    assert item.due_at == asked.due_at
    assert radar.title not in f"{item.title} {item.why}"
    assert radar.ref in item.title
    for again, expected in ((lucien, "already-asked"), (cast.actor(cast.mika), "own-record")):
        with pytest.raises((NotNow, Forbidden), match=expected):
            actions.request_classification(radar, actor=again, need="Again")

    cleared(radar, oda)

    assert not Item.objects.waiting().filter(pk=item.pk).exists()
    assert ClassificationRequest.objects.get().answered_at is not None
    told = Item.objects.get(agency=cast.esa, kind="to_know", ref=radar.ref, title_id__contains="not export controlled")
    assert radar.title not in told.title
    with pytest.raises(NotNow, match="determined"):
        actions.request_classification(radar, actor=lucien, need="Again")


def test_request_without_officers_goes_to_who_can_make_one(cast, radar):
    actions.request_classification(radar, actor=cast.actor(cast.lucien), need="Interface work")

    assert Item.objects.waiting().get(agency=cast.jaxa).roles == [Role.ADMINISTRATOR]


def test_overdue_is_seen_without_a_job(cast, radar):
    asked = actions.request_classification(radar, actor=cast.actor(cast.lucien), need="Interface work")
    assert not asked.is_overdue

    asked.due_at = timezone.now() - SECOND

    assert asked.is_overdue


def test_mail_about_it_carries_its_reference_and_no_words(cast, radar, oda, settings):
    actions.request_classification(radar, actor=cast.actor(cast.lucien), need="Interface work")
    item = Item.objects.waiting().get(agency=cast.jaxa)

    letters.mail_waiting(item=item.pk, cause="")
    letter = letters.message(
        "waiting", to=oda.person.email, language="en", key="1",
        context={"url": item.url, "verb": item.verb, "ref": item.ref, "due_at": item.due_at.isoformat(), "zone": "UTC"},
    )  # fmt: skip

    sent = "".join([str(letter.subject), str(letter.body), *(str(part[0]) for part in letter.alternatives)])
    assert radar.ref in sent
    assert radar.title not in sent
    assert "Interface work" not in sent
    assert mail.outbox == []


# --- the mark itself ---


def test_highest_mark_wins_on_every_scale(cast, project, radar, oda):
    until = timezone.now() + timedelta(days=3)
    mika = cast.actor(cast.mika)
    plain = cleared(actions.list_background(project, actor=mika, title="Plain", nature="data"), oda)
    drawing = actions.list_background(project, actor=mika, title="Drawing", nature="data", marking="JAXA proprietary")
    drawing = actions.mark(
        controlled(drawing, oda), actor=mika, sharing=Sharing.OWN, has_personal_data=True, embargo_until=until
    )

    whole = highest([plain.mark, drawing.mark])

    assert whole.export_class == "controlled"
    assert (whole.sharing, whole.notices, whole.has_personal_data) == ("own", ("JAXA proprietary",), True)
    assert whole.embargo_until == until
    assert whole.prefix == "CONTROLLED 9A515.x "
    assert highest([whole, radar.mark]).export_class == "undetermined"
    assert not plain.mark.needs_acknowledgement
    assert plain.mark.prefix == ""
    assert whole.needs_acknowledgement
    with pytest.raises(ValueError, match="parts"):
        highest([])


def test_hold_leaves_who_held_and_who_released(cast, radar, odette):
    actions.hold(radar, actor=odette, reason="We ask our ministry first")
    actions.release(radar, actor=odette)

    row = ExportHold.objects.get()
    assert (row.agency, row.placed_by, row.released_by) == (cast.esa, odette.person, odette.person)
    assert row.released_at is not None
    assert list(Event.objects.of(radar.ref).order_by("pk").values_list("verb", flat=True))[-2:] == [
        "marking.held",
        "marking.released",
    ]


# --- what changes after it was determined -------------------------------------------------------------------------------


def file_added(item, mika):
    actions.attach_to_asset(item, actor=mika, content=b"Torque curve", name="torque.txt")


def description_changed(item, mika):
    actions.edit_asset(item, actor=mika, version=item.version, description="Chirps at 94 GHz")


@pytest.mark.parametrize("change", [file_added, description_changed])
@pytest.mark.parametrize("determined", [controlled, cleared])
def test_new_content_has_no_class_until_an_officer_determines_it(cast, radar, oda, change, determined):
    determined(radar, oda)
    before = timezone.now()

    change(Asset.objects.get(pk=radar.pk), cast.actor(cast.mika))

    radar = Asset.objects.get(pk=radar.pk)
    assert (radar.export_class, radar.export_regime, radar.export_number) == (ExportClass.UNDETERMINED, "", "")
    assert refusal_to_share(radar, cast.esa).code == "export-undetermined"
    if determined is cleared:
        assert refusal_to_share(radar, cast.esa, at=before) is None  # what had crossed had been determined
    assert Classification.objects.of(radar.ref).newest_first()[0].basis == "changed"
    waiting = Item.objects.waiting().filter(agency=cast.jaxa, open_key=f"classify:{radar.ref}:changed")
    assert waiting.get().roles == [Role.EXPORT_OFFICER]
    cleared(radar, oda)
    assert not waiting.exists()


def test_what_does_not_touch_the_content_leaves_the_class(cast, radar, oda):
    cleared(radar, oda)
    radar = Asset.objects.get(pk=radar.pk)

    actions.edit_asset(radar, actor=cast.actor(cast.mika), version=radar.version, title="Radar for landing")

    assert Asset.objects.get(pk=radar.pk).export_class == ExportClass.NOT_CONTROLLED


@pytest.mark.parametrize("change", [file_added, description_changed])
def test_officer_who_read_the_earlier_content_does_not_classify_the_new_one(cast, radar, oda, change):
    seen = radar.marking_version
    change(radar, cast.actor(cast.mika))

    with pytest.raises(Stale):
        actions.classify(radar, actor=oda, export_class="not_controlled", rationale="In no list", version=seen)

    assert Asset.objects.get(pk=radar.pk).export_class == ExportClass.UNDETERMINED


def test_undetermined_content_may_change_without_anybody_being_asked(cast, radar, oda):
    file_added(radar, cast.actor(cast.mika))

    assert not Classification.objects.of(radar.ref).exists()
    assert not Item.objects.waiting().filter(open_key__startswith=f"classify:{radar.ref}").exists()


def test_nobody_rests_a_determination_on_a_change(cast, radar, oda, client):
    client = cast.client(oda.person)
    facts = {"export_class": "not_controlled", "rationale": "In no list", "basis": "changed"}

    response = client.post(f"/api/v1/markings/{radar.ref}/classify/", facts, content_type="application/json")

    assert response.status_code == 400
    assert "basis" in response.json()["errors"]
