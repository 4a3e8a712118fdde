"""A second implementation of what docs/verifying.md says, which shares no line with the portal: it writes bundles, and checks them."""
