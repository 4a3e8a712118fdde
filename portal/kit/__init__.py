"""Small things every app may import: actors, refusals, policies, records, one-time keys, pagination, composition."""
