"""大疆 dji: what aircraft and docks of DJI speak. So far: routes in their format (WPML in a KMZ)."""
