"""Regroupings and the embeddings that they read."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from insights.models import Embedding, Run


@admin.register(Embedding)
class EmbeddingAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Embeddings by model."""

    list_display = ("__str__", "model")
    list_filter = ("model",)


@admin.register(Run)
class RunAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Regroupings and how they ended."""

    list_display = ("pk", "state", "model", "figures", "started_at", "finished_at", "error")
    list_filter = ("state",)
    exclude = ("centre", "learned_map")
