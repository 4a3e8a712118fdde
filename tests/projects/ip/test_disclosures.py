"""Invention disclosures: from the draft to the seal, and what no later hand can change."""

import hashlib
import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from agencies.models import Membership
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.append_only import EvidenceIsFinal
from portal.kit.refusals import Forbidden, NotNow, Stale
from projects.ip import actions
from projects.ip.models import Disclosure, DisclosureVersion
from tests.projects import life
from tests.projects.ip import disclosed
from tests.projects.ip.disclosed import part

HASH_OF_ICE = hashlib.sha256(b"Ice").hexdigest()


@pytest.fixture
def project(cast):
    return life.accepted(cast)


def waiting(cast, person):
    return [item.key.partition(":")[0] for item in Item.objects.for_actor(cast.actor(person)).waiting()]


def reaches(cast, disclosure):
    """How much each of the cast reads of it."""
    found = {}
    for name in ("mika", "kenji", "sora", "lucien", "ingrid", "tara", "olga", "noor"):
        row = Disclosure.objects.known_to(cast.actor(getattr(cast, name))).filter(pk=disclosure.pk).first()
        if row is not None:
            found[name] = row.reach
    return found


def test_draft_is_for_its_filer_and_the_keepers(cast, project):
    riku = disclosed.ip_manager(cast, cast.jaxa)

    disclosure = disclosed.drafted(cast, project)

    assert reaches(cast, disclosure) == {"mika": "whole"}
    assert Disclosure.objects.known_to(cast.actor(riku)).get().reach == "whole"
    assert disclosure.ref.startswith("ID-")


@pytest.mark.parametrize(("who", "refusal", "code"), [
    ("kenji", Forbidden, "role-needed"), ("tara", Forbidden, "not-a-participant"),
])  # fmt: skip
def test_who_may_not_disclose(cast, project, who, refusal, code):
    with pytest.raises(refusal) as refused:
        actions.draft_disclosure(project, actor=cast.actor(getattr(cast, who)), title="Valve")
    assert refused.value.code == code


def test_an_incomplete_draft_is_kept_and_says_what_is_missing(cast, project):
    mika = cast.actor(cast.mika)
    draft = actions.draft_disclosure(project, actor=mika, title="Valve")

    with pytest.raises(NotNow) as refused:
        actions.ask_contributors(draft, actor=mika)

    assert refused.value.code == "incomplete"
    assert "Say what is new." in refused.value.unblock
    assert "Name the contributors." in refused.value.unblock


@pytest.mark.parametrize(("percents", "field"), [
    (["33.33333", "66"], "contributors.0.percent"), (["-1", "50"], "contributors.0.percent"),
    (["0", "100"], "contributors.0.percent"), (["NaN", "50"], "contributors.0.percent"),
    (["100.0001", "1"], "contributors.0.percent"), (["60", "41"], "contributors"),
])  # fmt: skip
def test_shares_that_are_none_are_refused_at_their_field(cast, project, percents, field):
    draft = disclosed.drafted(cast, project)
    rows = [part("sora@jaxa.example", percents[0]), part("lucien@esa.example", percents[1])]

    with pytest.raises(ValidationError) as refused:
        actions.name_contributors(draft, actor=cast.actor(cast.mika), version=None, contributors=rows)
    assert set(refused.value.message_dict) == {field}


def test_three_thirds_are_refused_when_the_contributors_are_asked(cast, project):
    mika = cast.actor(cast.mika)
    rows = [part(f"{who}.example", "33.3333") for who in ("sora@jaxa", "mika@jaxa", "lucien@esa")]
    draft = actions.name_contributors(disclosed.drafted(cast, project), actor=mika, version=None, contributors=rows)

    with pytest.raises(NotNow) as refused:
        actions.ask_contributors(draft, actor=mika)
    assert "99.9999" in refused.value.unblock
    assert "33.3334" in refused.value.unblock

    rows[0]["percent"] = Decimal("33.3334")
    draft = actions.name_contributors(draft, actor=mika, version=None, contributors=rows)
    assert actions.ask_contributors(draft, actor=mika).status == "confirming"


def test_strangers_and_nobody_look_the_same_when_named(cast, project):
    draft = disclosed.drafted(cast, project)
    said = []
    for address in ("tara@isro.example", "nobody@isro.example", "emil@esa.example"):
        with pytest.raises(ValidationError) as refused:
            actions.name_contributors(
                draft, actor=cast.actor(cast.mika), version=None, contributors=[part(address, "100")]
            )
        said.append(refused.value.message_dict)
    assert said[0] == said[1] == said[2]


