"""The floor F: a bare Django page with a list of 25 rows for somebody who has signed in, and nothing of the portal."""
