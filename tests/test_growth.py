"""What lists cost as the data grow: as many queries with six times the rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Agency, Invitation, Mandate, Membership, Token, secrets
from projects.agreements import actions as agreement_actions
from projects.ip import actions as ip_actions
from projects.ip.models import Asset, Deposit, Dispute, PublicationNotice
from projects.ip.receipts.openings import write_opening
from projects.messaging import actions as talk
from projects.messaging.models import Audience
from tests import cast as casting
from tests import stage
from tests.authorization import walk
from tests.cast import Cast
from tests.projects.ip import papers

pytestmark = pytest.mark.xdist_group("growth")

FEW, MANY = 3, 18
LISTS = [
    "/",
    "/?for=all",
    "/projects/",
    "/projects/?q=surveyor",
    "{project}",
    "{project}partners/",
    "{project}history/",
    "{project}ip/",
    "{project}ip/register.json",
    "{project}ip/disclosures/",
    "/disclosures/",
    "{project}ip/files/",
    "{project}ip/authorisations/",
    "/ip/{asset}/",
    "/ip/{asset}/markings/",
    "{project}ip/disputes/",
    "/disputes/{dispute}/",
    "/disputes/{dispute}/room/",
    "/disputes/{dispute}/timeline.json",
    "{project}ip/publications/",
    "/publications/{publication}/",
    "/publications/{publication}/clearance/",
    "/ip/",
    "{project}ip/access/",
    "/access-requests/",
    "/access-rights/",
    "{project}agreements/",
    "{project}threads/",
    "{project}ip/deposits/",
    "/deposits/",
    "/deposits/{deposit}/",
    "/agreements/",
    "/agreements/{agreement}/",
    "/agreements/{agreement}/annexes/",
    "/agreements/{agreement}/history/",
    "/threads/",
    "/threads/{thread}/",
    "/agencies/",
    "/agencies/JAXA/people/",
    "/agencies/JAXA/invitations/",
    "/agencies/JAXA/mandates/",
    "/agencies/JAXA/tokens/",
    "/agencies/JAXA/history/",
    *[reverse(name) for name in sorted(walk.names()) if name.startswith("api:") and name.endswith("-list")],
    "/api/v1/me/",
]


def add(cast: Cast, project: Any, thread: Any, numbers: range) -> None:
    """One more of everything for every number."""
    mika = cast.actor(cast.mika)
    for number in numbers:
        stage.proposed_project(cast)
        ip_actions.list_background(project, actor=mika, title=f"Radar {number}", nature="hardware")
        ip_actions.draft_disclosure(project, actor=mika, title=f"Disclosure {number}")
        agreement_actions.draft_agreement(project, actor=mika, title=f"Agreement {number}")
        _dispute(cast, project, number)
        _deposit(cast, project, number)
        _marking(cast, project, number)
        papers.noticed(cast, project, title=f"Paper {number}")
        first = PublicationNotice.objects.filter(project=project).earliest("pk")
        papers.objected(cast, first, ground="export", passage=f"Page {number}")
        facts = {"project": project, "agencies": [cast.esa], "audience": Audience.SHARED}
        talk.open_thread(actor=mika, title=f"Thread {number}", body="Shall we?", **facts)
        talk.post_message(thread, actor=cast.actor(cast.lucien), body=f"Message {number}", audience=Audience.SHARED)
        person = casting._person(f"member{number}@jaxa.example", f"Member Number{number}")
        casting._member(person, cast.jaxa, "signatory")
        casting.mandate(person, cast.jaxa, granted_by=cast.mika)
        casting._agency(f"AG{number}", f"Agency Number {number}", "", "", "FR", "Paris", "Europe/Paris")
        Invitation.objects.create(
            agency=cast.jaxa, email=f"invited{number}@jaxa.example", roles=["observer"], invited_by=cast.mika
        )
        membership = Membership.objects.get(person=cast.mika)
        Token.objects.create(
            membership=membership,
            name=f"Token {number}",
            prefix="x",
            digest=secrets.digest(str(number)),
            scopes=["read"],
        )


def _deposit(cast: Cast, project: Any, number: int) -> None:
    """One more deposit, and one more version of the first, opened to ESA."""
    mika, first = cast.actor(cast.mika), Deposit.objects.order_by("pk").first()
    made = ip_actions.deposit(actor=mika, commitment=f"{number:064x}", project=project)
    Deposit.objects.filter(pk=made.pk).update(export_class=Deposit.ExportClass.NOT_CONTROLLED)
    first = first or made
    entry = {"name": "a.txt", "size": 1, "sha256": f"{number:064x}"}
    opening = write_opening(agency="JAXA", files=[entry], previous=first.newest.value)
    first = ip_actions.add_version(first, actor=mika, opening=opening)
    Deposit.objects.filter(pk=first.pk).update(export_class=Deposit.ExportClass.NOT_CONTROLLED)
    ip_actions.reveal(first, actor=mika, number=first.newest.number, agency=cast.esa)


def _marking(cast: Cast, project: Any, number: int) -> None:
    """One more of everything about the marking of the first asset, one more file of it, and one more authorisation."""
    officer = cast.actor(casting._person(f"officer{number}@jaxa.example", "Officer"))
    casting._member(officer.person, cast.jaxa, "export_officer")
    officer = cast.actor(officer.person)
    asset = Asset.objects.filter(project=project).order_by("pk")[0]
    facts = {"export_class": "controlled", "regime": "ear", "number": "9A515.x", "rationale": f"Because {number}"}
    ip_actions.classify(asset, actor=officer, **facts)
    ip_actions.hold(asset, actor=officer, reason=f"Doubt {number}")
    ip_actions.release(asset, actor=officer)
    ip_actions.attach_to_asset(asset, actor=cast.actor(cast.mika), content=b"%d" % number, name=f"{number}.txt")
    facts = {"kind": "licence", "number": f"L {number}", "authority": "Ministry", "parties": ["ESA"]}
    ip_actions.apply_for_authorisation(project, actor=officer, items=[asset.ref], **facts)


def _dispute(cast: Cast, project: Any, number: int) -> None:
    """One more dispute, and one more of everything in the first."""
    mika, first = cast.actor(cast.mika), Dispute.objects.order_by("pk").first()
    asset = Asset.objects.filter(project=project).order_by("pk").first()
    about = {"subject_kind": "asset", "subject_ref": asset.ref, "claim": f"Claim {number}", "sought": "A share."}
    opened = ip_actions.open_dispute(project, actor=mika, against=["ESA"], **about)
    dispute = first or opened
    shows = {"content": f"%PDF-1.7 {number}".encode(), "name": "drawing.pdf", "shows": "Ours.", "is_cleared": True}
    ip_actions.add_file(dispute, actor=mika, **shows)
    ip_actions.write_without_prejudice(dispute, actor=mika, body=f"Words {number}")
    ip_actions.offer_settlement(dispute, actor=mika, terms=f"Terms {number}")


@pytest.fixture(scope="module")
def costs(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, tuple[int, int]]]:
    """Queries of every page with a few rows of everything, and with six times as many."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = casting.build()
        project = stage.accepted_project(cast)
        agreement = stage.shared_agreement(cast, project=project)
        thread = talk.open_thread(
            actor=cast.actor(cast.mika), project=project, agencies=[cast.esa], audience=Audience.SHARED,
            title="Interface", body="18 W?",
        )  # fmt: skip
        publication = papers.noticed(cast, project)
        client = cast.client(cast.mika)
        named = {
            "{publication}": publication.ref,
            "{project}": project.get_absolute_url(),
            "{agreement}": agreement.ref,
            "{thread}": thread.ref,
        }

        def count(path: str) -> int:
            for name, value in named.items():
                path = path.replace(name, value)
            cache.clear()
            assert client.get(path).status_code == 200, path
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
            return len(captured)

        add(cast, project, thread, range(FEW))
        named["{asset}"] = Asset.objects.filter(project=project).order_by("pk")[0].ref
        named["{deposit}"] = Deposit.objects.order_by("pk")[0].ref
        named["{dispute}"] = Dispute.objects.order_by("pk")[0].ref
        few = {path: count(path) for path in LISTS}
        add(cast, project, thread, range(FEW, MANY))
        yield {path: (few[path], count(path)) for path in LISTS}
        assert Agency.objects.count() > MANY
        assert Mandate.objects.count() > MANY
        transaction.set_rollback(True)


@pytest.mark.parametrize("path", LISTS)
def test_queries_do_not_grow_with_the_data(costs: dict[str, tuple[int, int]], path: str):
    few, many = costs[path]

    assert many <= few + 1  # a page may say more when there is more, never more for each row
    assert many <= 30