def test_each_contributor_is_asked_and_confirms_only_their_own_part(cast, project):
    disclosure = disclosed.confirming(cast, project)

    assert waiting(cast, cast.sora) == ["part"]
    assert "part" in waiting(cast, cast.lucien)
    assert reaches(cast, disclosure) == {"mika": "whole", "sora": "part", "lucien": "part"}
    for person, code in ((cast.mika, "not-a-contributor"), (cast.ingrid, "not-a-contributor")):
        with pytest.raises(Forbidden) as refused:
            actions.confirm_own_part(disclosure, actor=cast.actor(person))
        assert refused.value.code == code
    actions.confirm_own_part(disclosure, actor=cast.actor(cast.sora))
    with pytest.raises(NotNow, match="unconfirmed") as refused:
        actions.seal_disclosure(disclosure, actor=cast.actor(cast.mika))
    assert "Lucien" in refused.value.reason
    actions.confirm_own_part(disclosure, actor=cast.actor(cast.lucien))
    assert waiting(cast, cast.sora) == []
    assert "seal" in waiting(cast, cast.mika)
    with pytest.raises(NotNow):
        actions.confirm_own_part(disclosure, actor=cast.actor(cast.sora))


def test_an_ended_membership_confirms_nothing(cast, project):
    disclosure = disclosed.confirming(cast, project)
    sora = cast.actor(cast.sora)
    sora.membership.ended_at = disclosure.created_at
    sora.membership.save()

    with pytest.raises(Forbidden):
        actions.confirm_own_part(disclosure, actor=sora)
    with pytest.raises(Forbidden):
        actions.confirm_own_part(disclosure, actor=cast.actor(cast.sora))
    assert not Disclosure.objects.known_to(cast.actor(cast.sora)).exists()
    assert Membership.objects.get(pk=sora.membership.pk).is_live is False


def test_a_confirmation_of_an_older_page_is_refused(cast, project):
    mika = cast.actor(cast.mika)
    shown = disclosed.confirming(cast, project)
    actions.recall_disclosure(shown, actor=mika)
    rows = [part("sora@jaxa.example", "10"), part("lucien@esa.example", "90")]
    actions.name_contributors(shown, actor=mika, version=None, contributors=rows)
    actions.ask_contributors(shown, actor=mika)

    with pytest.raises(Stale):
        actions.confirm_own_part(shown, actor=cast.actor(cast.sora), version=shown.version)


def test_a_part_that_stays_the_same_stays_confirmed(cast, project):
    mika = cast.actor(cast.mika)
    disclosure = disclosed.confirmed(cast, project)
    actions.recall_disclosure(disclosure, actor=mika)
    rows = [part("sora@jaxa.example", "60"), part("lucien@esa.example", "40", role="author")]
    actions.name_contributors(disclosure, actor=mika, version=None, contributors=rows)

    disclosure = actions.ask_contributors(disclosure, actor=mika)

    assert {row.name: row.state for row in disclosure.contributors.all()} == {
        "Sora Minazuki": "confirmed",
        "Lucien Demoville": "asked",
    }


def test_somebody_unreachable_is_recorded_with_the_reason(cast, project):
    mika = cast.actor(cast.mika)
    rows = [part("sora@jaxa.example", "50"), part("Old Colleague", "50", agency_name="A company")]
    draft = actions.name_contributors(disclosed.drafted(cast, project), actor=mika, version=None, contributors=rows)
    disclosure = actions.ask_contributors(draft, actor=mika)
    actions.confirm_own_part(disclosure, actor=cast.actor(cast.sora))
    gone = disclosure.contributors.get(name="Old Colleague")

    with pytest.raises(ValidationError):
        actions.record_unreachable(disclosure, actor=mika, contributor=gone.pk, reason=" ")
    actions.record_unreachable(
        disclosure, actor=mika, contributor=gone.pk, reason="Left in 2019; two letters returned."
    )
    actions.seal_disclosure(disclosure, actor=mika)

    said = DisclosureVersion.objects.get().document["contributors"][1]
    assert (said["answer"], said["unreachable_reason"]) == ("unreachable", "Left in 2019; two letters returned.")


