"""What an answer of the profile decides: the clauses that it chooses or fills, and the clocks that it drives."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.agreements.library import Clause, Library
from projects.agreements.profile import parameters

# What the portal counts, alarms or limits by the answer once the text is in force.
CLOCKS: Mapping[str, Promise] = {
    "day_basis": _("How every period in days is counted"),
    "classification_days": _("The time to classify what is to be shared"),
    "result_report_days": _("The alarm for reporting an invention"),
    "publication_notice_days": _("The notice before a publication"),
    "publication_objection_days": _("The time to object to a publication"),
    "publication_delay_days": _("How long an objection can hold a publication back"),
    "access_answer_days": _("The time to answer a request for access"),
    "access_request_months": _("How long after the end access can be requested"),
    "joint_licence_notice_days": _("The notice before a joint owner licenses"),
    "abandonment_notice_days": _("The notice before protection is given up"),
    "transfer_notice_days": _("The notice before ownership is transferred"),
    "background_change_days": _("The time to answer a change of listed background"),
    "cure_days": _("The time to cure a breach"),
    "consultation_days": _("The first step of a dispute"),
    "heads_of_project_days": _("The second step of a dispute"),
    "heads_of_agency_days": _("The third step of a dispute"),
    "term_years": _("The last day, and its warnings at 180, 90 and 30 days"),
    "renewal_years": _("The last day after a renewal"),
    "renewal_objection_months": _("The last day to object to a renewal"),
    "withdrawal_notice_months": _("The day on which a withdrawal takes effect"),
    "entry_into_force": _("The day of entry into force"),
    "entry_count": _("The day of entry into force"),
    "entry_named": _("The day of entry into force"),
    "entry_share": _("The day of entry into force"),
    "entry_days": _("The day of entry into force"),
    "entry_date": _("The day of entry into force"),
    "confidentiality_years": _("How long confidentiality survives the end"),
    "survivor_ip_years": _("How long rights in results survive the end"),
    "survivor_liability_years": _("How long liability survives the end"),
    "survivor_dispute_years": _("How long the settlement of disputes survives the end"),
}


def clauses_by_question(library: Library) -> dict[str, list[Clause]]:
    """For every question the clauses of the library that its answer chooses or fills, in their order."""
    decided: dict[str, list[Clause]] = {}
    for clause in library.clauses:
        keys = dict.fromkeys(key for one in clause.alternates for key in (*one.when, *parameters(one.text)))
        for key in keys:
            decided.setdefault(key, []).append(clause)
    return decided
