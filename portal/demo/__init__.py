"""The demonstration: a world in which every page has something on it, and the benchmark of the pages."""
