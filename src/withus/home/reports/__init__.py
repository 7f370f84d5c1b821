"""Reports of unlawful content: from anybody, with a clock that presses the host (EU 2022/2065, articles 16 and 17)."""
