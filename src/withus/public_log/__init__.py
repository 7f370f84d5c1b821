"""The public log: every formal act, append-only, signed, checkable by anyone (formats: `compute.verifier`)."""
