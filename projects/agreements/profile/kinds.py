"""Which questions each kind of agreement asks, and where its usual answers or its choices differ."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from .chapters import GROUPS, QUESTIONS
from .fields import Answer, Group, Question

USUAL_KIND = "ip_sharing"

INSTRUMENT = (
    "binding", "language", "courtesy_texts",
    "entry_into_force", "entry_count", "entry_named", "entry_share", "entry_days", "entry_date",
    "signature_level",
)  # fmt: skip
STANDING = (
    *INSTRUMENT,
    "day_basis",
    "bound_as",
    "precedence",
    "amendment_consent",
    "assignment_consent",
    "records_years",
)
TERM = (
    "term_years", "extension", "renewal", "renewal_years", "renewal_objection_months", "withdrawal_notice_months",
    "termination_grounds", "cure_days",
)  # fmt: skip
SETTLEMENT = (
    "consultation_days", "heads_of_project_days", "heads_of_agency_days", "final_step", "arbitration_seat",
    "applicable_law", "named_law",
)  # fmt: skip
ACCESSION = ("accession", "accession_consent")
SECRECY = ("confidentiality_years", "oral_disclosure_days", "marking_scheme", "classification_days")
PUBLICATION = ("publication_notice_days", "publication_objection_days", "publication_delay_days")
PUBLIC_INFORMATION = ("public_information_lead", "public_information_days", "names_and_emblems")
LIABILITY = ("liability", "liability_cap", "related_entities", "flow_down")
MONEY = ("funds_model", "availability_of_funds", "cost_overrun", "cost_overrun_percent", "taxes_and_customs")
ORGAN = ("governance_organ", "quorum", "decision_majority", "veto_days", "voting_suspension")
DATA = ("data_policy", "data_proprietary_months", "data_archive", "data_licence", "data_return_days")
SPACE = ("planetary_protection", "debris_mitigation", "registration")
OWNERSHIP = (
    "results_ownership", "lead_exploiter", "use_it_or_lose_it_months", "ownership_fields", "ownership_words",
)  # fmt: skip
BACKGROUND = ("background_mode", "background_change", "background_change_days")
JOINT = ("joint_results", "joint_licence_notice_days", "joint_licensing")
JOINT_CARE = (
    "joint_costs",
    "joint_prosecution",
    "joint_enforcement",
    "abandonment_notice_days",
    "transfer_notice_days",
)
ACCESS = (
    "access_implementation", "access_exploitation", "access_research", "access_affiliates", "sublicensing",
    "software_form", "access_answer_days", "access_request_months",
)  # fmt: skip
SURVIVORS = ("survivor_liability_years", "survivor_dispute_years")

KEYS: Mapping[str, tuple[str, ...]] = {
    "memorandum": (
        *STANDING, "provisional_application", *TERM, "ends_with_parent", *ACCESSION, *SETTLEMENT, *SECRECY,
        *PUBLICATION, *PUBLIC_INFORMATION, *LIABILITY, *MONEY, *ORGAN, *DATA, *SPACE, *OWNERSHIP, "result_report_days",
        "personnel_exchange", *SURVIVORS,
    ),
    "ip_sharing": (
        *STANDING, "provisional_application", *TERM, "ends_with_parent", *ACCESSION, *SETTLEMENT, *SECRECY,
        *PUBLICATION, *PUBLIC_INFORMATION, *LIABILITY, "availability_of_funds", *ORGAN, *OWNERSHIP, *BACKGROUND,
        *JOINT, *JOINT_CARE, "result_report_days", *ACCESS, "survivor_ip", "survivor_ip_years", *SURVIVORS,
        "data_return_days",
    ),
    "implementing": (
        *STANDING, "term_years", "extension", "withdrawal_notice_months", "termination_grounds", "cure_days",
        "ends_with_parent", "consultation_days", "heads_of_project_days", "heads_of_agency_days", *LIABILITY, *MONEY,
        "data_policy", "data_proprietary_months", "data_archive", "data_licence", "data_return_days", *SPACE,
        "personnel_exchange", "confidentiality_years", "classification_days", "public_information_lead",
        "public_information_days",
    ),
    "nda": (
        *STANDING, "term_years", "extension", "withdrawal_notice_months", "ends_with_parent", "disclosure_direction",
        "discloser", "disclosure_purpose", *SECRECY, "sublicensing", "access_affiliates", "data_return_days", "consultation_days",
        "heads_of_agency_days", "final_step", "arbitration_seat", "applicable_law", "named_law",
    ),
    "data_exchange": (
        *STANDING, *TERM, "ends_with_parent", *ACCESSION, *DATA, "access_research", "access_affiliates", "sublicensing", *SECRECY,
        *PUBLICATION, "liability", "liability_cap", "availability_of_funds", "consultation_days",
        "heads_of_project_days", "heads_of_agency_days", "final_step", "arbitration_seat", "applicable_law", "named_law",
    ),
    "joint_ownership": (
        *STANDING, *JOINT, *JOINT_CARE, "use_it_or_lose_it_months", "access_research", "access_affiliates",
        "confidentiality_years", *PUBLICATION, "classification_days", "term_years", "cure_days", "ends_with_parent",
        "consultation_days", "heads_of_agency_days", "final_step", "arbitration_seat", "applicable_law", "named_law",
    ),
    "amendment": (*INSTRUMENT, "provisional_application", "third_parties"),
    "accession": (*INSTRUMENT, "accession_consent"),
}  # fmt: skip

DEFAULTS: Mapping[str, Mapping[str, Answer]] = {
    "memorandum": {"termination_grounds": "wide", "governance_organ": "committee", "liability": "cross_waiver"},
    "ip_sharing": {},
    "implementing": {"liability": "cross_waiver", "heads_of_agency_days": 30},
    "nda": {"term_years": 3, "sublicensing": "none", "withdrawal_notice_months": 1, "oral_disclosure_days": 15},
    "data_exchange": {"marking_scheme": "common", "withdrawal_notice_months": 3},
    # Rights in an invention outlast the work that brought it, so its owners still need their rules.
    "joint_ownership": {"term_years": 20, "confidentiality_years": 10, "ends_with_parent": False},
    "amendment": {},
    "accession": {},
}

BINDS = ("binding", "contract")
CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "memorandum": {},
    "ip_sharing": {"binding": (*BINDS, "treaty")},
    "implementing": {"binding": (*BINDS, "non_binding", "treaty"), "precedence": ("parent_prevails", "none")},
    "nda": {"binding": BINDS, "precedence": ("parent_prevails", "none")},
    "data_exchange": {
        "binding": (*BINDS, "non_binding"),
        "precedence": ("parent_prevails", "none"),
        "liability": ("own", "cap"),
    },
    "joint_ownership": {"binding": BINDS},
    "amendment": {},
    "accession": {},
}


@cache
def questions_of(kind: str = USUAL_KIND) -> Mapping[str, Question]:
    """Return the questions that this kind asks, in their order, each with its usual answer here; raises KeyError."""
    wanted = set(KEYS[kind])
    return MappingProxyType({key: _as_asked(key, kind) for key in QUESTIONS if key in wanted})


@cache
def groups_of(kind: str = USUAL_KIND) -> tuple[Group, ...]:
    """Return the chapters in which this kind asks something; raises KeyError."""
    asked = {question.group for question in questions_of(kind).values()}
    return tuple(group for group in GROUPS if group.key in asked)


def _as_asked(key: str, kind: str) -> Question:
    asked = QUESTIONS[key]
    offered = CHOICES[kind].get(key)
    if offered:
        asked = replace(asked, choices=tuple(choice for choice in asked.choices if choice[0] in offered))
    # `only_if` may name a question that this kind does not ask; it then matters always.
    asked = replace(asked, only_if={name: value for name, value in asked.only_if.items() if name in KEYS[kind]})
    return replace(asked, default=DEFAULTS[kind].get(key, asked.default))
