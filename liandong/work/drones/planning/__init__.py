"""Routes for an aircraft, worked out on a plane of metres: pure geometry, nothing is read or written.

A plan keeps one promise above all: no leg of it, the way out and the way home included, touches a no-fly zone.
"""
