"""大屏 screens: what the scenes of the big screen show beside the live picture, and the layouts of its video wall.

Holds      WallLayout, MeasureCheck
States     –
Announces  WallLayoutKept, WallLayoutWithdrawn, MeasureChecked
Verbs      screens:arrange · check_measure
Basis      rulebook/national/parameters.yaml (heavy_pollution.search_radii)
Looks back jurisdictions, officers, sources, dispatch, inspections, problems, video
"""
