"""Who may use what of the others, for which purpose, and until when it may be asked for."""

from django.utils.translation import gettext_lazy as _

from .asking import DAYS, choice, whole, yes_no

QUESTIONS = (
    choice(
        "access_implementation",
        24,
        "access",
        _("Access to background for the work itself"),
        "royalty_free",
        ("royalty_free", _("Free of charge")),
        ("as_listed", _("Free of charge, unless the annex says otherwise")),
        hint=_("Access that a party needs to carry out its own share of the project."),
    ),
    choice(
        "access_exploitation",
        25,
        "access",
        _("Access for using one’s own results afterwards"),
        "fair_reasonable",
        ("fair_reasonable", _("On fair and reasonable terms")),
        ("royalty_free", _("Free of charge")),
        hint=_("Using results in later research, missions, services or trade. Terms may include a price."),
    ),
    yes_no(
        "access_research",
        26,
        "access",
        _("Free use of results for internal research and teaching"),
        True,
        _("Matters to institutes and universities. It opens results, never background."),
    ),
    yes_no(
        "access_affiliates",
        27,
        "access",
        _("Affiliates may ask for access too"),
        False,
        _("Affiliates are entities under common control with a party; they may sit in other countries."),
    ),
    choice(
        "sublicensing",
        28,
        "access",
        _("Sub-licences"),
        "contractors",
        ("none", _("None without the owner’s consent")),
        ("contractors", _("To contractors, for the project only")),
        hint=_("Agencies build through industry: without contractors, a right stops at the agency’s door."),
    ),
    choice(
        "software_form",
        29,
        "access",
        _("Software is given as"),
        "object",
        ("object", _("Object code with its interfaces")),
        ("source", _("Source code, where it is needed")),
        hint=_("Source code matters where software must be maintained for decades."),
    ),
    whole(
        "access_answer_days",
        25,
        "access",
        _("Time to answer a request"),
        30,
        "day",
        DAYS,
        _("Silence never grants."),
    ),
    whole(
        "access_request_months",
        30,
        "access",
        _("Requests possible after the end, for"),
        12,
        "month",
        (0, 120),
        _("Counted from the end of the project, or from the day on which a party leaves it."),
    ),
)
