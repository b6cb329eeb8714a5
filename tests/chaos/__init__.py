"""A field app that loses nothing, shown: a real browser submits visits while everything around it is killed at random."""
