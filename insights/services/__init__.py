"""All writes of `insights`."""
