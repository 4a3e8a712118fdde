"""What agencies can do: the first level of the NASA Technology Taxonomy of 2020."""

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, str | Promise] = {
    "TX01": _("Propulsion Systems"),
    "TX02": _("Flight Computing and Avionics"),
    "TX03": _("Aerospace Power and Energy Storage"),
    "TX04": _("Robotic Systems"),
    "TX05": _("Communications, Navigation, and Orbital Debris Tracking and Characterization Systems"),
    "TX06": _("Human Health, Life Support, and Habitation Systems"),
    "TX07": _("Exploration Destination Systems"),
    "TX08": _("Sensors and Instruments"),
    "TX09": _("Entry, Descent, and Landing"),
    "TX10": _("Autonomous Systems"),
    "TX11": _("Software, Modeling, Simulation, and Information Processing"),
    "TX12": _("Materials, Structures, Mechanical Systems, and Manufacturing"),
    "TX13": _("Ground, Test, and Surface Systems"),
    "TX14": _("Thermal Management Systems"),
    "TX15": _("Flight Vehicle Systems"),
    "TX16": _("Air Traffic Management and Range Tracking Systems"),
    "TX17": _("Guidance, Navigation, and Control"),
}

# What a tag has room for, where the full name is long.
SHORT: dict[str, str | Promise] = {
    "TX02": _("Avionics"),
    "TX03": _("Power"),
    "TX05": _("Communications and navigation"),
    "TX06": _("Human health and habitats"),
    "TX07": _("Exploration destinations"),
    "TX11": _("Software and simulation"),
    "TX12": _("Materials and structures"),
    "TX13": _("Ground and test systems"),
    "TX16": _("Air traffic and range"),
}


def validate(code: str) -> None:
    if code not in NAMES:
        raise ValidationError(
            _now("%(code)s is not in the taxonomy; use TX01 to TX17."), code="taxonomy", params={"code": code}
        )


def name_of(code: str) -> str:
    return str(NAMES.get(code, code))


def short_name_of(code: str) -> str:
    return str(SHORT.get(code) or NAMES.get(code, code))


def choices() -> list[tuple[str, str]]:
    """`TX04 Robotic Systems`, in order of the codes."""
    return [(code, f"{code} {name}") for code, name in NAMES.items()]
