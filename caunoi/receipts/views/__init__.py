"""Pages about what became of notices."""
