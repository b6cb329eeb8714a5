"""联动 liandong: command, dispatch and joint enforcement for China's ecological-environment law enforcement.

Read `flow.py` first: it lists every hand-over from one room to another, in the order of the work.
"""

__version__ = "0.1.0"
