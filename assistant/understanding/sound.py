"""How a French word sounds, roughly: « enseinte » and « enceinte » are heard alike.

Used only to repair words that no dictionary knows. It reads the letters from left to
right, once, so that what a letter becomes never changes how the next one is read.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_VOWELS = "aeiouyé"
#: Letters → sound, the first that fits wins. « 1 » is « in », « 2 » « an », « 3 » « on »,
#: « U » is « ou », « y » the glide of « fille »; an e that is not heard is dropped at the end.
_RULES = (
    ("tions?$", "si3"),
    ("aill?(?=e)|ails?$|aill|ay(?=[aeéio])", "ay"),
    ("eill|eils?$|ey(?=[aeéio])", "ey"),
    ("ouill|ouils?$", "Uy"),
    ("euill|euils?$|ueill?", "ey"),
    ("ill", "iy"),
    (f"oin(?![{_VOWELS}nm])", "w1"),
    (f"ien(?![{_VOWELS}nm])", "i1"),
    ("oy(?=[aeéio])", "way"),
    ("oi|oy", "wa"),
    ("eaux?|aux?", "o"),
    ("ou", "U"),
    ("oeu|eux?|oe", "e"),
    (f"(?:ai|ei|i|y|u)[nm](?![{_VOWELS}nmh])", "1"),
    (f"[ae][nm](?![{_VOWELS}nmh])", "2"),
    (f"o[nm](?![{_VOWELS}nmh])", "3"),
    ("aient$|ais$|ait$|aits$|er$|ez$|ets?$|ées?$|és$|é$", "e"),
    ("ai|ei|ey|é", "e"),
    ("es?$", ""),
    ("sch|ch|sh", "x"),
    ("ph", "f"),
    ("th", "t"),
    ("gn", "ni"),
    ("cqu|qu|ck|q|k", "k"),
    ("sc(?=[eiyé])|ss|ç|c(?=[eiyé])", "s"),
    ("cc|c", "k"),
    ("gu(?=[eiyé])", "g"),
    ("ge(?=[aou])|g(?=[eiyé])", "j"),
    (f"(?<=[{_VOWELS}])s(?=[{_VOWELS}])|z", "z"),
    ("[tdpxsz]+$", ""),
    ("h", ""),
    ("y", "i"),
    ("w", "w"),
)
_READ = re.compile("|".join(f"({pattern})" for pattern, _ in _RULES))
_DOUBLE = re.compile(r"(.)\1+")


@lru_cache(maxsize=60_000)
def sound(word: str) -> str:
    """Return how ``word`` sounds; its accents are read, so give it as it was written."""
    plain = _only_acute(word.casefold())
    heard = _READ.sub(lambda match: _RULES[(match.lastindex or 1) - 1][1], plain)
    return _DOUBLE.sub(r"\1", heard)


def _only_acute(word: str) -> str:
    """Return ``word`` with é, è, ê and ë all written é, ç kept, and no other accent."""
    decomposed = unicodedata.normalize("NFKD", word.replace("œ", "oe").replace("ç", "\0"))
    kept = re.sub("e[\u0300\u0301\u0302\u0308]", "\1", decomposed)
    bare = "".join(char for char in kept if not unicodedata.combining(char))
    return bare.replace("\1", "é").replace("\0", "ç")
