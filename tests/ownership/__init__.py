"""`make prove-ownership ORDERS=100000`: whatever is ordered, crashes or comes twice, every clue has exactly one owner."""
