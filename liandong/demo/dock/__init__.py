"""A dock of DJI that is none: a broker of its own, and a simulated dock that does all that it is told, visibly a sample."""
