"""Terms of reference, seats and meetings of a body."""
