"""What a reader gets while the database is away."""

import pytest
from django.db import OperationalError

from portal.history.models import Checkpoint


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "fault", "status"),
    [
        ("/ledger/", OperationalError("away"), 503),
        ("/ledger/", ZeroDivisionError(), 500),
        ("/api/v1/ledger/checkpoint/", OperationalError("away"), 503),
        ("/api/v1/ledger/checkpoint/", ZeroDivisionError(), 500),
    ],
)
def test_only_a_database_that_is_away_is_called_away(client, monkeypatch, address, fault, status):
    def fail(checkpoints):
        raise fault

    monkeypatch.setattr(type(Checkpoint.objects.all()), "newest", fail)
    client.raise_request_exception = False

    response = client.get(address)

    assert response.status_code == status
    assert response.has_header("Retry-After") == (status == 503)
