"""What may be done with a voice: counted, told as a story, shared. Whoever has the receipt changes it at any time."""
