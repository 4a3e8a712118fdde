"""The database itself keeps owners' shares at exactly 100, also against two writers at once and against the shell."""

import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from projects.ip import actions
from projects.ip.models import Asset, OwnershipShare
from tests import cast as casting
from tests.projects import life

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    return casting.build()


@pytest.fixture
def asset(world):
    project = life.accepted(world)
    shares = {"JAXA": Decimal(60), "ESA": Decimal(40)}
    return actions.claim_result(project, actor=world.actor(world.mika), title="Ice map", nature="data", shares=shares)


def test_a_share_changed_alone_is_not_committed(asset):
    with pytest.raises(IntegrityError, match="sum to 90"):
        OwnershipShare.objects.filter(percent=60).update(percent=50)

    assert sorted(share.words for share in asset.owners()) == ["40", "60"]


def test_a_share_deleted_alone_is_not_committed(asset):
    with pytest.raises(IntegrityError, match="sum to 40"):
        OwnershipShare.objects.filter(percent=60).delete()


def test_an_asset_without_owners_is_not_committed(asset):
    with pytest.raises(IntegrityError, match="sum to 0"):
        Asset.objects.create(
            project=asset.project, party=asset.party, party_name="JAXA", origin="result", nature="data", title="Orphan"
        )


def test_what_sums_up_when_the_transaction_ends_is_committed(asset):
    with transaction.atomic():
        OwnershipShare.objects.filter(percent=60).update(percent=Decimal("33.3333"))
        OwnershipShare.objects.filter(percent=40).update(percent=Decimal("66.6667"))

    assert sorted(share.words for share in Asset.objects.get().owners()) == ["33.3333", "66.6667"]


def test_two_insertions_that_each_make_100_do_not_both_commit(world, asset):
    with transaction.atomic():
        OwnershipShare.objects.filter(asset=asset).delete()
        OwnershipShare.objects.create(asset=asset, agency=world.jaxa, agency_name="JAXA", percent=100)
    both_wrote = threading.Barrier(2, timeout=20)
    outcomes = []

    def hand_over(owner):
        """Give half of JAXA's share away without touching JAXA's row until the end."""
        try:
            with transaction.atomic():
                OwnershipShare.objects.create(asset=asset, agency=owner, agency_name=owner.acronym, percent=50)
                both_wrote.wait()
                OwnershipShare.objects.filter(asset=asset, agency=world.jaxa).update(percent=50)
            outcomes.append("committed")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    writers = [threading.Thread(target=hand_over, args=(owner,)) for owner in (world.esa, world.isro)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sorted(outcomes) == ["committed", "refused"]
    assert sum(share.percent for share in OwnershipShare.objects.filter(asset=asset)) == 100
