"""What a room below offers and a room above fills, one file per slot."""
