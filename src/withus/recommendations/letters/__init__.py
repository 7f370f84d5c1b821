"""Bodies that never joined: by which law they answer, their letters, and how they take their page over."""
