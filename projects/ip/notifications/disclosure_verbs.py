"""What can happen to disclosures, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.history.verbs import register

register("disclosure.drafted", _("began the disclosure %(target)s"), icon="draft")
register("disclosure.edited", _("changed the draft of %(target)s"), icon="pen")
register("disclosure.contributors_named", _("named the contributors of %(target)s"), icon="users")
register("disclosure.file_attached", _("attached a file to %(target)s"), icon="clip")
register("disclosure.file_detached", _("took a file off %(target)s"), icon="trash")
register("disclosure.contributors_asked", _("asked the contributors of %(target)s to confirm"), icon="send")
register("disclosure.recalled", _("took %(target)s back to correct it"), icon="undo")
register("disclosure.part_confirmed", _("confirmed their part in %(target)s"), icon="ok")
register(
    "disclosure.contributor_unreachable", _("recorded that a contributor of %(target)s is not reached"), icon="hold"
)
register("disclosure.part_disputed", _("disputed their part in %(target)s"), icon="alert")
register("disclosure.dispute_settled", _("settled the dispute about their part in %(target)s"), icon="handshake")
register("disclosure.sealed", _("sealed version %(number)s of %(target)s"), icon="seal")
register("disclosure.amended", _("began a new version of %(target)s"), icon="pen")
register("disclosure.witness_named", _("asked a witness to read %(target)s"), icon="eye")
register("disclosure.countersigned", _("countersigned version %(number)s of %(target)s as a witness"), icon="eye")
register("disclosure.report_due", _("noted that the other parties are to be told of %(target)s"), icon="clock")
register(
    "disclosure.report_not_due", _("noted that the other parties need not be told of %(target)s any more"), icon="ok"
)
register("disclosure.report_overdue", _("noted that the report of %(target)s is overdue"), icon="alert")
register("disclosure.reported", _("reported that there is the disclosure %(target)s"), icon="flag")
register("disclosure.shared", _("shared version %(number)s of %(target)s"), icon="send")
register("disclosure.triaged", _("answered the triage of %(target)s"), icon="list")
register("disclosure.evaluated", _("evaluated %(target)s"), icon="scale")
register("disclosure.decided", _("decided on %(target)s"), icon="flag")
register("disclosure.filed", _("entered an application for %(target)s"), icon="send")
register("disclosure.followed_up", _("followed up an application for %(target)s"), icon="refresh")
register("disclosure.offered", _("made an offer about %(target)s"), icon="handshake")
register("disclosure.offer_answered", _("answered an offer about %(target)s"), icon="swap")
register("disclosure.closed", _("closed %(target)s"), icon="ok")
register(
    "disclosure.publication_alarmed", _("rang the alarm: a planned publication presses on %(target)s"), icon="alert"
)
