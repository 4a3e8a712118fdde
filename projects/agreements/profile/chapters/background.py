"""Which knowledge from before the project may be asked for, and how its list changes."""

from django.utils.translation import gettext_lazy as _

from .asking import DAYS, choice, whole

QUESTIONS = (
    choice(
        "background_mode",
        20,
        "background",
        _("Which background may be asked for"),
        "positive",
        ("positive", _("Only what is listed in the annex")),
        ("negative", _("Everything that is needed, except what is listed")),
        hint=_("A list of what is included protects what was forgotten; a list of what is excluded opens it."),
    ),
    choice(
        "background_change",
        21,
        "background",
        _("Adding or withdrawing listed background"),
        "consent",
        ("consent", _("Adding by notice, withdrawing or limiting by consent of all")),
        ("notice", _("Adding by notice, withdrawing or limiting by earlier notice")),
        hint=_("Consent protects partners whose work rests on an item; notice keeps its owner in command."),
    ),
    whole(
        "background_change_days",
        21,
        "background",
        _("Notice before background is withdrawn or limited"),
        60,
        "day",
        DAYS,
        _("With consent, this is the time to answer; silence never consents."),
    ),
)
