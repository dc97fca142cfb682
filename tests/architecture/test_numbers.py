"""Business numbers stand in one file for each room and are read as ``rules.NAME``."""

import pkgutil
from collections import Counter
from importlib import import_module

from clinic.settings import rules


def test_each_number_stands_in_one_file_and_is_found_in_the_package() -> None:
    files = [
        import_module(f"{rules.__name__}.{one.name}")
        for one in pkgutil.iter_modules(rules.__path__)
    ]
    told = Counter(name for file in files for name in vars(file) if name.isupper())

    assert [name for name, times in told.items() if times > 1 and name != "UUID"] == []
    assert {name for name in told if not hasattr(rules, name)} == set()
    assert len(told) > 300
