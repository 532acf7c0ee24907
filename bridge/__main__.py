"""`python -m bridge` is `hotline`."""

from bridge.cli import main

main()
