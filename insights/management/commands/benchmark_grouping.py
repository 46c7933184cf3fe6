"""`manage.py benchmark_grouping`: time and memory of the grouping as the number of items grows."""

import json
import math
import resource
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from numpy.typing import NDArray

from feedback.services.sample import sample_texts
from insights.engine.grouping import group
from insights.services.evaluation import LabelledFileError, embedded, labelled_read

# How far a vector is moved from the real one that it is made of: half its own length, in a random direction.
NOISE = 0.5
SEED = 20_260_101


class Command(BaseCommand):
    """Group more and more vectors."""

    help = "Group more and more vectors, each a real one with noise; print time, memory and how the time grows."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, and made of what."""
        parser.add_argument("--items", default="10000,100000,1000000", help="Numbers of items, smallest first.")
        parser.add_argument("--input", type=Path, help="Lines of JSON with text and label; the sample inbox otherwise.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Measure and print.

        Raises:
            CommandError: the sizes or the file cannot be used.
        """
        try:
            sizes = sorted(int(size) for size in options["items"].split(","))
            texts = labelled_read(options["input"]).texts if options["input"] else sample_texts()
        except LabelledFileError as error:
            raise CommandError(str(error)) from None
        except ValueError:
            raise CommandError(f"--items {options['items']!r} is not a list of numbers such as 10000,100000.") from None
        real = embedded(texts)
        rows = []
        for size in sizes:
            vectors = _perturbed(real, size)
            started = time.monotonic()
            grouping = group(vectors)
            seconds = time.monotonic() - started
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            rows.append(
                {"items": size, "seconds": round(seconds, 2), "peak_memory_mb": peak, "groups": len(grouping.theme)}
            )
            if not options["json"]:
                self.stdout.write("  ".join(f"{name} {figure:,}" for name, figure in rows[-1].items()))
        body = {"sizes": rows, "growth_exponent": _exponent(rows)}
        self.stdout.write(json.dumps(body) if options["json"] else f"growth exponent {body['growth_exponent']}")


def _perturbed(real: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """`size` unit rows, each a real one with noise, float32[size, d]."""
    generator = np.random.default_rng(SEED)
    vectors = generator.standard_normal((size, real.shape[1]), dtype=np.float32)
    vectors *= np.float32(NOISE / math.sqrt(real.shape[1]))
    vectors += real[generator.integers(0, len(real), size)]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _exponent(rows: list[dict[str, Any]]) -> float | None:
    """Between the smallest and the largest size: time grows as items to this power."""
    if len(rows) < 2:
        return None
    times = math.log(rows[-1]["seconds"] / max(rows[0]["seconds"], 1e-3))
    return round(times / math.log(rows[-1]["items"] / rows[0]["items"]), 3)
