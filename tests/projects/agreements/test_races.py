"""Signing at the same instant, and dying in the middle of it: one signature or none, each with its event, one sealed PDF."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from portal.history.models import Event
from portal.kit.refusals import NotNow
from projects.agreements import actions
from projects.agreements.canonical import text_hash
from projects.agreements.models import Agreement, SealedPdf, Signature, Status
from projects.agreements.sealing import seal
from projects.ip import actions as ip_actions
from tests import cast as casting
from tests import stage

ROUNDS = 5


@pytest.fixture
def world(transactional_db):
    return casting.build()


def together(*functions):
    """Start all at the same moment; return what each returned or raised."""
    start = threading.Barrier(len(functions))

    def run(function):
        try:
            start.wait(timeout=10)
            return function()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))


def signing(world, agreement, person):
    consent, actor = stage.given_consent(agreement, person), world.actor(person)
    return lambda: actions.sign(agreement, actor=actor, consent=consent, proof=stage.proof())


def test_the_last_two_signers_at_the_same_instant_complete_it_once(world):
    for _ in range(ROUNDS):
        agreement = stage.frozen_agreement(world)

        results = together(signing(world, agreement, world.kenji), signing(world, agreement, world.ingrid))

        assert all(isinstance(result, Signature) for result in results), results
        assert Agreement.objects.get(pk=agreement.pk).status == Status.SIGNED
        assert Event.objects.filter(verb="agreement.fully_signed", target_ref=agreement.ref).count() == 1


def test_many_clicks_at_the_same_instant_make_one_signature(world):
    agreement = stage.frozen_agreement(world)

    results = together(*[signing(world, agreement, world.kenji) for _ in range(8)])

    assert sum(isinstance(result, Signature) for result in results) == 1
    assert all(isinstance(result, Signature | NotNow) for result in results), results
    assert Signature.objects.count() == Event.objects.filter(verb="agreement.signed").count() == 1


def test_changing_the_text_while_signing_never_signs_other_words(world):
    for _ in range(ROUNDS):
        agreement = stage.frozen_agreement(world)
        lucien = world.actor(world.lucien)

        signed, _reopened = together(
            signing(world, agreement, world.kenji),
            lambda agreement=agreement, lucien=lucien: actions.reopen(
                agreement, actor=lucien, reason="A typing error."
            ),
        )

        agreement = Agreement.objects.get(pk=agreement.pk)
        assert agreement.status == Status.NEGOTIATING
        assert agreement.valid_signatures == {}
        assert isinstance(signed, Signature | NotNow)


def test_two_workers_seal_one_pdf(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    agreement = stage.signed_agreement(world)

    results = together(*[lambda: seal(agreement.ref) for _ in range(3)])

    assert len({result.sha256 for result in results}) == 1
    assert SealedPdf.objects.count() == 1
    assert Event.objects.filter(verb="agreement.sealed").count() == 1


DIE = """
import os, signal, sys
import django
django.setup()
from django.db import transaction
from tests import stage
from tests.cast import PASSWORD
from agencies.middleware import actor_of_person
from agencies.models import Person
from projects.agreements import actions
from projects.agreements.actions import completing
from projects.agreements.models import Agreement, Signature

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

point, ref = sys.argv[1:]
agreement = Agreement.objects.get(ref=ref)
kenji = Person.objects.get(email="kenji@jaxa.example")
if point == "before the event":
    completing.record = die
elif point == "before the row":
    Signature.save = die
elif point == "before the commit":
    def write_and_die(*args, **kwargs):
        die()
    Agreement.save = write_and_die
consent = stage.given_consent(agreement, kenji)
actions.sign(agreement, actor=actor_of_person(kenji), consent=consent, proof=stage.proof())
die()
"""


@pytest.mark.parametrize(
    ("point", "signed"),
    [("before the event", 0), ("before the row", 0), ("before the commit", 0), ("after the commit", 1)],
)
def test_a_process_killed_while_signing_leaves_all_of_it_or_nothing(world, database_environment, point, signed):
    agreement = stage.frozen_agreement(world)

    dead = subprocess.run(
        [sys.executable, "-c", DIE, point, agreement.ref],
        env=database_environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert dead.returncode == -9, dead.stderr
    assert Signature.objects.count() == signed
    assert Event.objects.filter(verb="agreement.signed").count() == signed
    if not signed:
        stage.sign(world, agreement, world.kenji)
    assert Signature.objects.count() == 1


def test_the_register_changing_while_freezing_never_freezes_what_nobody_agreed_to(world):
    for turn in range(ROUNDS):
        project = stage.with_register(world, stage.accepted_project(world))
        agreement = stage.agree(world, stage.shared_agreement(world, project=project))
        mika, lucien = world.actor(world.mika), world.actor(world.lucien)

        frozen, _listed = together(
            lambda agreement=agreement, mika=mika: actions.freeze(agreement, actor=mika),
            lambda project=project, lucien=lucien, turn=turn: ip_actions.list_background(
                project, actor=lucien, title=f"Late background {turn}", nature="software"
            ),
        )

        agreement = Agreement.objects.select_related("text").get(pk=agreement.pk)
        assert isinstance(frozen, Agreement | NotNow), frozen
        if agreement.text is not None:
            agreed = set(agreement.parties.values_list("agreed_sha256", flat=True))
            assert agreed == {agreement.text.sha256} == {text_hash(agreement.text.document)}
