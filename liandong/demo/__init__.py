"""The demo: four districts of Jinan with visibly sample officers and sources, and a sample joint operation.

No real enterprise or person appears in it: every name says 示例, every credit code is of a registry that issues none.
"""
