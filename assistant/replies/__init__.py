"""What the assistant answers, one file per need of the person; plain functions on a ``Talk``."""
