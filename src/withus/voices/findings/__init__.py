"""What peer editors found in several voices, and what became of it, for each of those who spoke."""