def test_the_seal_holds_exactly_these_bytes_and_the_ledger_only_the_commitment(cast, project):
    disclosure = disclosed.sealed(cast, project)

    version = DisclosureVersion.objects.get()
    event = Event.objects.get(verb="disclosure.sealed")
    assert hashlib.sha256(bytes(version.salt) + bytes(version.canonical)).hexdigest() == version.commitment
    assert event.facts == {"commitment": version.commitment, "algorithm": "SHA-256", "number": 1, "previous": ""}
    assert (event.uid, event.at, event.agencies) == (version.event_uid, version.sealed_at, ["JAXA"])
    assert json.loads(bytes(version.canonical))["description"] == disclosure.description
    assert len(bytes(version.salt)) == 32


def test_sealed_bytes_cannot_change(cast, project):
    disclosed.sealed(cast, project)
    version = DisclosureVersion.objects.get()

    with pytest.raises(EvidenceIsFinal):
        version.save()
    for statement in (
        "UPDATE ip_disclosureversion SET canonical = 'x'",
        "UPDATE ip_disclosureversion SET sealed_at = now()",
        "DELETE FROM ip_disclosureversion",
        "TRUNCATE ip_disclosureversion CASCADE",
        "UPDATE ip_disclosurereport SET at = now()",
    ):
        if "report" in statement:
            actions.report_disclosure(Disclosure.objects.get(), actor=cast.actor(cast.mika))
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert bytes(DisclosureVersion.objects.get().canonical) == bytes(version.canonical)


def test_bytes_that_do_not_give_the_commitment_are_not_taken(cast, project):
    disclosure = disclosed.sealed(cast, project)
    first = DisclosureVersion.objects.get()
    with pytest.raises(DatabaseError, match="do not give"), transaction.atomic():
        DisclosureVersion.objects.create(
            disclosure=disclosure, number=2, canonical=b"{}", salt=b"x" * 32, algorithm="SHA-256", commitment="a" * 64,
            previous=first.commitment, event_uid="00000000-0000-4000-8000-000000000000", sealed_at=first.sealed_at,
            sealed_by=cast.mika,
        )  # fmt: skip


def test_what_was_sealed_is_not_edited_but_followed_by_a_version(cast, project):
    mika = cast.actor(cast.mika)
    disclosure = disclosed.sealed(cast, project)
    first = DisclosureVersion.objects.get()

    with pytest.raises(NotNow, match="not-a-draft"):
        actions.edit_disclosure(disclosure, actor=mika, version=None, title="Another")
    with pytest.raises(ValidationError):
        actions.amend_disclosure(disclosure, actor=mika, reason="")
    actions.amend_disclosure(disclosure, actor=mika, reason="A drawing was missing.")
    actions.edit_disclosure(disclosure, actor=mika, version=None, novelty="Nothing slides, nothing wears.")
    actions.ask_contributors(disclosure, actor=mika)
    actions.seal_disclosure(disclosure, actor=mika)

    second = DisclosureVersion.objects.get(number=2)
    assert second.previous == first.commitment
    assert second.document["previous"] == first.commitment
    assert second.document["revision_reason"] == "A drawing was missing."
    assert first.document["novelty"] == "Nothing slides."


def test_a_dispute_is_a_flag_beside_what_was_sealed(cast, project):
    disclosure = disclosed.sealed(cast, project)
    before = bytes(DisclosureVersion.objects.get().canonical)
    lucien = cast.actor(cast.lucien)

    with pytest.raises(ValidationError):
        actions.dispute_part(disclosure, actor=lucien, reason="")
    disclosure = actions.dispute_part(disclosure, actor=lucien, reason="I made half of it.")

    flagged = disclosure.contributors.get(person=cast.lucien)
    assert (flagged.state, flagged.dispute_reason, flagged.words) == ("confirmed", "I made half of it.", "40")
    assert bytes(DisclosureVersion.objects.get().canonical) == before
    with pytest.raises(Forbidden):
        actions.settle_dispute(disclosure, actor=cast.actor(cast.mika))
    actions.settle_dispute(disclosure, actor=lucien)
    assert disclosure.contributors.get(person=cast.lucien).disputed_at is None


