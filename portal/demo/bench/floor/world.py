"""The floor's own database: made, filled, and somebody signed in, who is printed as a session key.

Run as `python -m portal.demo.bench.floor.world` with the floor's settings and a fresh database.
"""

from datetime import timedelta

TEAMS = 20
ENTRIES = 20_000


def build() -> str:
    """Make the tables and rows; returns the key of a session of a member of the first team."""
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.utils import timezone

    from portal.demo.bench.floor.models import Entry, Team

    call_command("migrate", verbosity=0, interactive=False)
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)  # its own tables point at those
    teams = Team._default_manager.bulk_create(Team(name=f"Team number {number}") for number in range(1, TEAMS + 1))
    user = User.objects.create(username="reader", password="!")
    teams[0].members.add(user.pk)
    now = timezone.now()
    words = "measured on the ground and in orbit by two teams"
    Entry._default_manager.bulk_create(
        (
            Entry(
                ref=f"E-2026-{number:05d}",
                team=teams[number % TEAMS],
                title=f"Entry number {number} of the long list",
                summary=f"What was {words} {number}",
                status=Entry.Status.OPEN if number % 3 else Entry.Status.DONE,
                created_at=now - timedelta(minutes=number),
            )
            for number in range(ENTRIES)
        ),
        batch_size=2000,
    )
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    print(build())
