"""Opinion maps: drawn by themselves, shown to all, sealed with their phase, recounted by who has the ballots."""
