"""A file a command: what is parsed, one call of the library, one of a face."""
