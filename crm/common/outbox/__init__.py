"""What must not be lost between a change and its consequence: events, messages, jobs."""
