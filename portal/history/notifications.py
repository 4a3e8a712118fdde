"""What can happen to the ledger itself, and the mail that carries its checkpoints."""

from django.utils.translation import gettext_lazy as _

from portal.history.verbs import register
from portal.inbox import mail

register("ledger.witness_registered", _("registered the witness %(target)s"), icon="key")
register("ledger.witness_retired", _("retired the witness %(target)s"), icon="no")
register("ledger.cosigned", _("co-signed checkpoint %(target)s of the ledger"), icon="seal")
register("ledger.addresses_changed", _("changed where checkpoints are mailed"), icon="mail")
register("ledger.fork_found", _("found that the ledger does not fit a checkpoint: alarm %(target)s"), icon="alert")
register("ledger.alarm_explained", _("explained the alarm %(target)s of the ledger"), icon="info")

mail.register("checkpoint", _("Concord: a checkpoint of the ledger"), template="history/mail/checkpoint", is_plain=True)
