"""What peer editors tell of a voice with the consent of whoever sent it, and how it is taken back."""
