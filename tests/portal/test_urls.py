"""The site's table of contents: what it adds to the views it names."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_operators_sign_in_where_everybody_does(method: str) -> None:
    answer = getattr(Client(), method)(reverse("admin:login"), {"username": "olga@portal.example", "password": "x"})

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_the_administration_has_no_form_for_who_is_no_operator(cast: Cast) -> None:
    assert cast.client(cast.mika).get(reverse("admin:login")).status_code == 403
