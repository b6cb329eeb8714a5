"""The rules of the house, one file each. A rule is a function that yields what breaks it, one line each."""
