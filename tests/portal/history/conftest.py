"""A small world for the ledger: two agencies that work together, a stranger, and a key of their own for each test."""

import uuid
from types import SimpleNamespace

import pytest
from django.db import transaction

from portal.history import record, verbs
from portal.kit.actors import Actor

HAPPENED = "testing.happened"


def actor_for(ref, *, is_live=True, name=""):
    """Somebody who works for the agency `ref`."""
    agency = SimpleNamespace(pk=abs(hash(ref)), ref=ref, legal_name=name or f"Agency {ref}", acronym=ref, code="INT")
    person = SimpleNamespace(
        uid=uuid.uuid4(), zone="UTC", is_staff=False, email="someone@agency.example", name="Someone"
    )
    membership = SimpleNamespace(
        agency=agency, agency_id=agency.pk, roles=["manager"], is_live=is_live, sees_all_projects=True
    )
    return Actor(person=person, membership=membership)


class Thing:
    """What things happen to."""

    _meta = SimpleNamespace(label_lower="testing.thing")

    def __init__(self, ref="T-2026-0001"):
        self.ref = ref


@pytest.fixture(autouse=True)
def _own_key(tmp_path, settings):
    settings.SIGNING_KEY_FILE = tmp_path / "keys" / "ledger.pem"
    settings.WITNESSED_DIR = tmp_path / "witnessed"
    settings.LEDGER_ORIGIN = "concord.example/ledger"


@pytest.fixture(autouse=True)
def _own_verb(monkeypatch):
    monkeypatch.setattr(verbs, "_verbs", dict(verbs._verbs))
    verbs.register(HAPPENED, "touched %(target)s", icon="flag")


@pytest.fixture
def jaxa():
    return actor_for("JAXA")


@pytest.fixture
def esa():
    return actor_for("ESA")


@pytest.fixture
def isro():
    """A stranger to what JAXA and ESA do."""
    return actor_for("ISRO")


@pytest.fixture
def happen(jaxa, esa):
    """Record `count` events of JAXA that ESA may see, committed when the test's database commits."""

    def happen(count=1, *, ref="T-2026-0001", scope="", facts=None):
        with transaction.atomic():
            return [
                record(
                    HAPPENED,
                    Thing(ref),
                    actor=jaxa,
                    agencies=[jaxa.agency, esa.agency],
                    facts=facts
                    or {"number": number, "text": "é 日本 \u2028", "nested": {"list": [True, None, "a\tb"]}},
                    scope=scope,
                )
                for number in range(count)
            ]

    return happen
