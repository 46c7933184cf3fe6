"""The doors through which programs write."""
