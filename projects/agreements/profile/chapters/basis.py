"""What kind of instrument it is, who is bound, and how time and languages count."""

from django.utils.translation import gettext_lazy as _

from .asking import choice, text, yes_no

QUESTIONS = (
    choice(
        "binding",
        1,
        "basis",
        _("What kind of instrument this is"),
        "binding",
        ("declaration", _("Declaration: shared principles, no commitments")),
        ("non_binding", _("Arrangement that does not bind in law")),
        ("contract", _("Contract under a law")),
        ("binding", _("Agreement between agencies that binds them")),
        ("treaty", _("Treaty between states or international organisations")),
        hint=_("It decides who must approve it at home, and whether it is in force or merely operative."),
    ),
    choice(
        "bound_as",
        2,
        "basis",
        _("Who is bound"),
        "agency",
        ("agency", _("The agency itself")),
        ("agency_for_state", _("The state, for which the agency acts")),
        ("state", _("The state or organisation, which names its agency to carry it out")),
        hint=_("An agency can promise only what its own powers allow; a waiver for a whole state needs the state."),
    ),
    choice(
        "precedence",
        3,
        "basis",
        _("If this text and the agreement above it differ"),
        "parent_prevails",
        ("parent_prevails", _("The agreement above prevails")),
        ("this_prevails_on_ip", _("This text prevails on intellectual property, the other on everything else")),
        ("none", _("Neither prevails; the difference is settled by consultation")),
        hint=_("The agreement above is the umbrella, framework or memorandum under which this text is made."),
    ),
    choice(
        "day_basis",
        46,
        "basis",
        _("Days are"),
        "calendar",
        ("calendar", _("Calendar days")),
        ("working", _("Working days of the party that must act")),
        hint=_("Moments are in Coordinated Universal Time; a period ends with the day at the seat of who must act."),
    ),
    text(
        "language",
        43,
        "basis",
        _("Language that prevails"),
        "English",
        _("If texts in several languages are equally authentic, name them all: English and French."),
    ),
    yes_no(
        "courtesy_texts",
        43,
        "basis",
        _("Translations may be made for convenience"),
        True,
        _("A translation helps people at home to read the text. It never decides what the text means."),
    ),
)
