"""Threads in the states that the tests need, reached by their verbs."""

from __future__ import annotations

from typing import Any

from projects.messaging import actions
from projects.messaging.models import Audience, Message, Thread
from projects.models import Project
from tests.cast import Cast
from tests.kept import kept


@kept
def on_project(cast: Cast, project: Project, **facts: Any) -> Thread:
    """Opened by JAXA on its project, with ESA on the list and a shared first message."""
    facts = {
        "title": "Thermal interface",
        "agencies": [cast.esa],
        "body": "Will 18 W do?",
        "audience": Audience.SHARED,
    } | facts
    return actions.open_thread(actor=cast.actor(cast.mika), project=project, **facts)


@kept
def between(cast: Cast, **facts: Any) -> Thread:
    """Opened by JAXA with ESA, on no project."""
    facts = {
        "title": "Autumn meeting",
        "agencies": [cast.esa],
        "body": "Shall we meet?",
        "audience": Audience.SHARED,
    } | facts
    return actions.open_thread(actor=cast.actor(cast.mika), **facts)


@kept
def say(cast: Cast, thread: Thread, person: Any, body: str, audience: str = Audience.SHARED) -> Message:
    return actions.post_message(thread, actor=cast.actor(person), body=body, audience=audience)
