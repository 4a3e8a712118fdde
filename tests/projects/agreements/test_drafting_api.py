"""The JSON door of a draft: every verb of the editor, what is refused, and the library that programs read."""

from __future__ import annotations

import pytest

from agencies.actions import issue_token
from projects.agreements import actions
from projects.agreements.library import kinds
from projects.agreements.models import Agreement
from projects.agreements.profile import questions_of
from tests import stage

VERBS = {
    "answer-profile": {"profile": {"cure_days": 45}},
    "word-clause": {"code": "notices", "text": "By letter."},
    "add-clause": {"heading": "Pigeons", "text": "No pigeons.", "after": "notices"},
    "remove-clause": {"code": "notices"},
    "move-clause": {"code": "notices", "after": ""},
    "restore-clause": {"code": "notices"},
    "set-languages": {"languages": ["fr"]},
}


def post(client, agreement, verb, sent, **headers):
    return client.post(
        f"/api/v1/agreements/{agreement.ref}/{verb}/", sent, content_type="application/json", headers=headers
    )


def fresh(agreement):
    return Agreement.objects.get(pk=agreement.pk)


def clause(agreement, code):
    return fresh(agreement).clauses.get(code=code)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_of_a_draft_has_a_door(cast, verb):
    agreement = stage.drafted_agreement(cast)

    answer = post(cast.client(cast.mika), agreement, verb, VERBS[verb])

    assert answer.status_code == 200, answer.content
    assert answer.json()["ref"] == agreement.ref


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "set-languages"])
def test_a_shared_text_is_changed_by_proposals_only(cast, verb):
    agreement = stage.shared_agreement(cast)

    refused = post(cast.client(cast.lucien), agreement, verb, VERBS[verb])

    assert (refused.status_code, refused.json()["code"]) == (409, "propose-a-change")


@pytest.mark.parametrize("verb", VERBS)
def test_an_old_version_changes_nothing(cast, verb):
    agreement = stage.drafted_agreement(cast)
    actions.word_clause(agreement, "definitions", actor=cast.actor(cast.mika), text="As usual.")

    refused = post(cast.client(cast.mika), agreement, verb, VERBS[verb], if_match=f'"{agreement.version}"')

    assert (refused.status_code, refused.json()["code"]) == (409, "stale-version")


@pytest.mark.parametrize("verb", VERBS)
def test_a_stranger_finds_nothing_and_a_signatory_may_not(cast, verb):
    agreement = stage.drafted_agreement(cast)

    assert post(cast.client(cast.lucien), agreement, verb, VERBS[verb]).status_code == 404
    assert post(cast.client(cast.kenji), agreement, verb, VERBS[verb]).status_code == 403


@pytest.mark.parametrize(
    ("verb", "sent", "field"),
    [
        ("answer-profile", {"profile": {"cure_days": -1}}, "cure_days"),
        ("answer-profile", {"profile": {"cure_days": True}}, "cure_days"),
        ("answer-profile", {"profile": {"cure_days": 10**30}}, "cure_days"),
        ("word-clause", {"code": "notices", "text": "{{nonsense}}"}, "text"),
        ("word-clause", {"code": "nothing", "text": "x"}, "clause"),
        ("add-clause", {"heading": "a\nb", "text": "x"}, "heading"),
        ("move-clause", {"code": "notices", "after": "notices"}, "after"),
        ("remove-clause", {"code": "nothing"}, "clause"),
        ("set-languages", {"languages": ["tlh"]}, "languages"),
        ("set-languages", {"languages": "fr"}, "languages"),
    ],
)
def test_what_is_wrong_is_said_by_field(cast, verb, sent, field):
    agreement = stage.drafted_agreement(cast)

    refused = post(cast.client(cast.mika), agreement, verb, sent)

    assert refused.status_code == 400, refused.content
    assert field in refused.json()["errors"]
    assert fresh(agreement).version == agreement.version


def test_a_clause_is_added_moved_left_out_and_put_back(cast):
    agreement, client = stage.drafted_agreement(cast), cast.client(cast.mika)

    post(client, agreement, "add-clause", VERBS["add-clause"])
    assert clause(agreement, "own-1").position == clause(agreement, "notices").position + 1
    post(client, agreement, "move-clause", {"code": "own-1"})
    assert clause(agreement, "own-1").position == 1
    post(client, agreement, "remove-clause", {"code": "notices"})
    assert not fresh(agreement).clauses.filter(code="notices").exists()
    post(client, agreement, "restore-clause", {"code": "notices"})
    assert clause(agreement, "notices")


def test_a_program_drafts_any_kind_under_an_umbrella(cast):
    project, client = stage.accepted_project(cast), cast.client(cast.mika)
    umbrella = stage.drafted_agreement(cast, project, kind="memorandum")
    sent = {"project": project.ref, "title": "Lander", "kind": "implementing", "under": umbrella.ref}

    drafted = client.post("/api/v1/agreements/", sent, content_type="application/json")
    amended = client.post("/api/v1/agreements/", {**sent, "kind": "amendment"}, content_type="application/json")

    assert drafted.status_code == 201
    assert Agreement.objects.get(ref=drafted.json()["ref"]).parent == umbrella
    assert (amended.status_code, list(amended.json()["errors"])) == (400, ["kind"])


def test_an_umbrella_that_one_cannot_see_is_nowhere(cast):
    project = stage.accepted_project(cast)
    umbrella = stage.drafted_agreement(cast, project, kind="memorandum")
    sent = {"project": project.ref, "title": "Lander", "kind": "implementing", "under": umbrella.ref}

    refused = cast.client(cast.lucien).post("/api/v1/agreements/", sent, content_type="application/json")

    assert refused.status_code == 404


def test_programs_read_which_libraries_there_are(cast):
    found = cast.client(cast.tara).get("/api/v1/clause-library/").json()

    assert {row["kind"] for row in found} == set(kinds())
    assert all(row["version"] and row["label"] for row in found)


def test_programs_read_the_clauses_and_questions_of_a_kind(cast):
    found = cast.client(cast.tara).get("/api/v1/clause-library/ip_sharing/").json()

    periods = next(row for row in found["clauses"] if row["code"] == "periods")
    assert {row["code"]: row["when"] for row in periods["alternates"]} == {
        "calendar": {"day_basis": "calendar"},
        "working": {"day_basis": "working"},
    }
    asked = {row["key"]: row for row in found["questions"]}
    assert list(asked) == list(questions_of("ip_sharing"))
    assert (asked["cure_days"]["minimum"], asked["cure_days"]["unit"]) == (questions_of()["cure_days"].minimum, "day")
    assert asked["arbitration_seat"]["only_if"] == {"final_step": "arbitration"}
    assert {"value": "working", "label": "Working days of the party that must act"} in asked["day_basis"]["choices"]


@pytest.mark.parametrize("kind", ["nothing", "amendmentx", "..", "IP_SHARING"])
def test_a_library_that_is_not_there_is_nowhere(cast, kind):
    assert cast.client(cast.mika).get(f"/api/v1/clause-library/{kind}/").status_code == 404


def test_the_library_is_for_those_who_sign_in_with_the_right_scope(cast):
    _token, secret = issue_token(actor=cast.actor(cast.kenji), proof=stage.proof(), name="robot", scopes=("write",))
    robot = cast.client(None, headers={"authorization": f"Bearer {secret}"})

    assert cast.client(None).get("/api/v1/clause-library/").status_code == 401
    assert robot.get("/api/v1/clause-library/nda/").status_code == 403
