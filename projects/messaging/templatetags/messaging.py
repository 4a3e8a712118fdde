"""Template words of threads."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from agencies.models import Agency

register = template.Library()


@register.filter
def acronyms(agencies: Sequence[Agency]) -> str:
    """`JAXA, ESA and CSA`."""
    return get_text_list([agency.acronym for agency in agencies], _("and"))
