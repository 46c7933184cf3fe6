"""All writes of `feedback`."""
