"""Stand-ins for heavy packages that Rasa imports and this assistant never uses.

Rasa 3.6 imports TensorFlow, every chat platform's client and every database driver when
it starts, whatever the configuration. On two cores that is 10 of the 15 seconds and
400 of the 600 MB. Our pipeline has no TensorFlow component, one channel and no database
in Rasa's process, so these packages are replaced, in this process only, by modules whose
names resolve and whose classes refuse to be used. Anything that really needed one of
them fails at once with its name.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

#: Needed by no command of ours, training included.
TENSORFLOW = ("tensorflow", "tensorflow_hub", "tensorflow_text", "keras")
#: Needed by no server of ours: other channels and stores, plots, prompts, learning.
ONLY_ELSEWHERE = (
    "aio_pika",
    "aiogram",
    "apscheduler",
    "boto3",
    "botocore",
    "confluent_kafka",
    "fbmessenger",
    "jwt",
    "matplotlib",
    "mattermostwrapper",
    "prompt_toolkit",
    "pymongo",
    "questionary",
    "rocketchat_API",
    "sanic_jwt",
    "sklearn",
    "sklearn_crfsuite",
    "slack_sdk",
    "socketio",
    "twilio",
    "webexteamssdk",
)


class AbsentPackageUsed(RuntimeError):
    """Something needed a package that is replaced by a stand-in."""


class _Name(type):
    """A class that answers every attribute with another stand-in."""

    def __getattr__(cls, name: str) -> _Name:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__name__}.{name}")


class _StandIn(Exception, metaclass=_Name):
    """Base of every stand-in; an exception because Rasa names some in ``except``."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise AbsentPackageUsed(f"{type(self).__name__} is not available in this process")


def _stand_in(name: str) -> _Name:
    return _Name(name, (_StandIn,), {})


class _Module(ModuleType):
    def __getattr__(self, name: str) -> _Name:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _stand_in(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class _Finder(MetaPathFinder, Loader):
    def __init__(self, packages: Collection[str]) -> None:
        self._packages = frozenset(packages)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in self._packages:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: names appear when they are asked for."""


def install(packages: Collection[str]) -> None:
    """Replace ``packages`` in this process; must come before Rasa's first import.

    Raises AbsentPackageUsed when one of them is already imported.
    """
    late = sorted(name for name in packages if name in sys.modules)
    if late:
        raise AbsentPackageUsed(f"already imported: {', '.join(late)}")
    sys.meta_path.insert(0, _Finder(packages))
