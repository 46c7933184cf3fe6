"""Sentence vectors from a local model: each distinct text once, in batches of like length, bfloat16 where it pays.

The only module that loads a model. It reads safetensors from a directory or from an installed package, runs no code
that comes with a model, and opens no connection.
"""

import hashlib
import importlib.util
import json
import math
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Transformer
from transformers.utils.logging import disable_progress_bar

Progress = Callable[[int, int], None]

PACKAGE_PREFIX = "package:"

# Batches this small keep a layer's activations inside the processor's caches; larger ones were slower.
_BATCH_TOKENS = 2048
# Bounds the memory of tokenised texts, while leaving enough of them to fill batches of one length.
_WINDOW_TEXTS = 16_384
# A token is rarely over eight characters: what lies beyond cannot reach the model and need not be tokenised.
_CHARACTERS_PER_TOKEN = 16
# For a model that names no limit of its own.
_DEFAULT_TOKENS = 512
# Everything beside the weights that decides a vector: configuration, vocabulary, merges, sentencepiece.
_VERSIONED_SUFFIXES = {".safetensors", ".json", ".txt", ".model"}
# Raise when this module starts to give other vectors for the same model files.
_REVISION = "1"


class ModelSourceError(ValueError):
    """The model cannot be used; the message says which path or package, and what to do."""


def model_directory(source: str) -> Path:
    """Directory of the model that `source` names: `package:NAME` (its `model` folder) or a directory path.

    Raises ModelSourceError when there is none, or when it holds weights in a format that can run code on loading.
    """
    directory = _package_directory(source) if source.startswith(PACKAGE_PREFIX) else Path(source).expanduser()
    if not directory.is_dir():
        raise ModelSourceError(
            f"No model directory at {directory}. Give the path of a sentence-transformers directory, "
            f"or {PACKAGE_PREFIX}NAME for an installed package with a 'model' folder. Nothing is downloaded."
        )
    if not (directory / "modules.json").is_file():
        raise ModelSourceError(f"{directory} has no modules.json, so it is not a sentence-transformers model.")
    if not any(directory.rglob("*.safetensors")):
        raise ModelSourceError(f"{directory} has no .safetensors file. Convert the weights: no other is read.")
    for weights in directory.rglob("pytorch_model*.bin"):
        if not any(weights.parent.glob("*.safetensors")):
            raise ModelSourceError(f"{weights} is a pickle, which can run code. Convert it to safetensors.")
    return directory.resolve()


def _package_directory(source: str) -> Path:
    name = source.removeprefix(PACKAGE_PREFIX)
    # A dotted name would import its parent, and importing runs code.
    spec = importlib.util.find_spec(name) if name.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise ModelSourceError(
            f"No installed Python package is named {name!r} (from {source!r}). Install it, or give a path."
        )
    return Path(spec.submodule_search_locations[0]) / "model"


class Encoder:
    """One model, loaded on first use and safe to share between threads."""

    def __init__(self, source: str) -> None:
        """Find the model of `source` without loading it; ModelSourceError if it cannot be used."""
        self._source = source
        self._directory = model_directory(source)
        self._lock = threading.Lock()
        self._model: SentenceTransformer | None = None
        self._version = ""

    @property
    def version(self) -> str:
        """Changes when the vectors would: name and 12 hexadecimal digits of the SHA-256 of the model's files.

        The number format of the CPU is left out on purpose: bfloat16 and float32 vectors of one text agree to a cosine
        above 0.999, so moving to another machine does not call for embedding everything again.
        """
        with self._lock:
            if not self._version:
                self._version = f"{self._name()}-{_digest(self._directory)[:12]}"
            return self._version

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        """Unit vectors, float32[len(texts), dimensions], in the order of `texts`.

        `progress` is called with (distinct texts done, distinct texts in all) after every batch. The result does not
        depend on the order of the texts.
        """
        model = self._load()
        limit = _token_limit(model) * _CHARACTERS_PER_TOKEN
        cut = [text.lstrip()[:limit] for text in texts]
        # Long texts first: memory peaks at once, not at the end. The texts themselves make the order unique.
        distinct = sorted(set(cut), key=lambda text: (-len(text), text))
        row = {text: index for index, text in enumerate(distinct)}
        vectors = np.empty((len(distinct), model.get_embedding_dimension() or 0), dtype=np.float32)
        done = 0
        for start in range(0, len(distinct), _WINDOW_TEXTS):
            for rows, batch in _batches(model, distinct[start : start + _WINDOW_TEXTS]):
                vectors[start + rows] = batch
                done += len(rows)
                if progress is not None:
                    progress(done, len(distinct))
        return vectors[np.fromiter((row[text] for text in cut), dtype=np.intp, count=len(cut))]

    def _name(self) -> str:
        if self._source.startswith(PACKAGE_PREFIX):
            return self._source.removeprefix(PACKAGE_PREFIX)
        return self._directory.name

    def _load(self) -> SentenceTransformer:
        with self._lock:
            if self._model is None:
                self._model = _load_model(self._directory)
            return self._model


