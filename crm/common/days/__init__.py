"""Time: the clock at the edges, working days, reminders."""
