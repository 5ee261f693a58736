"""Who may ask what of which address: the world, the questions, and what must never be."""
