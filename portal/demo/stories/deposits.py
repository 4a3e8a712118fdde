"""What was deposited before it was shown: kept outside, stored, in versions, and revealed to a partner."""

from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.demo.world import World
from projects.ip import actions as register
from projects.ip.models import Deposit
from projects.ip.receipts.verify import MANIFEST, OPENING, commitment_of
from projects.models import Project

SEQUENCE = b"Demonstration. Heat the flute first, then turn slowly, then hammer. Never hammer cold.\n"
BETTER = b"Demonstration. Heat the flute to 240 K first, then turn at 12 rpm, then hammer at 4 Hz. Never hammer cold.\n"


def tell(world: World) -> None:
    project = Project.objects.get(title="Lunar Polar Volatiles Surveyor")
    sora, ren, chiara = (world.actor(key) for key in ("sora", "ren", "chiara"))

    register.deposit(
        actor=sora,
        commitment=_hidden(_opening("JAXA", "Survival heater without a relay (demonstration)", SEQUENCE[:40])),
        label="Heater idea, notebook 7",
        notes="Demonstration. The opening is in the safe of the thermal group.",
    )
    register.deposit(
        actor=chiara,
        commitment=_hidden(_opening("ESA", "Seal of the sample tube (demonstration)", SEQUENCE[20:])),
        project=project,
        label="Sample tube, before the design review",
    )

    first = _opening("JAXA", "Drilling without sticking (demonstration)", SEQUENCE, project.ref)
    made = register.deposit(
        actor=ren, opening=first, uploads=[_upload(SEQUENCE)], project=project, label="Drill sequence for cold ground"
    )
    following = _opening("JAXA", "Drilling without sticking (demonstration)", BETTER, project.ref, _hidden(first))
    register.add_version(made, actor=ren, opening=following, uploads=[_upload(BETTER)])
    made = register.classify(
        made,
        actor=world.actor("aoi"),
        export_class=Deposit.ExportClass.NOT_CONTROLLED,
        rationale="Demonstration. A general method of drilling, on no list.",
    )
    register.reveal(made, actor=ren, number=1, agency=world.agency("ESA"), with_files=True)


def _opening(
    agency: str, title: str, content: bytes, project: str | None = None, previous: str | None = None
) -> dict[str, Any]:
    """An opening whose salt comes from its title, so that the demonstration is the same every time."""
    entry = {"name": "sequence.txt", "size": len(content), "sha256": sha256(content).hexdigest()}
    manifest = {
        "format": MANIFEST,
        "algorithm": "SHA-256",
        "title": title,
        "agency": agency,
        "project": project,
        "files": [entry],
        "previous": previous,
    }
    return {"format": OPENING, "salt": sha256(title.encode() + content).hexdigest(), "manifest": manifest}


def _hidden(opening: dict[str, Any]) -> str:
    return commitment_of(bytes.fromhex(opening["salt"]), opening["manifest"])


def _upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("sequence.txt", content, "text/plain")
