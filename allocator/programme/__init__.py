"""From tables and settings to the linear programme: variables, rules, goals."""

import allocator.delayed  # noqa: F401 - before PuLP is imported: what it never needs here is then not loaded
