"""对接 wires: machines and their protocols, one a folder; each reads what comes in and calls the rooms' actions."""
