"""`python -m liandong` is the `liandong` command."""

from liandong.cli import main

main()
