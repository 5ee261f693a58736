"""Home screens, the bulletin, the search page."""
