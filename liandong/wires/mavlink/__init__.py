"""MAVLink: what every aircraft that is not DJI's speaks: where it flies, and missions that are carried to it.

A process of its own (`liandong mavlink`) listens on one UDP port. Nothing that comes is believed that is not signed with
the key of an aircraft on record, or comes from a network that the operator has named:

    server (port, positions in batches)  →  desk (whom to believe, what becomes of it)  →  frame (bytes read, or refused)
                                               ↘  craft (one aircraft as it was last heard)  ↙  flight (a mission flown)
"""
