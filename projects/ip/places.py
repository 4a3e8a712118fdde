"""Where something was made: a country, or an element of a spacecraft and the state on whose register it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_countries import countries


@dataclass(frozen=True)
class Place:
    """Codes of two letters (ISO 3166); nothing at all while nobody has said."""

    country: str = ""
    element: str = ""
    registry: str = ""

    def __bool__(self) -> bool:
        return bool(self.country or self.element or self.registry)

    @property
    def words(self) -> str:
        """`Japan`, or `Kibo, on the register of Japan`."""
        if self.element:
            return _("%(element)s, on the register of %(state)s") % {
                "element": self.element,
                "state": countries.name(self.registry) or self.registry,
            }
        return str(countries.name(self.country) or self.country)

    def complaints(self, country: str, element: str, registry: str) -> dict[str, list[str]]:
        """What is wrong with it, under the names that its parts have in a form."""
        wrong: dict[str, list[str]] = {}
        if self.element and self.country:
            wrong[country] = [_("Name a country, or an element with its register, not both.")]
        if self.element and not self.registry:
            wrong[registry] = [_("Say on whose register the element is: its law counts there.")]
        if self.registry and not self.element:
            wrong[element] = [_("Name the element that is on this register.")]
        for name, code in ((country, self.country), (registry, self.registry)):
            if code and not countries.name(code):
                wrong[name] = [_("Choose a country of the list.")]
        return wrong

    def check(self, country: str = "country", element: str = "element", registry: str = "registry") -> None:
        """Raise ValidationError, by field, unless it is one place or none."""
        if wrong := self.complaints(country, element, registry):
            raise ValidationError(wrong)
