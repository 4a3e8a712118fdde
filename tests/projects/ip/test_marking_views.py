"""The pages of markings, authorisations and files: what they show to whom, and what they give out."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership
from portal.files.models import StoredFile
from portal.history.models import Event
from projects.ip import actions, downloads
from projects.ip.models import Asset, AssetFile, ExportAuthorisation
from tests.projects.ip.test_markings import authorised, cleared, controlled, oda, odette, officer, project, radar

__all__ = ["oda", "odette", "project", "radar"]

SECOND = timedelta(seconds=1)
BODY = b"Antenna pattern, confidential"


def attached(cast, asset, name="pattern.txt", body=BODY, **words):
    return actions.attach_to_asset(asset, actor=cast.actor(cast.mika), content=body, name=name, **words)


def page(client, name, *args, **query):
    return client.get(reverse(f"ip:{name}", args=args), query)


def test_description_and_files_of_the_undetermined_stay_with_the_owner(cast, radar):
    attached(cast, radar, note="Measured in Tsukuba")
    own, other = cast.client(cast.mika), cast.client(cast.lucien)

    assert b"Chirps at 24 GHz" in page(own, "asset", radar.ref).content
    assert b"pattern.txt" in page(own, "asset", radar.ref).content
    for name, ref in (("asset", radar.ref), ("register", radar.project.ref), ("files", radar.project.ref)):
        shown = page(other, name, ref).content
        assert radar.ref.encode() in shown
        for words in (b"Chirps", b"pattern.txt", b"Tsukuba"):
            assert words not in shown, (name, words)
    assert b"has not determined yet" in page(other, "asset", radar.ref).content
    assert b"1 file is withheld" in page(other, "asset", radar.ref).content


def test_search_does_not_match_what_is_withheld(cast, radar):
    attached(cast, radar, body=b"Zirconium horn")
    other = cast.client(cast.lucien)

    for url in (reverse("projects:list"), reverse("agreements:list"), reverse("messaging:threads")):
        for words in ("Chirps", "Zirconium"):
            found = other.get(url, {"q": words})
            assert radar.project.ref.encode() not in found.content
            assert radar.title.encode() not in found.content


def test_what_is_not_controlled_is_downloaded_at_once_and_writes_nothing(cast, radar, oda):
    file = attached(cast, radar)
    cleared(radar, oda)
    before = Event.objects.count()

    answer = page(cast.client(cast.lucien), "file", file.uid)

    assert answer.content == BODY
    assert answer["Content-Disposition"] == f'attachment; filename="{radar.ref} v1 pattern.txt"'
    assert Event.objects.count() == before


def test_marked_file_is_given_after_its_marking_was_acknowledged(cast, project, radar, oda):
    file = attached(cast, radar)
    controlled(radar, oda)
    authorised(project, oda)
    client, url = cast.client(cast.lucien), reverse("ip:file", args=[file.uid])
    before = Event.objects.count()

    asked = client.get(url)
    assert b"9A515.x" in asked.content
    assert BODY not in asked.content
    assert client.post(url, {}).status_code == 422
    assert Event.objects.count() == before
    acknowledged = client.post(url, {"acknowledged": "on", "once": "3e1"})
    answer = client.get(acknowledged["Location"])

    assert acknowledged.status_code == 302
    assert answer.content == BODY
    assert "CONTROLLED 9A515.x" in answer["Content-Disposition"]
    event = Event.objects.get(verb="file.downloaded")
    assert event.person_uid == cast.lucien.uid
    assert event.facts["sha256"] == file.file.sha256
    assert set(event.agencies) == {"ESA", "JAXA"}
    assert client.post(url, {"acknowledged": "on", "once": "3e1"})["Location"] == acknowledged["Location"]
    assert Event.objects.filter(verb="file.downloaded").count() == 1


def test_pass_is_for_this_person_this_file_and_this_marking(cast, project, radar, oda):
    file = attached(cast, radar)
    other = attached(cast, radar, name="other.txt", body=b"Other")
    controlled(radar, oda)
    authorised(project, oda)
    client = cast.client(cast.lucien)
    given = client.post(reverse("ip:file", args=[file.uid]), {"acknowledged": "on"})["Location"]
    token = given.partition("pass=")[2]

    assert BODY not in cast.client(cast.ingrid).get(given).content
    assert page(client, "file", other.uid, **{"pass": token}).content != b"Other"
    assert BODY not in client.get(f"{given}x").content
    controlled(radar, oda, number="9D515.a")
    assert BODY not in client.get(given).content


def test_r12_download_is_refused_at_the_instant_the_authorisation_ends(cast, project, radar, oda, monkeypatch):
    file = attached(cast, radar)
    controlled(radar, oda)
    end = timezone.now() + timedelta(seconds=60)
    authorised(project, oda, end=end)
    client, url = cast.client(cast.lucien), reverse("ip:file", args=[file.uid])
    given = client.post(url, {"acknowledged": "on"})["Location"]

    for moment, status in ((end - SECOND, 200), (end, 409), (end + SECOND, 409)):
        with monkeypatch.context() as clock:
            clock.setattr("projects.ip.markings.timezone.now", lambda at=moment: at)
            assert client.get(given).status_code == status
    assert page(cast.client(cast.mika), "file", file.uid).status_code == 200


def test_stranger_learns_nothing_of_files_and_markings(cast, project, radar, oda):
    file = attached(cast, radar)
    granted = authorised(project, oda)
    applied = actions.apply_for_authorisation(
        project, actor=oda, kind="taa", number="TA-1", authority="DDTC", parties=["ESA"]
    )
    stranger, partner = cast.client(cast.tara), cast.client(cast.lucien)

    for name, arg in (
        ("file", file.uid),
        ("replace-file", file.uid),
        ("markings", radar.ref),
        ("attach-file", radar.ref),
        ("authorisation", granted.ref),
    ):
        assert page(stranger, name, arg).status_code == 404
    assert page(partner, "authorisation", granted.ref).status_code == 200
    assert page(partner, "authorisation", applied.ref).status_code == 404
    assert applied.ref.encode() not in page(partner, "authorisations", project.ref).content


def test_bundle_takes_the_highest_mark_and_lists_them(cast, project, radar, oda):
    plain = actions.list_background(project, actor=cast.actor(cast.mika), title="Plain", nature="data")
    low, high = attached(cast, plain, "low.txt", b"Low"), attached(cast, radar)
    cleared(plain, oda)
    controlled(radar, oda)
    authorised(project, oda)
    client, url = cast.client(cast.lucien), reverse("ip:bundle", args=[project.ref])
    both = [str(low.uid), str(high.uid)]

    assert b"PK" not in client.get(url, {"file": both}).content[:2]
    answer = client.get(client.post(url, {"file": both, "acknowledged": "on"})["Location"])

    with ZipFile(BytesIO(answer.content)) as archive:
        names, notes = archive.namelist(), archive.read("MARKINGS.txt").decode()
        assert sorted(archive.read(name) for name in names if name != "MARKINGS.txt") == [BODY, b"Low"]
    assert "CONTROLLED 9A515.x" in answer["Content-Disposition"]
    assert names[0] == "MARKINGS.txt"
    assert notes.index("9A515.x") < notes.index(low.file.sha256)
    assert high.file.sha256 in notes
    assert Event.objects.filter(verb="file.downloaded").count() == 2
    alone = client.get(url, {"file": str(low.uid)})
    assert alone.content[:2] == b"PK"
    assert client.get(url, {"file": [both[0], "00000000-0000-4000-8000-000000000000"]}).status_code == 404
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("number", ["x/../../../etc/", "..\\..\\x", "0018a\n.."])
def test_number_of_a_national_list_names_no_folder(cast, project, radar, oda, number):
    file = attached(cast, radar)
    controlled(radar, oda)
    Asset.objects.filter(pk=radar.pk).update(export_regime="national", export_number=number)
    client, url = cast.client(cast.mika), reverse("ip:bundle", args=[project.ref])

    answer = client.get(client.post(url, {"file": [str(file.uid)], "acknowledged": "on"})["Location"])

    with ZipFile(BytesIO(answer.content)) as archive:
        for name in archive.namelist()[1:]:
            assert name.count("/") == 2
            assert ".." not in name
            assert "\\" not in name
            assert name.isprintable()
    assert "CONTROLLED" in answer["Content-Disposition"]


def test_bundle_with_one_that_may_not_cross_gives_nothing(cast, project, radar, oda):
    plain = actions.list_background(project, actor=cast.actor(cast.mika), title="Plain", nature="data")
    low, high = attached(cast, plain, "low.txt", b"Low"), attached(cast, radar)
    cleared(plain, oda)

    answer = page(cast.client(cast.lucien), "bundle", project.ref, file=[str(low.uid), str(high.uid)])

    assert answer.status_code == 409


def test_too_large_a_bundle_is_refused_with_what_to_do(cast, project, radar, oda, monkeypatch):
    file = attached(cast, radar)
    cleared(radar, oda)
    monkeypatch.setattr(downloads, "MAX_BUNDLE", 3)

    answer = page(cast.client(cast.lucien), "bundle", project.ref, file=[str(file.uid)])

    assert answer.status_code == 409
    assert b"one by one" in answer.content


def test_versions_follow_one_another_and_stay(cast, radar):
    client = cast.client(cast.mika)
    first = attached(cast, radar)
    upload = SimpleUploadedFile("pattern.txt", b"Better")

    done = client.post(reverse("ip:replace-file", args=[first.uid]), {"file": upload, "note": "Second"})
    again = client.post(reverse("ip:replace-file", args=[first.uid]), {"file": upload})

    assert (done.status_code, again.status_code) == (302, 409)
    second = AssetFile.objects.get(follows=first)
    assert (second.number, second.note) == (2, "Second")
    assert AssetFile.objects.newest().get() == second
    assert second.file.sha256[:8].encode() in page(client, "asset", radar.ref).content
    with pytest.raises(TypeError):
        second.delete()


def test_classified_file_and_class_are_refused_on_the_pages(cast, radar, oda):
    stored = StoredFile.objects.count()
    upload = SimpleUploadedFile("a.txt", b"text")

    for person, name, typed in (
        (cast.mika, "attach-file", {"file": upload, "classified": "on"}),
        (oda.person, "classify", {"export_class": "classified", "basis": "self", "rationale": "Secret", "version": 1}),
    ):
        answer = cast.client(person).post(reverse(f"ip:{name}", args=[radar.ref]), typed)
        assert answer.status_code == 403
        assert b"Classified material may not be kept here" in answer.content
    assert StoredFile.objects.count() == stored
    assert not AssetFile.objects.exists()


def test_officers_classify_mark_hold_and_release_on_the_pages(cast, radar, oda):
    client = cast.client(oda.person)
    typed = {"export_class": "controlled", "regime": "ear", "number": "9A515.x", "basis": "self", "rationale": "R"}
    typed |= {"version": "1"}

    assert page(client, "classify", radar.ref).status_code == 200
    assert client.post(reverse("ip:classify", args=[radar.ref]), {**typed, "number": "nine"}).status_code == 422
    for name, form in (
        ("classify", typed),
        (
            "mark",
            {"version": "2", "sharing": "partners", "has_personal_data": "on", "embargo_until": "2099-01-01T10:00"},
        ),
        ("hold", {"reason": "In doubt"}),
    ):
        assert client.post(reverse(f"ip:{name}", args=[radar.ref]), form).status_code == 302, name
    shown = page(client, "markings", radar.ref).content
    for words in (b"9A515.x", b"Holds personal data", b"In doubt", b"Embargo until"):
        assert words in shown
    assert b"In doubt" not in page(cast.client(cast.lucien), "markings", radar.ref).content
    assert client.post(reverse("ip:release", args=[radar.ref])).status_code == 302
    assert Asset.objects.get(pk=radar.pk).embargo_until.year == 2099


def test_a_second_officer_does_not_classify_over_the_first(cast, radar, oda):
    url = reverse("ip:classify", args=[radar.ref])
    client = cast.client(oda.person)
    assert b'name="version" value="1"' in client.get(url).content
    typed = {"version": "1", "export_class": "not_controlled", "basis": "self", "rationale": "In no list that I know"}
    controlled(radar, oda, rationale="Listed since June")

    late = client.post(url, typed)

    assert late.status_code == 409
    for words in (
        b"In no list that I know",
        b"Listed since June",
        b"United States, ECCN",
        b"Controlled",
        b"Not controlled",
    ):
        assert words in late.content
    assert Asset.objects.get().export_class == "controlled"
    assert b'name="version" value="2"' in late.content  # who has compared them saves over it
    assert client.post(url, {**typed, "version": "2"}).status_code == 302
    assert Asset.objects.get().export_class == "not_controlled"


def test_a_second_marking_does_not_replace_the_first_unseen(cast, radar, oda):
    url, until = reverse("ip:mark", args=[radar.ref]), timezone.now() + timedelta(days=30)
    client = cast.client(cast.mika)
    assert b'name="version" value="1"' in client.get(url).content
    actions.mark(radar, actor=oda, sharing="own", has_personal_data=True, embargo_until=until)

    late = client.post(url, {"version": "1", "sharing": "public"})

    assert late.status_code == 409
    for words in (b"Everybody", b"Only the agency that owns it", f"{until:%Y-%m-%d}".encode(), b"<pre"):
        assert words in late.content
    assert Asset.objects.get().mark.sharing == "own"
    assert client.post(url, {"version": "2", "sharing": "public"}).status_code == 302


def test_marking_it_does_not_hold_up_who_edits_its_words(cast, radar, oda):
    words = {"version": "1", "title": "Radar for landing", "nature": "hardware", "once": "3e2"}
    cleared(radar, oda)
    actions.mark(radar, actor=oda, sharing="own")

    assert cast.client(cast.mika).post(f"/ip/{radar.ref}/edit/", words).status_code == 302


def test_instants_are_typed_in_the_zone_of_the_reader(cast, project, radar, oda):
    type(oda.person).objects.filter(pk=oda.person.pk).update(zone="Asia/Tokyo")
    client = cast.client(oda.person)
    form = {"kind": "licence", "number": "METI-1", "authority": "METI", "parties": ["ESA"], "items": radar.ref}

    new = client.post(reverse("ip:apply-authorisation", args=[project.ref]), form)
    row = ExportAuthorisation.objects.get()
    granted = {"version": 1, "number": "METI-2", "valid_from": "2026-01-01T09:00", "valid_until": "2099-01-01T09:00"}
    assert new["Location"] == row.get_absolute_url()
    assert client.post(reverse("ip:grant-authorisation", args=[row.ref]), granted).status_code == 302
    row.refresh_from_db()
    assert row.valid_from.isoformat() == "2026-01-01T00:00:00+00:00"
    assert b'value="2099-01-01T09:00"' in page(client, "amend-authorisation", row.ref).content
    amended = {"version": row.version, "parties": ["ESA"], "valid_until": "2098-01-01T09:00"}
    assert client.post(reverse("ip:amend-authorisation", args=[row.ref]), amended).status_code == 302
    assert client.post(reverse("ip:amend-authorisation", args=[row.ref]), amended).status_code == 409
    assert client.post(reverse("ip:void-authorisation", args=[row.ref]), {"reason": "Revoked"}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.items) == ("void", [])
    assert page(client, "amend-authorisation", row.ref).status_code == 409


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"parties": ["ISRO"]}, "Select a valid choice"),
        ({"parties": []}, "Name the agencies that it covers"),
        ({"items": "IP-2020-9999"}, "is no record of"),
    ],
)
def test_authorisation_names_only_who_and_what_is_there(cast, project, oda, typed, words):
    form = {"kind": "licence", "number": "1", "authority": "METI", "parties": ["ESA"]} | typed

    answer = cast.client(oda.person).post(reverse("ip:apply-authorisation", args=[project.ref]), form)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_officer_of_two_agencies_acts_for_each(cast, project, radar):
    both = officer(cast, cast.jaxa)
    officer(cast, cast.esa, both)
    client = cast.client(both)
    assert page(client, "classify", radar.ref).status_code == 200

    esa = Membership.objects.get(person=both, agency=cast.esa)
    client.post(reverse("agencies:act-for"), {"membership": esa.ref})

    assert page(client, "classify", radar.ref).status_code == 403
    assert page(client, "hold", radar.ref).status_code == 200
    assert b"Chirps" not in page(client, "asset", radar.ref).content
    esa.ended_at = timezone.now()
    esa.save()
    assert page(client, "classify", radar.ref).status_code == 200
