"""Changes by the clock: who has not answered by the day that was named is reminded."""

from __future__ import annotations

from portal.inbox.jobs import job


@job(name="agreements.remind_of_changes", every="11 * * * *", retry=1)
def remind_of_changes() -> None:
    """Every hour, for whatever was missed; doing it twice changes nothing."""
    from projects.agreements.actions.answer_days import remind_all

    remind_all()


@job(name="agreements.remind_of_change")
def remind_of_change(ref: str, number: int) -> None:
    """One change, at the moment at which its day is over."""
    from projects.agreements.actions.answer_days import remind_one

    remind_one(ref, number)
