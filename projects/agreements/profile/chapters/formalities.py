"""How the text is changed, passed on and signed, and how long its records are kept."""

from django.utils.translation import gettext_lazy as _

from .asking import choice, whole

QUESTIONS = (
    choice(
        "amendment_consent",
        11,
        "formalities",
        _("Changing the text"),
        "all",
        ("all", _("All parties sign every amendment")),
        hint=_("Nobody is held to words that it has not signed. Annexes change as their own clauses say."),
    ),
    choice(
        "third_parties",
        11,
        "formalities",
        _("Rights of others that the change touches"),
        "none",
        ("none", _("None")),
        ("consented", _("Their written consent is attached")),
        hint=_("A third party that holds rights under the text must consent before they are changed."),
    ),
    choice(
        "assignment_consent",
        13,
        "formalities",
        _("Passing the agreement on to another body"),
        "all",
        ("successor", _("Freely to a body that takes over the task, otherwise by consent")),
        ("all", _("Only with the consent of all")),
        hint=_("Agencies are merged and renamed; a successor by law needs no consent under either answer."),
        under="at_least",
    ),
    choice(
        "signature_level",
        47,
        "formalities",
        _("Lowest level of electronic signature"),
        "simple",
        ("simple", _("Simple: identified in this portal")),
        ("advanced", _("Advanced: a key under the signatory’s own control")),
        ("qualified", _("Qualified: with a qualified certificate")),
        hint=_(
            "It must suit the law of every party; ask before signature, not after. By hand one may sign under each of them."
        ),
        under="at_least",
    ),
    whole(
        "records_years",
        48,
        "formalities",
        _("Records kept after the end, for"),
        10,
        "year",
        (1, 50),
        _("Records that show ownership, access granted, transfers and money."),
        under="at_least",
    ),
)
