"""Scientific data: how long the teams keep it to themselves, where it is kept, who may use it then."""

from django.utils.translation import gettext_lazy as _

from .asking import choice, text, whole

QUESTIONS = (
    choice(
        "data_policy",
        35,
        "data",
        _("Scientific data"),
        "open_after_period",
        ("partners_only", _("Stays with the parties and their teams")),
        ("on_request", _("Given to others on request")),
        ("open_after_period", _("Open to everybody after a time for the teams")),
        hint=_(
            "Most agencies must open data that public money paid for; the time for the teams is what is negotiated."
        ),
    ),
    whole(
        "data_proprietary_months",
        35,
        "data",
        _("First use by the teams, for"),
        12,
        "month",
        (0, 60),
        _("Counted from the day on which calibrated data reach the team. Zero opens them at once."),
        under="at_most",
        only_if={"data_policy": ["open_after_period", "on_request"]},
    ),
    text(
        "data_archive",
        35,
        "data",
        _("Archive in which the data are kept"),
        "",
        _("The name of a public archive. Empty: the archive that each party names for its own instruments."),
        max_length=200,
    ),
    choice(
        "data_licence",
        35,
        "data",
        _("Licence of open data"),
        "attribution",
        ("attribution", _("Free use if the source is named")),
        ("unrestricted", _("Free use without conditions")),
        ("research", _("Research and teaching only")),
        hint=_("Naming the source is usual; some laws put data of public bodies into the public domain."),
        only_if={"data_policy": ["open_after_period", "on_request"]},
    ),
    whole(
        "data_return_days",
        10,
        "data",
        _("Data, goods and documents are given back within"),
        60,
        "day",
        (1, 365),
        _("Counted from the end, or from the day on which a party leaves."),
    ),
)
