"""The language of a text, as far as its length lets anybody tell."""

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

UNKNOWN = ""
# Below this many letters the guess is noise: "app slow pls" is read as any of a dozen languages.
FEWEST_LETTERS = 20
# Below this probability the text mixes languages, or is made of names and codes.
LEAST_SURE = 0.8
# A language is told from its first lines; reading more only costs time.
CHARACTERS_READ = 2_000


def language_of(text: str) -> str:
    """ISO 639-1 code such as `de`; blank where the text is too short or too mixed to tell."""
    start = text[:CHARACTERS_READ]
    if sum(character.isalpha() for character in start) < FEWEST_LETTERS:
        return UNKNOWN
    code, probability = _identifier().classify(start)
    return str(code) if probability >= LEAST_SURE else UNKNOWN


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
