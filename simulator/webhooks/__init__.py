"""Events on their way out: a queue that survives a restart, and the sender."""
