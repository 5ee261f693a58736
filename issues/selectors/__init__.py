"""Reads of the issues room."""
