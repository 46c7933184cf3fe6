"""The one door to the embedding model."""
