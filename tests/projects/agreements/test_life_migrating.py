"""What the migration of acts and terms makes of agreements that were there before it."""

from __future__ import annotations

import importlib
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.apps import apps as present

from portal.history.models import Event
from projects.agreements import actions
from projects.agreements.models import Act, Party
from tests.projects.agreements import lives
from tests.projects.agreements.entering import act, fresh, frozen, signed_by

migration = importlib.import_module("projects.agreements.migrations.0003_acts_and_terms")

NOTIFIED_AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
RATIFIED = {"rule": {"and": [{"k_of_n": 2}, {"act": "completion", "by": 2}]}}


class Notified(list):
    """The parties of that time, which had a column that is gone."""

    def exclude(self, *_names, **_columns):
        return self

    select_related = exclude


def then(*parties, at=NOTIFIED_AT):
    """The models of that time: these parties have notified, every other model is the present one."""
    rows = [
        SimpleNamespace(pk=party.pk, agreement=party.agreement, agency=party.agency, notified_at=at)
        for party in parties
    ]
    models = {"Party": SimpleNamespace(objects=Notified(rows))}
    return SimpleNamespace(get_model=lambda app, name: models.get(name) or present.get_model(app, name))


def notify(agreement, agency, person_uid):
    """The event of a verb that is gone."""
    return Event.objects.create(
        verb="agreement.completion_notified", target_kind="agreements.agreement", target_ref=agreement.ref,
        scope=agreement.project.ref, person_uid=person_uid, agency_ref=agency.ref, agencies=[agency.ref],
    )  # fmt: skip


def party_of(cast, agreement):
    return Party.objects.select_related("agreement", "agency").get(agreement=agreement, agency=cast.jaxa)


def test_a_notification_becomes_an_act_however_often_it_is_applied(cast):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji)
    event = notify(agreement, cast.jaxa, cast.mika.uid)

    migration.tell_acts(then(party_of(cast, agreement)), None)
    migration.tell_acts(then(party_of(cast, agreement)), None)

    row = Act.objects.get()
    assert (row.kind, row.done_on, row.person, row.event) == ("completion", date(2026, 3, 1), cast.mika, event.uid)
    assert (row.agreement, row.text, row.recorded_at) == (agreement, agreement.text, NOTIFIED_AT)


def test_an_act_that_was_recorded_since_is_met_again_and_no_event_is_missed(cast):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji)
    act(cast, agreement, cast.mika, "completion")
    before = Act.objects.get()

    migration.tell_acts(then(party_of(cast, agreement)), None)

    assert Act.objects.get().event == before.event


@pytest.mark.parametrize("lost", ["event", "person"])
def test_a_notification_is_never_lost_in_silence(cast, lost):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji)
    if lost == "person":
        notify(agreement, cast.jaxa, None)

    with pytest.raises(RuntimeError, match=f"{agreement.ref}: the {lost} .*JAXA"):
        migration.tell_acts(then(party_of(cast, agreement)), None)

    assert not Act.objects.exists()


def test_old_parties_get_the_day_of_the_agreement_and_those_that_are_not_bound_yet_get_none(cast):
    old = lives.two(cast)
    Party.objects.filter(agreement=old).update(in_force_on=None)
    new = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji, cast.ingrid)
    for person in (cast.mika, cast.lucien):
        act(cast, new, person, "completion")
    new = actions.enter_into_force(new, actor=cast.actor(cast.mika))
    type(old).objects.update(ends_on=None)

    migration.count_terms(present, None)

    assert {party.in_force_on for party in fresh(old).party_list} == {old.in_force_on}
    assert fresh(old).ends_on == old.ends_on
    assert fresh(new).party_of(cast.isro.pk).in_force_on is None
