"""Commands that run the portal."""
