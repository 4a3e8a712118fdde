"""People who work at another party’s site, and care for space and other worlds."""

from django.utils.translation import gettext_lazy as _

from .asking import choice, yes_no

QUESTIONS = (
    choice(
        "personnel_exchange",
        39,
        "conduct",
        _("Personnel at another party’s site"),
        "visits",
        ("none", _("Not foreseen")),
        ("visits", _("Visits")),
        ("secondment", _("Visits and longer postings")),
        hint=_("Guests follow the safety, security and conduct rules of the host and stay their own party’s staff."),
    ),
    yes_no(
        "planetary_protection",
        40,
        "conduct",
        _("Duties of planetary protection"),
        True,
        _("For missions that touch or pass other bodies, or bring samples back. Harmless for others."),
        under="at_least",
    ),
    yes_no(
        "debris_mitigation",
        40,
        "conduct",
        _("Duties to limit debris"),
        True,
        _("Design, passivation and disposal by the guidelines of the United Nations committee on outer space."),
        under="at_least",
    ),
    choice(
        "registration",
        40,
        "conduct",
        _("Registering space objects"),
        "separate",
        ("none", _("No space object is launched")),
        ("separate", _("Agreed before each launch")),
        ("operator", _("By the state of the party that operates the object")),
        hint=_("The state that registers keeps jurisdiction, which also decides where an invention on board is made."),
    ),
)
