"""What can happen to agencies and their people."""

from django.utils.translation import gettext_lazy as _

from portal.history.verbs import register

register("agency.applied", _("applied to join: %(target)s"), icon="flag")
register("agency.verified", _("verified %(target)s"), icon="ok")
register("agency.refused", _("refused the application of %(target)s"), icon="no")
register("agency.reconsidered", _("put %(target)s back into the queue"), icon="refresh")
register("agency.suspended", _("suspended %(target)s"), icon="hold")
register("agency.reinstated", _("reinstated %(target)s"), icon="ok")
register("agency.profile_edited", _("changed the profile of %(target)s"), icon="pen")
register("invitation.sent", _("sent the invitation %(target)s"), icon="mail")
register("invitation.accepted", _("accepted the invitation %(target)s"), icon="ok")
register("invitation.withdrawn", _("withdrew the invitation %(target)s"), icon="no")
register("membership.started", _("began the membership %(target)s"), icon="person-plus")
register("membership.roles_changed", _("changed the roles of the membership %(target)s"), icon="person")
register("membership.ended", _("ended the membership %(target)s"), icon="no")
register("mandate.granted", _("granted the mandate %(target)s"), icon="mandate")
register("mandate.revoked", _("revoked the mandate %(target)s"), icon="no")
register("token.issued", _("issued the API token %(target)s"), icon="key")
register("token.revoked", _("revoked the API token %(target)s"), icon="no")
