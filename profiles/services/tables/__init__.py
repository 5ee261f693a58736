"""Reading departments' tables: pure functions from bytes to typed cells."""
