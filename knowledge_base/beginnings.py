"""Long names said by their beginning: « Saint-Denis », « Chaumont », « La Ferté ».

One commune begins so: it is meant. Several do: nobody can choose for the person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from knowledge_base.commune import Commune, names_in_text, rank
from knowledge_base.commune_names import SHORT_NAMES, Level, head_of, name_key
from knowledge_base.toponym_context import Name

Beginnings = Mapping[str, tuple[Commune, ...]]

#: A name does not stop there: « la », « Cour-sur ».
_UNFINISHED = frozenset(
    "le la les l sur en lez de du des d au aux sous val saint sainte pres mont".split()
)
#: Said of anything else: « je vais à la ville ».
_ORDINARY = frozenset({"la ville", "vallee", "beauce", "ville"})


def beginnings(communes: Iterable[Commune]) -> Beginnings:
    """Return the communes that begin by each name shorter than theirs, the most peopled first."""
    found: dict[str, set[Commune]] = {}
    whole: set[str] = set(SHORT_NAMES)
    for commune in communes:
        for name in (commune.name, *commune.former_names):
            key = name_key(name)
            whole.add(key)
            words = key.split()
            for size in (1, 2):
                if size < len(words) and words[size - 1] not in _UNFINISHED:
                    found.setdefault(" ".join(words[:size]), set()).add(commune)
    return {
        key: tuple(sorted(those, key=rank))
        for key, those in found.items()
        if key not in whole and key not in _ORDINARY
    }


def shared(found: Beginnings) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """Return the beginnings that several communes have, with their codes."""
    return {
        tuple(key.split()): tuple(commune.code_insee for commune in those)
        for key, those in found.items()
        if len(those) > 1
    }


def names_of(communes: Iterable[Commune], found: Beginnings) -> Iterator[Name]:
    """Yield every name to look for in a text, those of Loir-et-Cher first."""
    ranked = sorted(communes, key=rank)
    heads = Counter(head for commune in ranked for head in _heads(commune))
    for commune in ranked:
        yield from names_in_text(commune)
        for head in set(_heads(commune)):
            if commune.is_ours and head and heads[head] == 1:
                yield Name((head,), commune.code_insee, Level.AFTER_PREPOSITION)
    for key, those in found.items():
        if len(those) == 1 and " " in key:
            yield Name(tuple(key.split()), those[0].code_insee, Level.AFTER_PREPOSITION)


def _heads(commune: Commune) -> Iterator[str]:
    for name in {commune.name, *commune.former_names}:
        yield head_of(name_key(name))
