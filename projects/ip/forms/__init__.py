"""Input of the IP pages."""
