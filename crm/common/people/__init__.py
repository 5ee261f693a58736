"""Who acts: users and their roles, the actor of a request, doors and row scoping."""
