"""Django's migrate, as the owner of the schema, and afterwards the rights of the unprivileged role."""

from typing import Any

from django.core.management.commands import migrate

from portal.database import app_role, as_owner, grant


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        alias = options["database"]
        with as_owner(alias):
            super().handle(*args, **options)
            if not options["plan"] and not options["check_unapplied"]:
                grant(app_role(alias), alias)