def _load_model(directory: Path) -> SentenceTransformer:
    torch.set_num_threads(thread_count())
    # A worker's log is no place for a bar that redraws itself.
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(
            str(directory),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            # The type of a checkpoint varies; both kinds of CPU start from the same weights.
            model_kwargs={"use_safetensors": True, "dtype": torch.float32},
        )
    except (OSError, ValueError, KeyError, json.JSONDecodeError) as error:
        raise ModelSourceError(f"The model in {directory} cannot be loaded: {error}") from error
    if not isinstance(model[0], Transformer) or not model.tokenizer.is_fast:
        raise ModelSourceError(f"The model in {directory} is not a transformer with a fast tokenizer (tokenizer.json).")
    if has_bfloat16():
        # A copy in bfloat16 beats autocast, which converts the weights again in every batch. Pooling stays in float32.
        model[0].to(torch.bfloat16)
    return model.eval()


def _batches(
    model: SentenceTransformer, texts: Sequence[str]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.float32]]]:
    """Rows of `texts` with their unit vectors, batch by batch: long texts first, each batch of nearly one length."""
    tokenizer = model.tokenizer
    prompt = model.prompts.get(model.default_prompt_name or "") or ""
    encoded = tokenizer(
        [prompt + text for text in texts], padding=False, truncation=True, max_length=_token_limit(model)
    )
    lengths = np.fromiter(map(len, encoded["input_ids"]), dtype=np.intp, count=len(texts))
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        size = max(1, _BATCH_TOKENS // int(lengths[order[start]]))
        rows = order[start : start + size]
        features = tokenizer.pad(
            {name: [values[row] for row in rows] for name, values in encoded.items()}, return_tensors="pt"
        )
        yield rows, _forward(model, dict(features))
        start += size


def _forward(model: SentenceTransformer, features: dict[str, torch.Tensor]) -> NDArray[np.float32]:
    with torch.inference_mode():
        transformer, *heads = model
        features = transformer(features)
        features["token_embeddings"] = features["token_embeddings"].float()
        for head in heads:
            features = head(features)
        unit = torch.nn.functional.normalize(features["sentence_embedding"].float(), dim=1)
        vectors: NDArray[np.float32] = unit.numpy()
        return vectors


def _token_limit(model: SentenceTransformer) -> int:
    # A tokenizer without a limit says 1e30.
    limit = model.max_seq_length or _DEFAULT_TOKENS
    return limit if limit < 1_000_000 else _DEFAULT_TOKENS


def _digest(directory: Path) -> str:
    total = hashlib.sha256(_REVISION.encode())
    for path in sorted(directory.rglob("*")):
        if path.suffix in _VERSIONED_SUFFIXES and path.is_file():
            with path.open("rb") as file:
                total.update(path.relative_to(directory).as_posix().encode())
                total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()


def has_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 in hardware; without that it is slower than float32."""
    return bool(torch.cpu.get_capabilities().get("avx512_bf16", False))


def thread_count() -> int:
    """Physical cores (or OMP_NUM_THREADS), within what the process may use: its CPU affinity and its cgroup's quota."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = cpu_quota(Path("/sys/fs/cgroup"))
    return int(max(1, min(torch.get_num_threads(), allowed, quota)))


def cpu_quota(cgroup: Path) -> float:
    """CPUs that the cgroup mounted at `cgroup` (version 2 or 1) grants; infinity when it sets no limit."""
    try:
        quota, period = (cgroup / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:
            quota = (cgroup / "cpu" / "cpu.cfs_quota_us").read_text().strip()
            period = (cgroup / "cpu" / "cpu.cfs_period_us").read_text().strip()
        except OSError:
            return math.inf
    # Version 2 writes "max" and version 1 writes -1 for no limit.
    return math.inf if quota in {"max", "-1"} else int(quota) / int(period)
