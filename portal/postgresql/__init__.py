"""The database engine: Django's for PostgreSQL, which brings up the embedded server when that is the one in use."""
