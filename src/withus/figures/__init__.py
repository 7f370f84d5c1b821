"""What may be published of all this: how often bodies answer, and who may say that it involves peers."""
