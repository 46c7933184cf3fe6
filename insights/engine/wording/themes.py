"""Names of themes, which are groups of problems: short noun phrases that customers use across the theme's problems."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from insights.engine.wording.clauses import is_plural
from insights.engine.wording.lexicon import (
    ARTICLES,
    OTHER_POSSESSIVES,
    POSSESSIVES,
    PREPOSITIONS,
    STOPWORDS,
    VERBS,
    WEAK_VERBS,
    word_set,
)
from insights.engine.wording.patterns import FINITE, NOUN_VERBS
from insights.engine.wording.phrases import LONGEST_LINE
from insights.engine.wording.relevance import stem, words_of_groups
from insights.engine.wording.sentences import WORD, is_english, sentences
from insights.engine.wording.titles import Encode, Rows, Vectors, told_apart, unit
from insights.engine.wording.verbs import infinitive
from insights.engine.wording.vocabulary import Vocabulary

LONGEST_NAME = 3
# Of each theme: bounds what is read and what is encoded.
_TEXTS, _NAMES = 240, 12
# Of these, pairs are tried: "reports and exports".
_PAIRED = 5
# Two words say more than one, so their vector lies nearer: one good word is the better name all the same.
_PAIR_COST = 0.25
_SHARE = 0.3
# A plural names a theme better, even where it is said less often.
_PLURAL = 4
_BEFORE_NOUN = ARTICLES | POSSESSIVES | OTHER_POSSESSIVES | {"any", "no", "of", "per", "some", "these", "this", "those"}
# Said of everything, so that they name nothing.
_GENERIC = word_set(
    """
    amount app application bit case change couple customer customers date day days detail details everybody feature guy
    help hour hours idea info information issue issues item items kind list lot mistake moment month months morning
    name need new night number one option options page part people person place problem problems product question
    questions reason request screen second service side software someone sort staff status stuff system thing things
    time times today tomorrow tool total type user users version way week weeks work year years yesterday
    """
)
_NO_NOUN = (VERBS - NOUN_VERBS) | FINITE


@dataclass(frozen=True)
class _Name:
    theme: int
    text: str
    # Stems of its words, in order.
    key: tuple[str, ...]
    merit: float


def theme_names(
    texts: Sequence[str],
    vectors: Vectors,
    members: Sequence[Rows],
    themes: Sequence[Rows],
    *,
    titles: Sequence[str],
    encode: Encode,
    forbidden: Collection[str] = (),
) -> list[str]:
    """A name of one to three words for each theme, no two alike.

    `texts`, `vectors`, `members`, `encode` and `forbidden` are as for `titles.group_titles`, and `encode` is called
    once. `themes` holds the numbers of the problems of each theme, none of them empty; `titles` are the problems'. A
    theme whose texts have no noun in common is called like its largest problem.
    """
    if not themes:
        return []
    themes = [np.sort(problems) for problems in themes]
    centres = np.stack([_centre(problems, members, vectors) for problems in themes])
    read = [_read(problems, members, texts, titles) for problems in themes]
    vocabulary = Vocabulary([text for some in read for text in some], forbidden)
    names = _names(read, [len(problems) > 1 for problems in themes], vocabulary)
    near = encode([name.text for name in names]) @ centres.T if names else np.empty((0, len(themes)), dtype=np.float32)
    return _chosen(names, near, themes, members, titles)


def _centre(problems: Rows, members: Sequence[Rows], vectors: Vectors) -> Vectors:
    """The mean of the problems' own means, so that a large problem does not speak for all."""
    return unit(np.stack([unit(vectors[np.sort(members[problem])].mean(axis=0)) for problem in problems]).mean(axis=0))


