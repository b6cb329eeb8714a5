"""OsmAnd protocol, as OsmAnd, Traccar Client and many trackers speak it: one position a request, over HTTP."""
