"""Files that are written from others: reference pages, client types, terms. `make docs` writes, `make check` compares."""
