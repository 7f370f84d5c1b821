"""What is asked of peers and what it pays: agreed rates, hours, and who has paid."""
