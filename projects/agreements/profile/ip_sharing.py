"""What a team decides before an IP-sharing agreement is written; the defaults follow DESCA and NASA practice."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .questions import Group, Question, Text, Unit

GROUPS = (
    Group("basis", _("Basis")),
    Group("background", _("Background")),
    Group("results", _("Results")),
    Group("access", _("Access rights")),
    Group("information", _("Confidentiality, publication and export")),
    Group("risk", _("Liability and funds")),
    Group("life", _("Term and changes")),
    Group("disputes", _("Disputes and law")),
    Group("formalities", _("Formalities")),
)


def _choice(key: str, group: str, label: Text, default: str, *choices: tuple[str, Text], hint: Text = "") -> Question:
    return Question(key, "choice", group, label, default, hint, choices=choices)


def _whole(
    key: str, group: str, label: Text, default: int, unit: Unit, bounds: tuple[int, int], hint: Text = ""
) -> Question:
    return Question(key, "whole", group, label, default, hint, unit=unit, minimum=bounds[0], maximum=bounds[1])


def _yes_no(key: str, group: str, label: Text, default: bool, hint: Text = "") -> Question:
    return Question(key, "yes_no", group, label, default, hint)


def _text(key: str, group: str, label: Text, default: str, hint: Text = "", max_length: int = 120) -> Question:
    return Question(key, "text", group, label, default, hint, max_length=max_length)


DAYS: Any = (1, 730)

ALL: tuple[Question, ...] = (
    _choice(
        "background_mode",
        "background",
        _("Which background may be asked for"),
        "positive",
        ("positive", _("Only what is listed in the annex")),
        ("negative", _("Everything that is needed, except what is listed")),
        hint=_("A list of what is included protects what was forgotten; a list of what is excluded opens it."),
    ),
    _choice(
        "background_change",
        "background",
        _("Adding or withdrawing listed background"),
        "consent",
        ("consent", _("Adding by notice, withdrawing or limiting by consent of all")),
        ("notice", _("Adding by notice, withdrawing or limiting by earlier notice")),
    ),
    _whole(
        "background_change_days", "background", _("Notice before background is withdrawn or limited"), 60, "day", DAYS
    ),
    _choice(
        "results_ownership",
        "results",
        _("Who owns results and what the others may do"),
        "own_project",
        ("own_project", _("Each owns its own; the others use them for the project")),
        ("own_wide", _("Each owns its own; the others get a wide licence for any purpose")),
    ),
    _choice(
        "joint_results",
        "results",
        _("Results whose parts cannot be separated"),
        "by_contribution",
        ("by_contribution", _("Joint, in shares that follow the contributions")),
        ("equal", _("Joint, in equal shares")),
    ),
    _whole(
        "joint_licence_notice_days", "results", _("Notice before a joint owner licenses to others"), 45, "day", DAYS
    ),
    _whole("result_report_days", "results", _("Time to report a result that may be protected"), 60, "day", DAYS),
    _whole("abandonment_notice_days", "results", _("Notice before protection is given up"), 45, "day", DAYS),
    _whole("transfer_notice_days", "results", _("Notice before ownership is transferred"), 45, "day", DAYS),
    _choice(
        "access_implementation",
        "access",
        _("Access to background for the work itself"),
        "royalty_free",
        ("royalty_free", _("Free of charge")),
        ("as_listed", _("Free of charge, unless the annex says otherwise")),
    ),
    _choice(
        "access_exploitation",
        "access",
        _("Access for using one's own results afterwards"),
        "fair_reasonable",
        ("fair_reasonable", _("On fair and reasonable terms")),
        ("royalty_free", _("Free of charge")),
    ),
    _yes_no("access_research", "access", _("Free use of results for internal research and teaching"), True),
    _yes_no("access_affiliates", "access", _("Affiliates may ask for access too"), False),
    _choice(
        "sublicensing",
        "access",
        _("Sub-licences"),
        "contractors",
        ("none", _("None without the owner's consent")),
        ("contractors", _("To contractors, for the project only")),
    ),
    _choice(
        "software_form",
        "access",
        _("Software is given as"),
        "object",
        ("object", _("Object code with its interfaces")),
        ("source", _("Source code, where it is needed")),
    ),
    _whole("access_answer_days", "access", _("Time to answer a request"), 30, "day", DAYS, _("Silence never grants.")),
    _whole("access_request_months", "access", _("Requests possible after the end, for"), 12, "month", (0, 120)),
    _whole("confidentiality_years", "information", _("Confidentiality after the end, for"), 5, "year", (1, 30)),
    _whole(
        "oral_disclosure_days", "information", _("Time to confirm oral disclosures in writing"), 30, "day", (1, 180)
    ),
    _whole("publication_notice_days", "information", _("Notice before a publication"), 45, "day", (1, 180)),
    _whole("publication_objection_days", "information", _("Time to object to a publication"), 30, "day", (1, 180)),
    _whole("publication_delay_days", "information", _("Longest delay of a publication"), 90, "day", (1, 365)),
    _whole("classification_days", "information", _("Time to determine an export classification"), 20, "day", (1, 180)),
    _choice(
        "names_and_emblems",
        "information",
        _("Names and emblems of the others"),
        "consent",
        ("consent", _("Only with consent in each case")),
        ("factual", _("Names in plain statements of fact; emblems with consent")),
    ),
    _choice(
        "liability",
        "risk",
        _("Liability between the parties"),
        "own",
        ("own", _("Each bears its own loss and answers for its own fault")),
        ("cross_waiver", _("Cross-waiver, passed on to contractors and users")),
    ),
    _yes_no(
        "availability_of_funds",
        "risk",
        _("Duties depend on appropriated funds"),
        True,
        _("Usual where a legislature votes the budget year by year."),
    ),
    _choice(
        "entry_into_force",
        "life",
        _("Entry into force"),
        "all_signed",
        ("all_signed", _("On the last signature")),
        ("all_notified", _("When all have notified that their procedures are complete")),
    ),
    _whole("term_years", "life", _("Term"), 5, "year", (1, 30)),
    _yes_no("extension", "life", _("May be extended by written agreement"), True),
    _whole("withdrawal_notice_months", "life", _("Notice of withdrawal"), 6, "month", (1, 36)),
    _whole("cure_days", "life", _("Time to cure a breach"), 30, "day", (1, 365)),
    _yes_no("accession", "life", _("Others may accede"), True),
    _whole("records_years", "life", _("Records kept after the end, for"), 10, "year", (1, 50)),
    _whole("consultation_days", "disputes", _("Consultation"), 30, "day", (1, 365)),
    _whole("heads_of_project_days", "disputes", _("Heads of project"), 30, "day", (1, 365)),
    _whole("heads_of_agency_days", "disputes", _("Heads of agency"), 60, "day", (1, 365)),
    _choice(
        "final_step",
        "disputes",
        _("After the heads of agency"),
        "none",
        ("none", _("Nothing further; the parties keep talking")),
        ("mediation", _("Mediation")),
        ("arbitration", _("Arbitration")),
    ),
    _text("arbitration_seat", "disputes", _("Place of arbitration"), "The Hague"),
    _choice(
        "applicable_law",
        "disputes",
        _("Applicable law"),
        "silent",
        ("silent", _("No national law is chosen")),
        ("named", _("The law that is named")),
    ),
    _text("named_law", "disputes", _("The law that governs"), "", _("Write it as in a sentence: the law of France.")),
    _choice(
        "day_basis",
        "basis",
        _("Days are"),
        "calendar",
        ("calendar", _("Calendar days")),
        ("working", _("Working days of the party that must act")),
    ),
    _text("language", "basis", _("Language that prevails"), "English"),
    _choice(
        "signature_level",
        "formalities",
        _("Lowest level of electronic signature"),
        "simple",
        ("simple", _("Simple: identified in this portal")),
        ("advanced", _("Advanced: a key under the signatory's own control")),
        ("qualified", _("Qualified: with a qualified certificate")),
    ),
)

QUESTIONS: Mapping[str, Question] = {asked.key: asked for asked in ALL}


def question(key: str) -> Question:
    """Return the question of that key; raises KeyError."""
    return QUESTIONS[key]
