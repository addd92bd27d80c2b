"""The linear programme solved: the stages, in order, and what proves each."""

import allocator.delayed  # noqa: F401 - before PuLP is imported: what it never needs here is then not loaded
