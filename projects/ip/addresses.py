"""Where a publication is found: DOIs and addresses as people paste them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.utils.translation import gettext as _

is_doi = RegexValidator(r"^10\.\d{4,9}/\S+\Z")


def doi_of(typed: str) -> str:
    """The name itself, however it was pasted: 10.1000/182. Raises ValidationError for "doi"."""
    doi = typed.strip()
    for prefix in ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"):
        if doi.lower().startswith(prefix):
            doi = doi[len(prefix) :].strip()
    if doi:
        try:
            is_doi(doi)
        except ValidationError:
            raise ValidationError({"doi": [_("A DOI reads like 10.1000/182.")]}) from None
        if len(doi) > 200:
            raise ValidationError({"doi": [_("Use at most 200 characters.")]})
    return doi


def address_of(typed: str) -> str:
    """An http(s) address. Raises ValidationError for "address"."""
    address = typed.strip()
    if not address:
        return ""
    try:
        URLValidator(schemes=["http", "https"])(address)
        urlsplit(address)
    except (ValidationError, ValueError):
        raise ValidationError(
            {"address": [_("Give a whole address, such as https://arxiv.org/abs/2611.01234.")]}
        ) from None
    if len(address) > 500:
        raise ValidationError({"address": [_("Use at most 500 characters.")]})
    return address
