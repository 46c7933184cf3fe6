"""Embeddings: what a text means to a model, as numbers."""

from django.db import models


class Embedding(models.Model):
    """The unit vector of one redacted text under one model version, as float16 bytes."""

    text_hash = models.CharField(max_length=64)
    model = models.CharField(max_length=100, help_text="Name and fingerprint of the model that made it.")
    vector = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text_hash", "model"], name="embedding_once_per_text_and_model")]

    def __str__(self) -> str:
        return f"{self.text_hash[:12]} by {self.model}"
