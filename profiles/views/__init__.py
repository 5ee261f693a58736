"""Pages about data: imports, and the history of a value."""
