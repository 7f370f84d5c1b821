"""Pure: numbers and proofs, no Django; anyone can run it again."""
