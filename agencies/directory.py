"""Finding each other: the filters of the directory, the same for its page and for the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Func, Q, QuerySet
from django.utils.translation import gettext as _
from django_countries import countries

from agencies import languages, taxonomy
from agencies.models import Agency, Kind
from agencies.models.agencies import INTERNATIONAL

SINGLE = ("q", "capability", "country", "language")
LONGEST = 200


@dataclass(frozen=True)
class Filters:
    """What is asked for; a value that nothing could have is as if it were not there."""

    q: str = ""
    capability: str = ""
    country: str = ""
    language: str = ""
    kinds: tuple[str, ...] = ()

    @classmethod
    def of(cls, query: Any) -> Filters:
        """From the query of an address (a QueryDict)."""
        known: Mapping[str, Any] = {
            "capability": taxonomy.NAMES,
            "country": _countries(),
            "language": languages.codes(),
        }
        found = {name: query.get(name, "").replace("\x00", "").strip()[:LONGEST] for name in SINGLE}
        kept = {name: value for name, value in found.items() if name not in known or value in known[name]}
        return cls(**kept, kinds=tuple(kind for kind in Kind.values if kind in query.getlist("kind")))

    def narrow(self, agencies: Any) -> QuerySet[Agency]:
        """The agencies that fit."""
        if self.q:
            agencies = agencies.found_by(self.q)
        if self.capability:
            agencies = agencies.filter(capabilities__contains=[self.capability])
        if self.country:
            agencies = agencies.filter(
                Q(is_international=True) if self.country == INTERNATIONAL else Q(country=self.country)
            )
        if self.language:
            agencies = agencies.filter(languages__contains=[self.language])
        return agencies.filter(kind__in=self.kinds) if self.kinds else agencies

    @property
    def on(self) -> list[dict[str, str]]:
        """Each active filter in words, with the address that removes it."""
        words = {
            "q": f"“{self.q}”",
            "capability": f"{self.capability} {taxonomy.short_name_of(self.capability)}",
            "country": country_name(self.country),
            "language": languages.name_of(self.language) if self.language else "",
        }
        active = [{"label": words[name], "url": self._without(name)} for name in SINGLE if getattr(self, name)]
        if self.kinds:
            label = ", ".join(str(Kind(kind).label) for kind in self.kinds)
            active.append({"label": label, "url": self._without("kind")})
        return active

    def _without(self, removed: str) -> str:
        pairs = [(name, getattr(self, name)) for name in SINGLE] + [("kind", kind) for kind in self.kinds]
        return "?" + urlencode([(name, value) for name, value in pairs if value and name != removed])


@dataclass(frozen=True)
class Facets:
    """What there is to choose from."""

    total: int
    kinds: tuple[tuple[str, Any, int], ...]
    countries: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]


def facets(agencies: QuerySet[Agency]) -> Facets:
    """Counts and present values over all agencies the reader sees, in two queries."""
    counts = {f"kind_{kind}": Count("pk", filter=Q(kind=kind)) for kind in Kind.values}
    found = agencies.aggregate(total=Count("pk"), places=ArrayAgg("country", distinct=True, default=[]), **counts)
    spoken = (
        agencies.order_by().annotate(spoken=Func(F("languages"), function="unnest")).values_list("spoken").distinct()
    )
    places = [INTERNATIONAL if not code else str(code) for code in found["places"]]
    return Facets(
        total=found["total"],
        kinds=tuple((kind.value, kind.label, found[f"kind_{kind.value}"]) for kind in Kind),
        countries=_by_name((code, country_name(code)) for code in places),
        languages=_by_name((code, languages.name_of(code)) for (code,) in spoken),
    )


def _by_name(choices: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(choices, key=lambda choice: choice[1]))


@cache
def _countries() -> frozenset[str]:
    """The codes; their names are translated each time they are asked for."""
    return frozenset([INTERNATIONAL, *dict(countries)])


def country_name(code: str) -> str:
    return _("International") if code == INTERNATIONAL else str(countries.name(code))
