"""What a rule of entry into force still waits for, in the language of the reader."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from projects.agreements.entry.evaluating import EITHER, TIME, Missing
from projects.agreements.entry.facts import SIGNATURE
from projects.agreements.entry.words import OR, Voice, reader

# From each of them, by kind of act.
FROM_EACH = {
    SIGNATURE: gettext_noop("Signature: %(names)s"),
    "ratification": gettext_noop("Ratification, acceptance or approval: %(names)s"),
    "completion": gettext_noop("Notice that internal procedures are complete: %(names)s"),
    "note": gettext_noop("Diplomatic note: %(names)s"),
}


def missing_in_words(
    missing: Iterable[Missing], names: Mapping[str, str], unconfirmed: Collection[str] = ()
) -> list[str]:
    """Each in a line of its own; `names` gives the name of a party by its reference.

    `unconfirmed` are the references of those that have signed ad referendum: their confirmation is what is missing.
    """
    waits = _("%(agency)s (ad referendum, to be confirmed)")
    signing = {ref: waits % {"agency": name} if ref in unconfirmed else name for ref, name in names.items()}
    return [_line(one, reader(names), reader(signing)) for one in missing]


def _line(one: Missing, voice: Voice, signing: Voice) -> str:
    if one.kind == SIGNATURE:
        voice = signing
    if one.kind == TIME:
        return _("The day: %(day)s") % {"day": voice.day(one.until)} if one.until else ""
    if one.kind == EITHER:
        return _("Either %(choices)s") % {"choices": _choices(one, voice, signing)}
    if one.percent is not None:
        names = voice.listed([voice.party(ref) for ref in one.refs], OR)
        words = _("Signatures of parties that hold another %(share)s: %(names)s")
        return words % {"share": voice.share(one.percent), "names": names}
    if one.count is not None:
        names = voice.listed([voice.party(ref) for ref in one.refs], OR)
        more = ngettext("%(count)s more of %(names)s", "%(count)s more of %(names)s", one.count)
        return _(FROM_EACH[one.kind]) % {"names": more % {"count": one.count, "names": names}}
    return _(FROM_EACH[one.kind]) % {"names": voice.listed([voice.party(ref) for ref in one.refs])}


def _choices(one: Missing, voice: Voice, signing: Voice) -> str:
    lines = ["; ".join(_line(part, voice, signing) for part in choice) for choice in one.choices]
    return voice.listed([f"({number}) {line}" for number, line in enumerate(lines, start=1)], OR)
