"""The benchmark: what a page costs in CPU time, beside a bare Django page measured in the same run."""
