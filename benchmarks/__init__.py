"""What we claim, measured: `python -m benchmarks` runs them all, `python -m benchmarks NAME …` some of them.

Each `bench_*.py` is a program of its own: it prints a table for people and, as its last line, one JSON object
`{NAME: figures}`.
"""
