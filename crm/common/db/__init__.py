"""What a database is asked for beyond the ORM."""
