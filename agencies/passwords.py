"""How passwords are kept: Argon2id with what OWASP's Password Storage Cheat Sheet asks for at least."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """19 MiB, two passes, one lane: many who sign at the same instant neither wait long nor fill the memory."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
