"""The JSON door of markings, files of assets and export authorisations, and what the jobs write down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.actors import Actor
from projects.ip import actions
from projects.ip.jobs import authorisations as jobs
from projects.ip.models import AssetFile, ExportAuthorisation
from tests.projects.ip.test_markings import authorised, cleared, controlled, oda, odette, project, radar

__all__ = ["oda", "odette", "project", "radar"]

API = "/api/v1/"


def call(client: Any, path: str, body: Any = None, **headers: str) -> Any:
    if body is None:
        return client.get(API + path)
    return client.post(API + path, body, content_type="application/json", headers=headers)


def test_description_is_withheld_in_detail_and_list_with_the_reason(cast, radar, oda):
    own, other = cast.client(cast.mika), cast.client(cast.lucien)

    shown = call(other, f"assets/{radar.ref}/").json()
    assert (shown["title"], shown["description"]) == (radar.title, "")
    assert shown["withheld"]["code"] == "export-undetermined"
    assert "JAXA" in shown["withheld"]["unblock"]
    assert call(other, "assets/").json()["results"][0]["description"] == ""
    assert call(own, f"assets/{radar.ref}/").json()["description"] == "Chirps at 24 GHz"

    cleared(radar, oda)

    shown = call(other, f"assets/{radar.ref}/").json()
    assert (shown["description"], shown["withheld"]) == ("Chirps at 24 GHz", None)
    assert call(other, "assets/").json()["results"][0]["description"] == "Chirps at 24 GHz"


def test_officers_classify_and_hold_by_api(cast, radar, oda, odette):
    mine, theirs = cast.client(oda.person), cast.client(odette.person)
    typed = {"export_class": "controlled", "regime": "eu", "number": "9A004", "rationale": "Listed"}
    address = f"markings/{radar.ref}/"

    assert call(theirs, f"{address}classify/", typed).json()["code"] == "not-the-owner"
    assert "number" in call(mine, f"{address}classify/", {**typed, "number": "XV"}).json()["errors"]
    assert call(mine, f"{address}classify/", {**typed, "export_class": "classified"}).json()["code"] == "classified"
    shown = call(mine, f"{address}classify/", typed).json()
    assert (shown["export_number"], shown["classifications"][0]["rationale"]) == ("9A004", "Listed")
    assert call(theirs, f"{address}hold/", {"reason": "We ask first"}).json()["holds"][0]["reason"] == "We ask first"
    shown = call(mine, address).json()
    assert (shown["holds"][0]["agency"], shown["holds"][0]["reason"]) == ("ESA", "")
    assert call(theirs, address).json()["classifications"] == []
    assert call(theirs, f"{address}release/", {}).json()["holds"][0]["released_at"]
    verbs = {verb["verb"]: verb["allowed"] for verb in call(mine, address).json()["verbs"]}
    assert verbs == {"classify": True, "mark": True, "request-classification": False, "hold": True, "release": False}


def test_old_version_of_a_marking_is_a_conflict_by_api(cast, radar, oda):
    mika, officer = cast.client(cast.mika), cast.client(oda.person)
    address = f"markings/{radar.ref}/"
    read = call(officer, address)
    assert (read["ETag"], read.json()["version"]) == ('"1"', 1)
    typed = {"export_class": "not_controlled", "rationale": "In no list"}

    marked = call(mika, f"{address}mark/", {"sharing": "own"}, **{"If-Match": '"1"'})
    assert (marked.status_code, marked["ETag"]) == (200, '"2"')
    for client, verb, body in ((officer, "classify", typed), (mika, "mark", {"sharing": "public"})):
        late = call(client, f"{address}{verb}/", body, **{"If-Match": '"1"'})
        assert (late.status_code, late.json()["code"], late.json()["current_version"]) == (409, "stale-version", 2)
    radar.refresh_from_db()
    assert (radar.sharing, radar.export_class, radar.version) == ("own", "undetermined", 1)

    assert call(officer, f"{address}classify/", typed, **{"If-Match": '"2"'})["ETag"] == '"3"'


def test_marked_file_by_api_needs_the_acknowledgement(cast, project, radar, oda):
    mika, lucien = cast.client(cast.mika), cast.client(cast.lucien)
    upload = SimpleUploadedFile("pattern.txt", b"Pattern")
    made = mika.post(f"{API}asset-files/", {"asset": radar.ref, "file": upload, "note": "Measured"})
    assert made.status_code == 201
    address = f"asset-files/{made.json()['uid']}/"

    hidden = call(lucien, address).json()
    assert (hidden["name"], hidden["sha256"], hidden["note"]) == ("", "", "")
    assert hidden["withheld"]["code"] == "export-undetermined"
    assert call(lucien, f"{address}download/", {"acknowledged": True}).status_code == 409
    controlled(radar, oda)
    authorised(project, oda)
    assert call(lucien, address).json()["name"] == "pattern.txt"
    assert call(lucien, f"{address}content/").json()["code"] == "acknowledgement-needed"
    assert call(lucien, f"{address}download/", {"acknowledged": False}).status_code == 400
    given = call(lucien, f"{address}download/", {"acknowledged": True}).json()["url"]
    assert lucien.get(given).content == b"Pattern"
    assert Event.objects.filter(verb="file.downloaded").count() == 1


def test_upload_by_api_is_refused_where_it_is_on_the_pages(cast, radar):
    mika, lucien = cast.client(cast.mika), cast.client(cast.lucien)

    def sent(client, **fields):
        file = SimpleUploadedFile("a.txt", b"text")
        return client.post(f"{API}asset-files/", {"asset": radar.ref, "file": file, **fields})

    assert sent(lucien).json()["code"] == "not-your-entry"
    assert sent(cast.client(cast.tara)).status_code == 404
    assert sent(mika, classified="true").json()["code"] == "classified"
    assert "file" in mika.post(f"{API}asset-files/", {"asset": radar.ref}).json()["errors"]
    script = SimpleUploadedFile("a.txt", b"<script>")
    assert "file" in mika.post(f"{API}asset-files/", {"asset": radar.ref, "file": script}).json()["errors"]
    assert not AssetFile.objects.exists()


def test_authorisation_by_api_from_application_to_its_end(cast, project, radar, oda):
    client, now = cast.client(oda.person), timezone.now()
    words = {"project": project.ref, "kind": "taa", "number": "TA-1", "authority": "DDTC", "parties": ["ESA"]}

    assert "parties" in call(client, "authorisations/", {**words, "parties": ["ISRO"]}).json()["errors"]
    made = call(client, "authorisations/", {**words, "items": [radar.ref]}).json()
    address = f"authorisations/{made['ref']}/"
    assert call(cast.client(cast.lucien), address).status_code == 404
    span = {"valid_from": now.isoformat(), "valid_until": (now + timedelta(days=5)).isoformat()}
    backwards = {"valid_from": span["valid_until"], "valid_until": span["valid_from"]}
    assert call(client, f"{address}grant/", backwards).status_code == 400
    assert call(client, f"{address}grant/", span, **{"If-Match": '"9"'}).json()["code"] == "stale-version"
    assert call(client, f"{address}grant/", span).json()["status"] == "granted"
    assert call(cast.client(cast.lucien), address).json()["status"] == "granted"
    amended = {"parties": ["ESA"], "valid_until": span["valid_until"]}
    assert call(client, f"{address}amend/", amended).json()["items"] == []
    assert call(client, f"{address}void/", {"reason": "Revoked"}).json()["status"] == "void"
    assert call(client, f"{address}amend/", amended).json()["code"] == "over"
    facts = Event.objects.filter(target_ref=made["ref"]).order_by("pk").values_list("facts", flat=True)
    assert [row["items"] for row in facts] == [[radar.ref], [radar.ref], [], []]
    assert not any("TA-1" in str(row) for row in facts)


def test_jobs_warn_once_before_the_end_and_write_it_down_after(cast, project, oda):
    soon = authorised(project, oda, end=timezone.now() + timedelta(days=9))
    over = authorised(project, oda, end=timezone.now() - timedelta(seconds=1))
    authorised(project, oda)

    for _again in range(2):
        jobs.warn_before_authorisations_end()
        jobs.write_down_expired_authorisations()

    asked = Item.objects.waiting().get(key=f"ending:{soon.ref}")
    assert (asked.agency, asked.due_at, asked.roles) == (cast.jaxa, soon.valid_until, ["export_officer"])
    assert Event.objects.filter(verb="authorisation.ending").count() == 1
    over.refresh_from_db()
    assert over.status == "expired"
    assert Event.objects.filter(verb="authorisation.expired", target_ref=over.ref).count() == 1
    assert Item.objects.filter(agency=cast.esa, ref=over.ref, title_id__contains="has expired").count() == 1

    soon.refresh_from_db()
    actions.amend_authorisation(
        soon, actor=oda, version=soon.version, parties=["ESA"], valid_until=timezone.now() + timedelta(days=200)
    )
    assert not Item.objects.waiting().filter(pk=asked.pk).exists()


def test_desk_of_the_officer_shows_what_waits_and_that_of_others_does_not(cast, project, radar, oda):
    actions.request_classification(radar, actor=cast.actor(cast.lucien), need="Interfaces")
    actions.hold(radar, actor=oda, reason="In doubt")
    ending = authorised(project, oda, end=timezone.now() + timedelta(days=9))

    shown = cast.client(oda.person).get(reverse("ip:desk")).content.decode()
    other = cast.client(cast.lucien).get(reverse("ip:desk")).content.decode()

    for words in ("Export control", "ESA asks for the export class", "We hold", radar.title, ending.ref):
        assert words in shown
    assert "We hold" not in other
    assert "asks for the export class" not in other


def test_operators_see_that_there_are_some_and_none_of_the_words(cast, project, radar, oda):
    controlled(radar, oda, rationale="Zirconium horn", relies_on="METI-7")
    actions.hold(radar, actor=oda, reason="Zirconium doubt")
    granted = authorised(project, oda)
    actions.attach_to_asset(radar, actor=cast.actor(cast.mika), content=b"x", name="zirconium.txt")
    client = cast.client(cast.olga)

    for name in ("classification", "classificationrequest", "exporthold", "exportauthorisation", "assetfile"):
        page = client.get(reverse(f"admin:ip_{name}_changelist"))
        assert page.status_code == 200
        assert b"irconium" not in page.content
    detail = client.get(reverse("admin:ip_exportauthorisation_change", args=[granted.pk])).content
    assert granted.ref.encode() in detail
    assert b"Not to third parties" not in detail
    assert client.get(reverse("admin:ip_classification_add")).status_code == 403


def test_portal_itself_is_nobodys_officer(radar):
    with pytest.raises(Exception, match="role-needed"):
        cleared(radar, Actor.system())
    assert not ExportAuthorisation.objects.exists()
