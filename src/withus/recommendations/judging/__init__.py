"""The third key: those who spoke say whether what a body calls done is so, and nobody sees who said what."""
