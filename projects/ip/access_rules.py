"""What the clauses say about access, one rule after another, as plain functions of facts that were read before.

docs/access-rights.md says the same in words. Nothing here asks the database.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.zones import end_of
from portal.kit.refusals import Forbidden, NotNow, Refusal
from portal.kit.templatetags.kit import day_words
from projects.ip.answers import Span
from projects.ip.models import AccessRight, Asset, BackgroundChange, Nature, Origin, OwnershipShare, Purpose, Status
from projects.ip.terms import Terms
from projects.models import Participation, Project

# Purposes whose rights outlive the project, and may be asked for after it.
TAIL = (Purpose.EXPLOITATION, Purpose.AFFILIATES)


@dataclass(frozen=True)
class Grounds:
    """Everything that an answer rests on, for one asset and one agency: no rule reads anything else."""

    asset: Asset
    agency: Agency
    terms: Sequence[Terms]
    rights: Sequence[AccessRight] = field(default=())
    narrowing: BackgroundChange | None = None
    before: Asset | None = None

    @property
    def entry(self) -> Asset:
        """What the register said of the asset at the time that is asked about."""
        return self.before if self.before is not None else self.asset

    @property
    def project(self) -> Project:
        return self.asset.project

    @cached_property
    def part(self) -> Participation | None:
        """The agency's part in the project, once it has been a party."""
        row = self.project.participation_of(self.agency.pk)
        if row is None or row.joined_on is None:
            return None
        return row if row.is_party or row.left_on is not None else None

    @cached_property
    def share(self) -> OwnershipShare | None:
        return next((share for share in self.asset.shares.all() if share.agency_id == self.agency.pk), None)

    @cached_property
    def owner(self) -> Agency:
        """Whom a request is put to: the agency that made the entry if it owns a part, else the largest owner."""
        owners = owners_of(self.asset)
        return next((owner for owner in owners if owner.pk == self.asset.party_id), owners[0])

    @cached_property
    def owner_names(self) -> str:
        return _(" and ").join(share.shown for share in self.asset.owners())

    @cached_property
    def binding(self) -> list[Terms]:
        """The agreements that bind every owner and the agency, the newest first."""
        bound = {owner.ref for owner in owners_of(self.asset)} | {self.agency.ref}
        return [terms for terms in self.terms if terms.binds(bound)]

    @cached_property
    def project_over_at(self) -> datetime | None:
        return self.project.ended_at

    @cached_property
    def left_at(self) -> datetime | None:
        return instant(self.part.left_on) if self.part is not None and self.part.left_on else None

    def left_under(self, terms: Terms) -> datetime | None:
        """When the agency left the project or this agreement, whichever came first; from then it gets nothing new."""
        return earliest(self.left_at, terms.left_at.get(self.agency.ref))

    def left_while_holding(self, right: AccessRight) -> datetime | None:
        """When the agency left the project, or the agreement under which it holds a right."""
        under = (terms for terms in self.terms if right.clause.partition(",")[0] == terms.agreement)
        return earliest(self.left_at, *(terms.left_at.get(self.agency.ref) for terms in under))

    def term(self, terms: Terms) -> tuple[datetime, datetime | None]:
        """While an agreement is in force, until the agency leaves it."""
        return instant(terms.starts_on), earliest(instant(terms.ends_on), terms.left_at.get(self.agency.ref))

    def terms_within(self, span: Span) -> Terms:
        """Of the agreements that bind all concerned, the newest that does so in all of a span.

        Where none does: the newest that had begun by then, whose end is the reason, else the newest.
        """
        covering = (terms for terms in self.binding if span.is_within(*self.term(terms)))
        begun = (terms for terms in self.binding if instant(terms.starts_on) <= span.first)
        return next(covering, None) or next(begun, self.binding[0])

    def terms_at(self, at: datetime) -> Terms:
        """Of the agreements that bind all concerned, the newest that does so at an instant, else the newest."""
        standing = (one for one in self.binding if not one.is_over(at) and not one.has_left(self.agency.ref, at))
        return next(standing, self.binding[0])

    @cached_property
    def joined_at(self) -> datetime | None:
        return instant(self.part.joined_on) if self.part is not None and self.part.joined_on else None


def owners_of(asset: Asset) -> list[Agency]:
    """The agencies that own a part, the largest first; where title went outside, the party that is bound to what it promised."""
    return [share.agency for share in asset.owners() if share.agency is not None] or [asset.party]


