"""What is enclosed with a voice, speech and photos: made anew from what was sent, by a process that can do nothing."""
