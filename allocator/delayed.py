"""What PuLP imports and never needs here, kept from loading; to be imported before PuLP is."""

import importlib
import sys
from types import ModuleType
from typing import Any


class _Delayed(ModuleType):
    """Stands for a module until something of it is asked for. (importlib's LazyLoader loads at the next import.)"""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":  # what looks through all modules asks each for its __file__
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


# PuLP reads logs of solvers with it, which are not asked for here; it takes longer to load than all else of PuLP.
if "orloge" not in sys.modules:
    sys.modules["orloge"] = _Delayed("orloge")
