"""`manage.py evaluate_grouping FILE`: how good the grouping is on labelled texts."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from insights.services.evaluation import (
    Evaluation,
    Labelled,
    LabelledFileError,
    Vectors,
    embedded,
    evaluate,
    evaluation_of,
    labelled_read,
    labelled_sample,
)


class Command(BaseCommand):
    """Run the engine on labelled texts and score it. Touches no database."""

    help = "Group labelled texts (lines of JSON with text and label) and compare with the labels. Touches no database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to evaluate on, and against what."""
        parser.add_argument("file", type=Path, help="FILE.jsonl or FILE.jsonl.gz")
        parser.add_argument("--items", type=int, help="How many of the lines (all).")
        parser.add_argument("--seed", type=int, default=0, help="Chooses the lines (0).")
        parser.add_argument("--shape", choices=["equal", "longtail"], help="Group sizes of the sample.")
        parser.add_argument("--answers", type=int, default=0, help="Questions that the labels answer (0).")
        parser.add_argument("--versus", choices=["bertopic"], help="Also run another method (needs the extra 'bench').")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Evaluate and print.

        Raises:
            CommandError: the file cannot be used, or the other method is not installed.
        """
        try:
            everything = labelled_read(options["file"])
        except LabelledFileError as error:
            raise CommandError(str(error)) from None
        labelled = labelled_sample(everything, items=options["items"], shape=options["shape"], seed=options["seed"])
        if not options["versus"]:
            evaluation, _ = evaluate(labelled, answers=options["answers"])
            self._print(asdict(evaluation), as_json=options["json"])
            return
        started = time.monotonic()
        vectors = embedded(labelled.texts)
        seconds = time.monotonic() - started
        ours, _ = evaluate(labelled, answers=options["answers"], vectors=vectors)
        theirs = self._bertopic(labelled, vectors, ours)
        body = {
            "heard": {**asdict(ours), "embed_seconds": round(seconds, 2)},
            "bertopic": {**asdict(theirs), "embed_seconds": round(seconds, 2), "title_fit": None},
            "ratios": {
                "ari": round(ours.ari / max(theirs.ari, 1e-9), 2),
                "ami": round(ours.ami / max(theirs.ami, 1e-9), 2),
                "group_speed": round(theirs.group_seconds / max(ours.group_seconds, 1e-9), 1),
            },
        }
        for name, figures in body.items():
            if not options["json"]:
                self.stdout.write(f"\n{name}")
                self._print(figures, as_json=False)
        if options["json"]:
            self.stdout.write(json.dumps(body))

    def _bertopic(self, labelled: Labelled, vectors: Vectors, ours: Evaluation) -> Evaluation:
        try:
            from bertopic import BERTopic  # noqa: PLC0415 (an extra, wanted only here)
        except ImportError:
            raise CommandError("BERTopic is not installed: pip install 'heard[bench]'.") from None
        # Compiling and warming up is not counted, for neither side.
        BERTopic().fit_transform(list(labelled.texts[:500]), vectors[:500])
        started = time.monotonic()
        topics, _ = BERTopic().fit_transform(list(labelled.texts), vectors)
        seconds = time.monotonic() - started
        return evaluation_of(np.array(topics, dtype=np.int64), labelled, ours, seconds=seconds)

    def _print(self, figures: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(figures))
            return
        for name, figure in figures.items():
            self.stdout.write(f"{name:16} {figure}")
