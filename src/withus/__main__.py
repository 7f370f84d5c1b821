"""`python -m withus` is the console script."""

from withus.cli import main

main()
