"""Measurements: each script prints one JSON object and says what it compares against."""
