"""The JSON door of agreements in force: the same verbs and refusals as the pages, the steps, and the exit."""

from __future__ import annotations

import pytest

from projects.agreements.models import Status, Step, StepStatus
from tests.projects.agreements import lives


def post(cast, person, agreement, verb, **sent):
    return cast.client(person).post(
        f"/api/v1/agreements/{agreement.ref}/{verb}/", sent, content_type="application/json"
    )


def get(cast, person, agreement, door, **query):
    return cast.client(person).get(f"/api/v1/agreements/{agreement.ref}/{door}/", query)


def test_the_whole_way_of_a_withdrawal(cast):
    agreement = lives.two(cast)

    answer = post(cast, cast.kenji, agreement, "withdraw", reason="Cut.", tasks=["Radar"])
    assert answer.status_code == 200, answer.json()
    life = get(cast, cast.lucien, agreement, "life").json()
    (step,) = life["steps"]
    assert (step["kind"], step["status"], step["agency"]) == ("withdrawal", "running", cast.jaxa.ref)
    for line in step["handovers"]:
        assert post(cast, cast.lucien, agreement, "settle-handover", handover=line["id"]).status_code == 200
    assert post(cast, cast.kenji, agreement, "take-back-withdrawal").status_code == 200

    assert Step.objects.get().status == StepStatus.WITHDRAWN


def test_suspension_and_resumption(cast):
    agreement = lives.two(cast)

    assert post(cast, cast.mika, agreement, "propose-suspension", reason="Late.").status_code == 200
    answer = post(cast, cast.lucien, agreement, "consent-to-step", step=1).json()
    assert answer["status"] == Status.SUSPENDED
    assert post(cast, cast.lucien, agreement, "propose-resumption", reason="Set.").status_code == 200
    assert post(cast, cast.mika, agreement, "consent-to-step", step=2).json()["status"] == Status.IN_FORCE


def test_breach_termination_and_renewal_are_proposed_and_answered(cast):
    agreement = lives.two(cast)

    about = post(cast, cast.mika, agreement, "give-breach-notice", reason="No data.", about=cast.esa.ref)
    assert about.status_code == 200
    assert post(cast, cast.kenji, agreement, "terminate-for-breach", step=1, reason="No.").status_code == 409
    assert post(cast, cast.mika, agreement, "declare-cured", step=1).status_code == 200
    assert post(cast, cast.kenji, agreement, "propose-termination", reason="Done.").status_code == 200
    assert post(cast, cast.ingrid, agreement, "refuse-step", step=2, reason="Not yet.").status_code == 200
    assert post(cast, cast.kenji, agreement, "propose-renewal", reason="More.", years=2).status_code == 200
    assert post(cast, cast.kenji, agreement, "take-back-step", step=3).status_code == 200
    assert post(cast, cast.mika, agreement, "object-to-renewal", reason="No.").status_code == 409


@pytest.mark.parametrize(
    ("person", "status", "code"),
    [("mika", 403, "signatory-needed"), ("sora", 404, "not-found"), ("tara", 404, "not-found"), (None, 401, None)],
)
def test_who_may_not_is_told_why_or_learns_nothing(cast, person, status, code):
    agreement = lives.two(cast)

    answer = post(cast, getattr(cast, person) if person else None, agreement, "withdraw", reason="Cut.")

    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code


@pytest.mark.parametrize(
    ("verb", "sent"),
    [
        ("withdraw", {}),
        ("withdraw", {"reason": "x", "ground": "whim"}),
        ("withdraw", {"reason": "x", "tasks": ["a\u202eb"]}),
        ("withdraw", {"reason": "x", "tasks": "Radar"}),
        ("propose-termination", {"reason": "x", "on": "0001-01-01"}),
        ("propose-termination", {"reason": "x", "on": "9999-12-31"}),
        ("propose-renewal", {"reason": "x", "years": 10**30}),
        ("propose-renewal", {"reason": "x", "years": 0}),
        ("propose-renewal", {"reason": "nul\x00"}),
        ("propose-renewal", {"reason": "x", "step": 1}),
        ("consent-to-step", {"step": 10**30}),
        ("consent-to-step", {"step": 77}),
        ("settle-handover", {"handover": 77}),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(cast, verb, sent):
    agreement = lives.two(cast)

    answer = post(cast, cast.kenji, agreement, verb, **sent)

    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"]
    assert not Step.objects.exists()


def test_a_breach_is_that_of_a_party(cast):
    answer = post(cast, cast.mika, lives.two(cast), "give-breach-notice", reason="No data.", about="NOVA")

    assert answer.status_code == 400


def test_the_exit_is_computed_for_any_party(cast):
    agreement = lives.three(cast)

    answer = get(cast, cast.lucien, agreement, "exit", party=cast.isro.ref).json()

    assert answer["goes_on"] is True
    assert answer["remaining"] == [cast.jaxa.ref, cast.esa.ref]
    assert answer["on"] == answer["earliest"]
    assert {"results", "confidentiality"} <= {row["code"] for row in answer["survivors"]}


@pytest.mark.parametrize(
    "query", [{}, {"party": "NOVA"}, {"party": "ESA", "on": "never"}, {"party": "ESA", "on": "1999-01-01"}]
)
def test_an_exit_that_cannot_be_computed_says_why(cast, query):
    answer = get(cast, cast.lucien, lives.two(cast), "exit", **query)

    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_before_it_is_in_force_there_is_no_life(cast):
    from tests import stage

    agreement = stage.signed_agreement(cast)

    assert get(cast, cast.mika, agreement, "life").status_code == 404
    assert get(cast, cast.mika, agreement, "exit", party=cast.esa.ref).status_code == 404
