"""Reads of the publishing room, by noun."""
