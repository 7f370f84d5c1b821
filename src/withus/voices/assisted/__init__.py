"""What somebody enters for somebody else: from a paper slip, with consent, and without the receipt."""
