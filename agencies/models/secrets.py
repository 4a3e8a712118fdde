"""Secrets that are shown once and kept as digests."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from django.conf import settings


def digest(secret: str) -> str:
    """What is stored instead of a secret. It has 256 random bits, so a plain hash cannot be searched."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def random() -> str:
    return secrets.token_urlsafe(32)


def signed(purpose: str, nonce: str) -> str:
    """A secret that the portal can work out again from a random nonce and its own key: a copy of the database is not enough."""
    mac = hmac.new(settings.SECRET_KEY.encode(), f"{purpose}\n{nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")
