"""Whether somebody reads the inside of a project, as an expression for any query, its SQL worked out once."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from django.db import connections, models
from django.db.models import Func, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from agencies.models import AGENCY_WIDE
from portal.kit.actors import Actor
from projects.models.participation import Participation

# What stands for the values while the SQL is worked out; no row has them.
AGENCY, MEMBERSHIP, PROJECT, TODAY = -1_000_001, -1_000_002, -1_000_003, date(1, 2, 3)


def inside(actor: Actor, project: str = "pk") -> Func | Value:
    """The condition that the actor reads the inside of the project in this column.

    The same as `Exists(Participation.objects.seen_by(actor).filter(project=OuterRef(project)))`. A page asks it a dozen
    times, in queries within queries, and resolving it each time cost more than the database spent answering.
    """
    if actor.membership is None:
        return Value(False, output_field=models.BooleanField())
    team = None if actor.has_role(*AGENCY_WIDE) else actor.membership.pk
    return Inside(project, agency=actor.agency_id or 0, membership=team, today=timezone.now().date())


class Inside(Func):
    """EXISTS(a participation of the agency that lets its reader in); without a membership it is read agency-wide."""

    arity = 1

    def __init__(self, project: Any, *, agency: int, membership: int | None, today: date) -> None:
        super().__init__(project, output_field=models.BooleanField())
        self.values: dict[Any, Any] = {AGENCY: agency, MEMBERSHIP: membership, TODAY: today}

    def as_sql(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        before, after, head, tail = _rule(connection.alias, self.values[MEMBERSHIP] is None)
        project, own = compiler.compile(self.source_expressions[0])
        return (
            f"{before}{project}{after}",
            (*self._filled(head), *own, *self._filled(tail)),
        )

    def _filled(self, params: tuple[Any, ...]) -> list[Any]:
        return [self.values.get(param, param) for param in params]


@cache
def _rule(alias: str, is_agency_wide: bool) -> tuple[str, str, tuple[Any, ...], tuple[Any, ...]]:
    """The SQL before and after the project's column, with the parameters of both parts.

    SECURITY: it comes from the one rule of `ParticipationQuerySet`. A parameter that is neither one of the values above
    nor a fixed word would be frozen here, so it stops the portal instead.
    """
    own = Participation.objects.read_by(AGENCY, None if is_agency_wide else MEMBERSHIP, TODAY).filter(project=PROJECT)
    query = own.query.exists()
    # Names of our own: a query around this one that has the same table must not be read by mistake.
    query.change_aliases({name: f"inside{number}" for number, name in enumerate(query.alias_map)})
    sql, params = query.get_compiler(connection=connections[alias]).as_sql()
    wanted = {AGENCY, PROJECT, TODAY} | (set() if is_agency_wide else {MEMBERSHIP})
    fixed = [param for param in params if param not in wanted]  # words, and the 1 of SELECT 1
    foreseen = wanted <= set(params) and params.count(PROJECT) == 1
    if not foreseen or not all(isinstance(param, str) or param == 1 for param in fixed):
        raise RuntimeError(f"the rule of who reads a project has parameters nobody foresaw: {params}")
    at = params.index(PROJECT)
    parts = sql.split("%s")
    return f"EXISTS({'%s'.join(parts[: at + 1])}", f"{'%s'.join(parts[at + 1 :])})", params[:at], params[at + 1 :]
