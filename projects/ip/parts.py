"""Contributors' parts as people type them, checked so that the reader knows what to correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.models import Agency, Membership, Person
from portal.kit.lines import check_line
from projects.ip.disclosed import HUNDRED, sum_hint
from projects.ip.models import ContributorRole, Disclosure, Employer

FINEST = Decimal("0.0001")
MOST = 50


@dataclass(frozen=True)
class Part:
    """One contributor: somebody with an account, or a name."""

    person: Person | None
    name: str
    agency: Agency | None
    agency_name: str
    role: str
    employer: str
    percent: Decimal
    part: str

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes it the same contributor when the list is written again."""
        return (self.person.pk,) if self.person is not None else (self.name.casefold(), self.agency_name.casefold())

    @property
    def fields(self) -> dict[str, Any]:
        return dict(vars(self))


def check_parts(disclosure: Disclosure, rows: list[Mapping[str, Any]]) -> list[Part]:
    """The parts out of what was typed; a draft may sum to less than 100, never to more.

    Each row has `who` (an e-mail address of somebody who works for a party, or a name), `agency_name` for a name,
    `role`, `employer`, `percent` and `part`. Raises ValidationError under `contributors.<row>.<field>` and `contributors`.
    """
    if len(rows) > MOST:
        raise ValidationError({"contributors": [_("At most %(most)s contributors.") % {"most": MOST}]})
    people = _people(disclosure, rows)
    wrong: dict[str, list[str]] = {}
    parts: list[Part] = []
    for index, row in enumerate(rows):
        complaints = _complaints(row, people)
        if not complaints:
            part = _part(row, people)
            if part.key in {other.key for other in parts}:
                complaints = {"who": _("Name everybody once.")}
            parts.append(part)
        wrong |= {f"contributors.{index}.{name}": [words] for name, words in complaints.items()}
    if wrong:
        raise ValidationError(wrong)
    if sum((part.percent for part in parts), Decimal(0)) > HUNDRED:
        raise ValidationError({"contributors": [sum_hint(part.percent for part in parts)]})
    return parts


def _complaints(row: Mapping[str, Any], people: dict[str, tuple[Person, Agency]]) -> dict[str, str]:
    found: dict[str, str] = {}
    who = str(row.get("who", "")).strip()
    if not who:
        found["who"] = _("Write an e-mail address, or a name.")
    elif "@" in who and who.casefold() not in people:
        found["who"] = _(
            "Nobody with this address works for a party of the project now. Without an account, write the name instead."
        )
    elif "@" not in who and not str(row.get("agency_name", "")).strip():
        found["agency_name"] = _("Say for whom this person works.")
    for name in ("who", "agency_name"):
        try:
            check_line(str(row.get(name, "")))
        except ValidationError as error:
            found[name] = error.messages[0]
    percent = row.get("percent")
    if percent is None:
        found["percent"] = _("Give the share in percent.")
    elif not percent.is_finite() or percent <= 0 or percent > HUNDRED:
        found["percent"] = _("A share is more than 0 and at most 100 percent.")
    elif percent != percent.quantize(FINEST):
        found["percent"] = _("A share has at most four decimal places.")
    if row.get("role") not in ContributorRole.values:
        found["role"] = _("Choose a role.")
    if row.get("employer") not in Employer.values:
        found["employer"] = _("Choose for whom they worked.")
    return found


def _part(row: Mapping[str, Any], people: dict[str, tuple[Person, Agency]]) -> Part:
    who = str(row["who"]).strip()
    person, agency = people.get(who.casefold(), (None, None))
    if person is None:
        person, agency = people.get(_named(who, row["agency_name"]), (None, None))
    return Part(
        person=person,
        name=person.name if person is not None else who[:150],
        agency=agency,
        agency_name=agency.legal_name if agency is not None else str(row["agency_name"]).strip()[:200],
        role=row["role"],
        employer=row["employer"],
        percent=Decimal(row["percent"]),
        part=str(row.get("part", "") or ""),
    )


def _people(disclosure: Disclosure, rows: list[Mapping[str, Any]]) -> dict[str, tuple[Person, Agency]]:
    """Who works for a party now, by the addresses that were typed, and who is named already, by name and agency.

    SECURITY: the address has to be known in full, and the answer for somebody who works elsewhere is the same as for
    nobody at all.
    """
    addresses = [str(row.get("who", "")).strip() for row in rows]
    parties = {party.agency_id for party in disclosure.project.parties()} | {disclosure.agency_id}
    known = Membership.objects.acting().filter(
        person__email__in=[address.lower() for address in addresses if "@" in address], agency__in=parties
    )
    found: dict[str, tuple[Person, Agency]] = {
        _named(row.name, row.agency_name): (row.person, row.agency)
        for row in disclosure.contributors.all()
        if row.person is not None and row.agency is not None
    }
    for membership in known.select_related("person", "agency").order_by("begins_at", "pk"):
        address = membership.person.email.casefold()
        if address not in found or membership.agency_id == disclosure.agency_id:
            found[address] = (membership.person, membership.agency)
    return found


def _named(name: str, agency_name: str) -> str:
    return f"{name}\n{str(agency_name).strip()}".casefold()
