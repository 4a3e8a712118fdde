"""Who gets a share or a licence: an agency by its reference, or somebody outside by name."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.models import Agency


def recipient_of(ref: str, name: str, *, field: str) -> tuple[Agency | None, str]:
    """The agency with its name now, or None with the name that was typed; ValidationError for neither and for both."""
    ref, name = ref.strip(), " ".join(name.split())
    if bool(ref) == bool(name):
        said = _("Choose an agency, or give the name of somebody outside.")
        raise ValidationError({field: [said if not ref else _("Name one of them, not both.")]})
    if not ref:
        return None, name
    agency = Agency.objects.verified().filter(ref=ref).first()
    if agency is None:
        raise ValidationError({field: [_("There is no verified agency %(agency)s.") % {"agency": ref}]})
    return agency, agency.legal_name