def test_a_sealed_one_is_read_by_its_people_and_by_no_other_agency(cast, project):
    disclosure = disclosed.sealed(cast, project)

    assert reaches(cast, disclosure) == {"mika": "whole", "sora": "sealed", "lucien": "part"}
    officer = disclosed.export_officer(cast, cast.jaxa)
    assert Disclosure.objects.known_to(cast.actor(officer)).get().reach == "marking"
    for address in (f"/disclosures/{disclosure.ref}/", "/disclosures/", f"/ip/{disclosure.ref}/markings/"):
        page = cast.client(officer).get(address)
        assert page.status_code == 200
        assert disclosure.ref in page.content.decode()
        assert disclosure.title not in page.content.decode()


def test_a_witness_who_had_no_part_countersigns_once(cast, project):
    mika, kenji = cast.actor(cast.mika), cast.actor(cast.kenji)
    disclosure = disclosed.sealed(cast, project)

    for address in ("sora@jaxa.example", "mika@jaxa.example", "ingrid@esa.example"):
        with pytest.raises(ValidationError):
            actions.name_witness(disclosure, actor=mika, email=address)
    with pytest.raises(Forbidden):
        actions.countersign(disclosure, actor=kenji, competence="Valves for 20 years", understood=True)
    actions.name_witness(disclosure, actor=mika, email="Kenji@jaxa.example")
    assert reaches(cast, disclosure)["kenji"] == "sealed"
    with pytest.raises(ValidationError):
        actions.countersign(disclosure, actor=kenji, competence="Valves for 20 years", understood=False)
    actions.countersign(disclosure, actor=kenji, competence="Valves for 20 years", understood=True)

    assert DisclosureVersion.objects.get().countersignature.name == "Kenji Amanogawa"
    with pytest.raises(NotNow):
        actions.countersign(disclosure, actor=kenji, competence="Again", understood=True)


def test_a_draft_can_be_given_up(cast, project):
    draft = disclosed.drafted(cast, project)

    assert actions.close_disclosure(draft, actor=cast.actor(cast.mika)).status == "closed"


def test_the_title_crosses_to_a_named_contributor_only_when_export_control_lets_it(cast, project):
    disclosure = disclosed.confirming(cast, project)
    client, ref = cast.client(cast.lucien), disclosure.ref
    doors = [
        f"/disclosures/{ref}/",
        reverse("ip:confirm-own-part", args=[ref]),
        f"/api/v1/disclosures/{ref}/",
        "/api/v1/disclosures/",
    ]
    doors += ["/", "/ip/", "/disclosures/", f"/projects/{project.ref}/ip/disclosures/", "/api/v1/inbox/"]

    def titled():
        answers = {door: client.get(door) for door in doors}
        assert {answer.status_code for answer in answers.values()} == {200}
        return {door for door, answer in answers.items() if disclosure.title in answer.content.decode()}

    page = client.get(doors[0]).content.decode()
    assert titled() == set()
    assert ref in page
    assert "The idea." in page
    disclosed.classified(disclosure)
    assert titled() == set(doors[:3])
    disclosed.classified(disclosure, "undetermined")
    assert titled() == set()
    assert disclosure.title in cast.client(cast.sora).get(doors[0]).content.decode()


def test_a_program_attaches_and_detaches_a_file_as_the_pages_do(cast, project):
    disclosure = disclosed.drafted(cast, project)
    mika, address = cast.client(cast.mika), f"/api/v1/disclosures/{disclosure.ref}/"

    def sent(client, **fields):
        return client.post(f"{address}attach/", {"file": SimpleUploadedFile("valve.txt", b"Ice"), **fields})

    assert sent(cast.client(cast.tara)).status_code == 404
    assert "file" in mika.post(f"{address}attach/", {"words": "Nothing"}).json()["errors"]
    script = SimpleUploadedFile("valve.txt", b"<script>")
    assert "file" in mika.post(f"{address}attach/", {"file": script}).json()["errors"]
    made = sent(mika, words="The bore, cut open")
    assert made.status_code == 200
    file = disclosure.files.get()
    assert (file.file.name, file.note, file.file.sha256) == ("valve.txt", "The bore, cut open", HASH_OF_ICE)
    assert made.json()["document"]["files"][0]["sha256"] == HASH_OF_ICE
    taken = mika.post(f"{address}detach/", {"sha256": HASH_OF_ICE}, content_type="application/json")
    assert taken.json()["document"]["files"] == []

    asked = actions.ask_contributors(disclosure, actor=cast.actor(cast.mika))
    assert (sent(mika).status_code, asked.files.count()) == (409, 0)
