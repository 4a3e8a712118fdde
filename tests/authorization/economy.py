"""What thousands of requests to one world need not pay for each time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.template import Template
from django.test.utils import _TestState

from portal.history.models import Checkpoint, tree

AN_HOUR = 3600.0


@contextmanager
def economy() -> Iterator[None]:
    """Read the foot of the pages once, and draw templates without keeping a copy of the context of each.

    Whatever a request writes is taken back, so that the newest checkpoint stays what it is; and nobody who walks asks
    which templates an answer was made of.
    """
    observed = Template._render
    Template._render = _TestState.saved_data.template_render
    tree._lately.pop(connection.alias, None)
    tree._lately[connection.alias] = (time.monotonic() + AN_HOUR, Checkpoint.objects.lately())
    try:
        yield
    finally:
        del tree._lately[connection.alias]
        Template._render = observed
