"""The engine: arrays and frozen dataclasses in, arrays and frozen dataclasses out. It knows no framework."""
