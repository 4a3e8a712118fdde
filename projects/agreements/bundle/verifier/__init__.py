"""The check of a bundle, in parts that import as modules here and are joined into the one file verify.py that travels with it."""
