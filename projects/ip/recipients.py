"""Who gets a share or a licence: a party of the project by its reference, or somebody outside by name."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.models import Agency
from projects.models import Project


def recipient_of(project: Project, ref: str, name: str, *, field: str) -> tuple[Agency | None, str]:
    """The party with its name now, or None with the name that was typed; ValidationError for neither and for both.

    SECURITY: no agency that is not inside the project: it could not read what it owns or may use, and would be named
    in the portal beside work that it must not know of.
    """
    ref, name = ref.strip(), " ".join(name.split())
    if bool(ref) == bool(name):
        said = _("Choose a party, or give the name of somebody outside.")
        raise ValidationError({field: [said if not ref else _("Name one of them, not both.")]})
    if not ref:
        return None, name
    agency = next((row.agency for row in project.parties() if row.agency.ref == ref), None)
    if agency is None:
        said = _("%(agency)s is not a party of this project. Give its name instead.") % {"agency": ref}
        raise ValidationError({field: [said]})
    return agency, agency.legal_name
