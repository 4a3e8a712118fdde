"""The demonstration world grown to the size of a working portal: rows of real models, written in bulk."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from agencies.models import Agency, Membership, Person
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.records import Record
from projects.agreements.models import Agreement, Party
from projects.ip.models import Asset, OwnershipShare
from projects.messaging.models import Message, Thread, ThreadAgency
from projects.models import Participation, Project, TeamMember, Terms

SUMMARY = "Two agencies measure the same thing at the same time and compare what they find, for two years."
STATUSES = ("proposed", "accepted", "active", "active", "suspended", "completed")


@transaction.atomic
def grow(reader: Person, *, projects: int, events: int, messages: int) -> None:
    """Add so many projects (a third of them the reader's agency's), events and messages, and what belongs to them."""
    agencies = list(Agency.objects.verified().order_by("pk"))
    own = reader.memberships.get(agency__acronym="JAXA").agency
    others = [agency for agency in agencies if agency.pk != own.pk]
    speakers = _speakers(agencies)
    rows = _projects(own, others, speakers, projects)
    mine = [project for project in rows if project.number_in_bench % 3 == 0]  # type: ignore[attr-defined]
    _agreements(mine, own)
    _assets(mine, own)
    _talk(mine, own, speakers, messages)
    _news(mine, own)
    _events(rows, events)


def _unused(model: type[Record]) -> int:
    """A number that no reference of this kind has, far above those that the actions give."""
    return 10_000 + model._default_manager.count()


def _speakers(agencies: list[Agency]) -> dict[int, Person]:
    """Somebody for each agency."""
    members = Membership.objects.live().select_related("person").order_by("-pk")
    found = {row.agency_id: row.person for row in members}
    return {agency.pk: found[agency.pk] for agency in agencies}


def _projects(own: Agency, others: list[Agency], speakers: dict[int, Person], count: int) -> list[Project]:
    now, year = timezone.now(), timezone.now().year
    first = _unused(Project)
    rows = []
    for number in range(count):
        status = STATUSES[number % len(STATUSES)]
        lead = own if number % 9 == 0 else others[number % len(others)]
        project = Project(
            ref=f"P-{year}-{first + number}",
            title=f"Joint measurement campaign number {number}",
            summary=SUMMARY,
            objective=f"{SUMMARY}\n\n- one station each\n- one year of overlap",
            lead=lead,
            audience="verified" if number % 10 == 0 else "partners",
            mode="study",
            destination=("earth", "moon", "mars")[number % 3],
            taxonomy=[f"TX{number % 17 + 1:02d}", "TX08"] if number % 17 != 7 else ["TX08"],
            status=status,
            terms_number=1,
            created_by=speakers[lead.pk],
            proposed_at=now,
            accepted_at=None if status == "proposed" else now,
            active_on=now.date() if status in ("active", "suspended", "completed") else None,
            suspended_at=now if status == "suspended" else None,
            suspension_cause="Waits for the budget of next year." if status == "suspended" else "",
            ended_at=now if status == "completed" else None,
        )
        project.number_in_bench = number  # type: ignore[attr-defined]
        rows.append(project)
    Project.objects.bulk_create(rows, batch_size=500)
    Terms.objects.bulk_create(Terms.of(project, number=1, proposed_by=project.created_by) for project in rows)
    parts = [part for project in rows for part in _participations(project, own, others, speakers)]
    Participation.objects.bulk_create(parts, batch_size=1000)
    team = Membership.objects.filter(agency=own).order_by("pk")[:3]
    TeamMember.objects.bulk_create(
        TeamMember(participation=part, membership=member)
        for part in parts
        if part.agency_id == own.pk
        for member in team
    )
    return rows


def _participations(
    project: Project, own: Agency, others: list[Agency], speakers: dict[int, Person]
) -> list[Participation]:
    number, now = project.number_in_bench, timezone.now()  # type: ignore[attr-defined]
    partners = [others[(number * 7 + step) % len(others)] for step in (1, 2, 3)]
    if number % 3 == 0:
        partners.append(own)
    chosen = {agency.pk: agency for agency in partners if agency.pk != project.lead_id}
    lead = Participation(
        project=project, agency=project.lead, agency_name=project.lead.legal_name, role="lead", status="accepted",
        joined_on=now.date(),
    )  # fmt: skip
    return [lead] + [
        Participation(
            project=project,
            agency=agency,
            agency_name=agency.legal_name,
            status="accepted",
            terms_number=1,
            joined_on=now.date(),
            answered_at=now,
            answered_by=speakers[agency.pk],
        )
        for agency in chosen.values()
    ]


def _agreements(projects: list[Project], own: Agency) -> None:
    """One under negotiation for each project; the clauses of those that are opened come from the demonstration."""
    year, first = timezone.now().year, _unused(Agreement)
    rows = [
        Agreement(
            ref=f"A-{year}-{first + number}",
            project=project,
            kind="ip_sharing",
            title=f"IP-sharing agreement for campaign {number}",
            status="negotiating",
            drafter=project.lead,
            depositary=project.lead,
            changed_by=project.lead,
        )
        for number, project in enumerate(projects)
    ]
    Agreement.objects.bulk_create(rows)
    Party.objects.bulk_create(
        Party(agreement=row, agency=agency, agency_name=agency.legal_name, position=position)
        for row in rows
        for position, agency in enumerate(dict.fromkeys([row.drafter, own]), start=1)
    )


def _assets(projects: list[Project], own: Agency) -> None:
    year, first = timezone.now().year, _unused(Asset)
    rows = [
        Asset(
            ref=f"IP-{year}-{first + 5 * number + step}",
            project=project,
            party=own,
            party_name=own.legal_name,
            origin="background" if step % 2 else "result",
            nature=("software", "data", "design", "hardware", "know_how")[step],
            title=f"Item {step} of campaign {number}",
            description=SUMMARY,
        )
        for number, project in enumerate(projects)
        for step in range(5)
    ]
    Asset.objects.bulk_create(rows, batch_size=1000)
    OwnershipShare.objects.bulk_create(
        OwnershipShare(asset=asset, agency=own, agency_name=own.legal_name, percent=Decimal(100)) for asset in rows
    )


def _talk(projects: list[Project], own: Agency, speakers: dict[int, Person], messages: int) -> None:
    now, year = timezone.now(), timezone.now().year
    first = _unused(Thread)
    threads = []
    for number, project in enumerate(projects):
        threads.append(
            Thread(
                ref=f"T-{year}-{first + number}",
                project=project,
                title=f"What campaign {number} measures first",
                opened_by=speakers[own.pk],
                opened_for=own,
                last_message_at=now - timedelta(minutes=number),
            )
        )
    Thread.objects.bulk_create(threads)
    seats = [
        ThreadAgency(thread=thread, agency=agency, agency_name=agency.legal_name, since=now - timedelta(days=90))
        for thread, project in zip(threads, projects, strict=True)
        for agency in dict.fromkeys([own, project.lead])
    ]
    ThreadAgency.objects.bulk_create(seats)
    Message.objects.bulk_create(
        (
            Message(
                thread=threads[number % len(threads)],
                author=speakers[(writer := own if number % 2 else projects[number % len(projects)].lead).pk],
                agency=writer,
                agency_name=writer.legal_name,
                audience="shared",
                language="en",
                body=f"Message {number}: we can measure on **two nights** a week, and compare on the third.",
                created_at=now - timedelta(minutes=messages - number),
            )
            for number in range(messages)
        ),
        batch_size=1000,
    )


def _news(projects: list[Project], own: Agency) -> None:
    now = timezone.now()
    Item.objects.bulk_create(
        [
            Item(
                kind="to_know",
                agency=own,
                roles=["administrator", "manager"],
                title_id="%(title)s",
                title_params={"title": project.title},
                url=f"/projects/{project.ref}/",
                ref=project.ref,
                created_at=now - timedelta(hours=number),
            )
            for number, project in enumerate(projects)
        ]
    )
    Item.objects.bulk_create(
        [
            Item(
                kind="waiting",
                key=f"bench:{project.ref}",
                verb="answer",
                agency=own,
                roles=["administrator", "manager"],
                title_id="%(title)s",
                title_params={"title": project.title},
                url=f"/projects/{project.ref}/",
                ref=project.ref,
                due_at=now + timedelta(days=number),
            )
            for number, project in enumerate(projects[:15])
        ]
    )


def _events(projects: list[Project], count: int) -> None:
    Event.objects.bulk_create(
        (
            Event(
                verb="project.edited",
                target_kind="projects.project",
                target_ref=(project := projects[number % len(projects)]).ref,
                scope=project.ref,
                person_uid=project.created_by.uid,
                agency_ref=project.lead.ref,
                agency_name=project.lead.legal_name,
                agencies=[project.lead.ref],
                facts={"terms_changed": ["summary"]},
            )
            for number in range(count)
        ),
        batch_size=1000,
    )
