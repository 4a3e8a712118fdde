"""Export control over what the others have told: cleared, controlled, held, asked for, and licences that end."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from portal.demo.world import INVENTED, World
from projects.ip import actions as register
from projects.ip.actions.authorisations import warn_before_the_end, write_down_what_is_over
from projects.ip.models import Asset
from projects.models import Project

OFFICERS = {"JAXA": "aoi", "ESA": "edda", "NASA": "perrin"}
RADAR, DRILL, HEAD = "Landing radar", "Drill control software", "Percussive drill head for asteroids"
DRIVING = "Driving on loose regolith at low light"

SHEET = f"""Landing radar: interface sheet 3.2

Supply      28 V, at most 41 W while ranging
Data        SpaceWire, 10 Hz, range and three velocities
Field       keep 60 degrees clear below the deck

{INVENTED}
"""
RELEASE = f"""Drill control software, release 2.4

- The simulator starts without the flight unit.
- The heater is not switched while the hammer runs.

{INVENTED}
"""


def tell(world: World) -> None:
    surveyor = Project.objects.get(title="Lunar Polar Volatiles Surveyor")
    _drill(world, surveyor)
    for asset in Asset.objects.standing().select_related("party", "project").order_by("pk"):
        officer = OFFICERS.get(asset.party.acronym)
        if officer is not None and asset.title != RADAR:
            register.classify(
                asset,
                actor=world.actor(officer),
                export_class="not_controlled",
                rationale="Compared with the list line by line; no entry describes it.",
                list_version="2026-01",
            )
    _radar(world, surveyor)
    head = Asset.objects.get(project=surveyor, title=HEAD)
    register.hold(
        head, actor=world.actor("aoi"), reason="Until it is settled whether it is sideground, we receive nothing of it."
    )
    driving = Asset.objects.get(project=surveyor, title=DRIVING)
    register.request_classification(
        driving, actor=world.actor("chiara"), need="To plan the traverses between the drill stops."
    )
    write_down_what_is_over()
    warn_before_the_end()


def _radar(world: World, project: Project) -> None:
    """Controlled: ESA receives it under a licence that ends soon, CSA does not any more."""
    radar, officer = Asset.objects.get(project=project, title=RADAR), world.actor("aoi")
    file = register.attach_to_asset(
        radar, actor=world.actor("ren"), content=SHEET.encode(), name="interface-sheet.txt", note="Interface sheet"
    )
    newer = SHEET.replace("3.2", "3.3").replace("41 W", "43 W")
    register.replace_asset_file(file, actor=world.actor("ren"), content=newer.encode(), name="interface-sheet.txt")
    radar = register.classify(
        radar,
        actor=officer,
        export_class="controlled",
        regime="mtcr",
        number="11.A.2",
        list_version="2025-11",
        rationale="Precise enough for the annex; the interface sheets fall under it as technology.",
        relies_on="Licence of the ministry",
    )
    now = timezone.now()
    for agency, number, begun, days in (("ESA", "DEMO-2026-114", 60, 24), ("CSA", "DEMO-2025-071", 400, -3)):
        applied = register.apply_for_authorisation(
            project,
            actor=officer,
            kind="licence",
            number=number,
            authority="Ministry of the demonstration",
            parties=[agency],
            items=[radar.ref],
            conditions="For the interfaces of the surveyor. Not to third parties, not outside the project.",
        )
        register.grant_authorisation(
            applied,
            actor=officer,
            version=applied.version,
            valid_from=now - timedelta(days=begun),
            valid_until=now + timedelta(days=days),
        )
    register.apply_for_authorisation(
        project,
        actor=officer,
        kind="licence",
        number="DEMO-2026-131",
        authority="Ministry of the demonstration",
        parties=["CSA"],
        items=[radar.ref],
    )


def _drill(world: World, project: Project) -> None:
    """With a file that everybody in the project downloads at once, when the asset is found not to be controlled."""
    drill = Asset.objects.get(project=project, title=DRILL)
    register.attach_to_asset(
        drill, actor=world.actor("chiara"), content=RELEASE.encode(), name="release-2.4.txt", note="Release notes"
    )
