"""大疆 dji: what aircraft and docks of DJI speak: routes in their format (WPML in a KMZ), and MQTT.

A process of its own (`liandong dock`) holds one connection to the broker. Nothing that comes is believed beyond its topic:

    server (connection, positions in batches)  →  desk (what becomes of a message)  →  frame (bytes read, or refused)
                                                    ↘  presence (which gateway is there, for whom it may speak)
"""