def _read(problems: Rows, members: Sequence[Rows], texts: Sequence[str], titles: Sequence[str]) -> list[str]:
    """The titles of a theme's problems and as many texts of each."""
    each = max(1, _TEXTS // len(problems))
    said = [texts[row] for problem in problems for row in np.sort(members[problem])[:each]]
    return [*(titles[problem] for problem in problems), *said]


def _names(read: Sequence[Sequence[str]], pairs: Sequence[bool], vocabulary: Vocabulary) -> list[_Name]:
    """What each theme could be called, by class-based TF-IDF over themes; `pairs` says which may be called by two."""
    surfaces: Counter[tuple[str, str]] = Counter()
    nouns: Counter[str] = Counter()

    def keys(text: str) -> list[str]:
        found: dict[str, None] = {}
        for phrase, is_noun in _noun_phrases(text, vocabulary):
            key = " ".join(stem(word.lower()) for word in phrase)
            surfaces[key, " ".join(phrase)] += 1
            nouns[key] += is_noun
            found[key] = None
        return list(found)

    words = words_of_groups(read, analyzer=keys)
    best = _spellings(surfaces)
    names: list[_Name] = []
    for theme, found in enumerate(words):
        # A word never seen behind an article or the like is hardly a noun.
        known = [(weight + _SHARE * found.share[key] ** 0.5, key) for key, weight in found.weight.items() if nouns[key]]
        top = sorted(known, key=lambda pair: (-pair[0], pair[1]))[:_NAMES]
        names += [_Name(theme, _capitalised(best[key]), tuple(key.split()), merit) for merit, key in top]
        if pairs[theme]:
            single = [(merit, key) for merit, key in top if " " not in key][:_PAIRED]
            names += [
                _Name(
                    theme,
                    _capitalised(f"{best[one]} and {best[other]}"),
                    (one, other),
                    (first + second) / 2 - _PAIR_COST,
                )
                for (first, one), (second, other) in combinations(single, 2)
            ]
    return [name for name in names if len(name.text) <= LONGEST_LINE]


def _spellings(surfaces: Counter[tuple[str, str]]) -> dict[str, str]:
    """How each key is written: in the plural where that is said at all often, else as it is mostly."""
    by_key: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for (key, surface), times in surfaces.items():
        by_key[key].append((times * (_PLURAL if is_plural(surface) else 1), surface))
    return {key: min(written, key=lambda pair: (-pair[0], pair[1]))[1] for key, written in by_key.items()}


def _noun_phrases(text: str, vocabulary: Vocabulary) -> Iterator[tuple[list[str], bool]]:
    """Runs of content words and their ends, each with whether an article or the like marks it as a noun."""
    for sentence in sentences(text):
        if is_english(sentence.text) is False:
            continue
        spell = vocabulary.speller(sentence.text)
        before, run = "", list[str]()
        for word in [*WORD.findall(sentence.text), ""]:
            spelled = spell(word) if word else None
            if spelled and spelled.lower() not in STOPWORDS:
                run.append(spelled)
                continue
            yield from _ends(run, before)
            before, run = word.lower(), []


def _ends(run: list[str], before: str) -> Iterator[tuple[list[str], bool]]:
    if before not in _BEFORE_NOUN:
        # "Export reports": the verb is no part of the name.
        while run and run[0] in VERBS:
            run = run[1:]
    if not run or run[-1] in _GENERIC | FINITE or run[-1].endswith(("ly", "ed")) or infinitive(run[-1]) in WEAK_VERBS:
        return
    is_noun = before in _BEFORE_NOUN and (run[-1] not in VERBS or run[-1] in NOUN_VERBS)
    for length in range(1, min(len(run), LONGEST_NAME) + 1):
        phrase = run[-length:]
        if phrase[0] not in _GENERIC and _NO_NOUN.isdisjoint(phrase[:-1]) and not any("'" in word for word in phrase):
            yield phrase, is_noun or (before in PREPOSITIONS and length > 1)


def _chosen(
    names: Sequence[_Name], near: Vectors, themes: Sequence[Rows], members: Sequence[Rows], titles: Sequence[str]
) -> list[str]:
    """The best name of each theme that no larger theme has taken."""
    ranked: list[list[tuple[float, str, _Name]]] = [[] for _ in themes]
    for name, row in zip(names, near, strict=True):
        others = np.delete(row, name.theme)
        margin = float(row[name.theme] - others.max()) if len(others) else 0.0
        score = name.merit + 1.5 * float(row[name.theme]) + min(margin, 0.1)
        ranked[name.theme].append((-score, name.text, name))
    sizes = [sum(len(members[problem]) for problem in problems) for problems in themes]
    chosen: dict[int, str] = {}
    taken: set[frozenset[str]] = set()
    spoken: set[str] = set()
    for theme in sorted(range(len(themes)), key=lambda theme: (-sizes[theme], theme)):
        found = next((name for _, _, name in sorted(ranked[theme]) if frozenset(name.key) not in taken), None)
        if found is None:
            largest = max(themes[theme].tolist(), key=lambda problem: (len(members[problem]), -problem))
            text = next(name for name in told_apart(titles[largest]) if name.lower() not in spoken)
        else:
            text = found.text
            taken.add(frozenset(found.key))
        spoken.add(text.lower())
        chosen[theme] = text
    return [chosen[theme] for theme in range(len(themes))]


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
