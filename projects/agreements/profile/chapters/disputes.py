"""How differences are settled, and by which law."""

from django.utils.translation import gettext_lazy as _

from .asking import choice, text, whole

STEP = (1, 365)

QUESTIONS = (
    whole(
        "consultation_days",
        45,
        "disputes",
        _("Consultation"),
        30,
        "day",
        STEP,
        _("The first step: the persons in charge of the matter."),
    ),
    whole(
        "heads_of_project_days",
        45,
        "disputes",
        _("Heads of project"),
        30,
        "day",
        STEP,
        _("The second step, counted from the end of the first."),
    ),
    whole(
        "heads_of_agency_days",
        45,
        "disputes",
        _("Heads of agency"),
        60,
        "day",
        STEP,
        _("The third step; heads have full calendars."),
    ),
    choice(
        "final_step",
        45,
        "disputes",
        _("After the heads of agency"),
        "none",
        ("none", _("Nothing further; the parties keep talking")),
        ("mediation", _("Mediation")),
        ("arbitration", _("Arbitration")),
        hint=_("Public bodies often may not accept a tribunal without approval; ask before you offer it."),
        under="equal",
    ),
    text(
        "arbitration_seat",
        45,
        "disputes",
        _("Place of arbitration"),
        "The Hague",
        _("Its law decides how the arbitration is run and whether an award can be set aside."),
        under="equal",
        only_if={"final_step": "arbitration"},
    ),
    choice(
        "applicable_law",
        44,
        "disputes",
        _("Applicable law"),
        "silent",
        ("silent", _("No law is chosen")),
        ("international", _("International law")),
        ("named", _("The law that is named")),
        hint=_("Silence is usual between public agencies; companies need a law."),
        under="equal",
    ),
    text(
        "named_law",
        44,
        "disputes",
        _("The law that governs"),
        "",
        _("Write it as in a sentence: the law of France."),
        under="equal",
        only_if={"applicable_law": "named"},
    ),
)