def instant(day: date) -> datetime:
    """When a day that the agreement or the project names begins: moments are determined in UTC (clause "periods")."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def outside(asset: Asset, terms: Terms) -> tuple[str, str, str] | None:
    """Why the item is outside the access rights of the agreement, as code, reason and source; None when it is inside.

    Between the parties the signed annex counts, until the agreement's own rule on changes has narrowed it. An entry that
    is included later widens access by notice, from the moment it was entered (R6).
    """
    names = {"ref": asset.ref, "agency": asset.party.acronym}
    if asset.origin == Origin.SIDEGROUND:
        reason = _("%(ref)s was made outside the project; the agreement gives no access to sideground") % names
        return "sideground", reason, terms.source("definitions")
    if asset.origin != Origin.BACKGROUND:
        return None
    if terms.lists_what_is_excluded:
        if asset.ref in terms.background or asset.is_excluded:
            reason = _("%(ref)s is on the list of what %(agency)s excludes") % names
            return "excluded", reason, terms.source("background")
        return None
    if asset.is_excluded and (asset.ref not in terms.background or asset.agreed_in == terms.agreement):
        reason = _("%(ref)s is not on the list of what %(agency)s includes; it is excluded") % names
        return "not-listed", reason, terms.source("background")
    return None


def limits(asset: Asset, purpose: str, terms: Terms) -> str:
    """The limit on the use for this purpose: the register's words where they were agreed or changed by the agreement's
    rule, the signed annex where the register said something else when it entered into force.
    """
    column = "implementation" if purpose == Purpose.IMPLEMENTATION else "exploitation"
    signed = {**terms.results, **({} if terms.lists_what_is_excluded else terms.background)}.get(asset.ref)
    if signed is not None and column in signed and asset.agreed_in != terms.agreement:
        return signed[column].strip()
    return str(getattr(asset, f"limits_{column}")).strip()


def may_request(grounds: Grounds, purpose: str, *, at: datetime) -> Refusal | None:
    """Why the agency may not put a request for this purpose at this instant, or None.

    Whether the item is inside the agreement is not asked here: such a request is refused with its reason (R6).
    """
    names = {"agency": grounds.agency.acronym, "ref": grounds.asset.ref, "owners": grounds.owner_names}
    if grounds.share is not None:
        return Forbidden(_("%(agency)s owns a part of %(ref)s and needs no request.") % names, code="owner")
    if grounds.part is None:
        return NotNow(
            _("%(agency)s is not a party of the project.") % names,
            code="not-a-party",
            unblock=_("Parties ask for access. Take part in the project, or ask %(owners)s for a licence.") % names,
        )
    if grounds.asset.status == Status.WITHDRAWN:
        return NotNow(_("%(ref)s was withdrawn from the register.") % names, code="withdrawn")
    if not grounds.binding:
        return NotNow(
            _("No agreement in force binds %(owners)s and %(agency)s.") % names,
            code="no-agreement",
            unblock=_("Requests are made under an agreement: conclude one first."),
        )
    terms = grounds.terms_at(at)
    if purpose == Purpose.AFFILIATES and not terms.answers.get("access_affiliates"):
        return NotNow(
            _("The agreement gives affiliates no access."),
            code="affiliates-not-provided",
            unblock=_("Agree it with %(owners)s separately.") % names,
        )
    if purpose not in TAIL and terms.is_over(at):
        return NotNow(
            _("%(agreement)s has ended; only exploitation is asked for afterwards.") % {"agreement": terms.agreement},
            code="agreement-ended",
            unblock=_("Ask for exploitation, or renew the agreement."),
        )
    over_at = earliest(grounds.project_over_at, grounds.left_under(terms))
    if over_at is None or at < over_at:
        return None
    if purpose not in TAIL:
        return NotNow(
            _("The project is over for %(agency)s; only exploitation is asked for afterwards.") % names,
            code="project-over",
            unblock=_("Ask for exploitation."),
        )
    last = last_day_of_requests(over_at, terms)
    if at >= end_of(last, grounds.agency.zone):
        return NotNow(
            _("Requests could be made until %(day)s (%(source)s).")
            % {"day": day_words(last), "source": terms.source("requests")},
            code="window-closed",
            unblock=_("Ask %(owners)s for a licence outside the agreement.") % names,
        )
    return None


def window_closes_at(grounds: Grounds, purpose: str) -> datetime | None:
    """The instant from which requests for this purpose come too late; None while nothing ends them."""
    if not grounds.binding:
        return None
    terms = grounds.terms_at(timezone.now())
    over_at = earliest(grounds.project_over_at, grounds.left_under(terms))
    if over_at is None:
        return None
    if purpose not in TAIL:
        return over_at
    return end_of(last_day_of_requests(over_at, terms), grounds.agency.zone)


def last_day_of_requests(over_at: datetime, terms: Terms) -> date:
    """The same day of the month so many months after the end; it expires when that day is over at the requester's seat."""
    months = int(terms.answers.get("access_request_months", 0))
    return add_months(over_at.astimezone(UTC).date(), months)


def add_months(day: date, months: int) -> date:
    """31 January plus one month is the last day of February."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def terms_in_words(right: AccessRight) -> str:
    """The terms of a right in one line: price, field, territory, form, and what it does not include."""
    said: list[Any] = [right.get_royalty_display()]
    if right.royalty_words:
        said.append(right.royalty_words)
    if right.field:
        said.append(_("field: %(field)s") % {"field": right.field})
    said.append(_("territory: %(territory)s") % {"territory": right.territory or _("worldwide")})
    if right.software_form:
        said.append(right.get_software_form_display())
    said.append(_("with sub-licences") if right.may_sublicense else _("without sub-licences"))
    if right.affiliates:
        said.append(_("affiliates: %(names)s") % {"names": right.affiliates})
    return "; ".join(str(one) for one in said)


def software_words(asset: Asset, terms: Terms) -> str:
    """In which form software is given under the agreement, or nothing for what is no software."""
    if asset.nature != Nature.SOFTWARE:
        return ""
    if terms.answers.get("software_form") == "source":
        return _("source code where object code does not suffice")
    return _("as object code with its interfaces")
