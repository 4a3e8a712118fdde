"""The organ in which the parties decide together, and how it votes."""

from django.utils.translation import gettext_lazy as _

from .asking import choice, whole, yes_no

ORGAN = {"governance_organ": ["committee", "assembly"]}

QUESTIONS = (
    choice(
        "governance_organ",
        41,
        "governance",
        _("Organ of the parties"),
        "none",
        ("none", _("None; the persons in charge consult each other")),
        ("committee", _("Steering committee, one member for each party")),
        ("assembly", _("Assembly of all parties that meets every year")),
        hint=_("Two parties rarely need an organ; more than three rarely do without."),
    ),
    choice(
        "quorum",
        41,
        "governance",
        _("Parties that must be present"),
        "two_thirds",
        ("majority", _("More than half")),
        ("two_thirds", _("Two thirds")),
        ("all", _("All")),
        hint=_("Present or represented. All means that one empty chair stops every decision."),
        only_if=ORGAN,
    ),
    choice(
        "decision_majority",
        41,
        "governance",
        _("Votes that decide"),
        "two_thirds",
        ("simple", _("More than half of the votes cast")),
        ("two_thirds", _("Two thirds of the votes cast")),
        ("consensus", _("No party objects")),
        hint=_("Each party has one vote; abstaining is not voting."),
        only_if=ORGAN,
    ),
    whole(
        "veto_days",
        41,
        "governance",
        _("Time for a veto after the minutes"),
        15,
        "day",
        (1, 90),
        _("For a party whose own work, cost, liability or rights a decision would harm severely."),
        only_if=ORGAN,
    ),
    yes_no(
        "voting_suspension",
        42,
        "governance",
        _("A party in breach does not vote"),
        True,
        _("Only on its own breach and only until it is cured; it is still heard."),
        only_if=ORGAN,
    ),
)
