"""Finding what a user names: an attribute of a module, as ``package.module:attribute``."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from modelcollapse import arguments
from modelcollapse.errors import InputError, ModelCollapseError


def load_attribute(name: str, address: object) -> Any:
    """Return what an address names; importing its module runs that module's code.

    Modules of the current folder are found as well, after all others.

    Parameters
    ----------
    name : str
        The argument that holds the address, for messages.
    address : str
        ``module:attribute``; the attribute may have dots.

    Raises
    ------
    InputError
        If it is no address, or there is no such module or attribute.
    ModelCollapseError
        If the module raises when it is imported.

    Examples
    --------
    >>> load_attribute("function", "math:pi")
    3.141592653589793
    """
    if not isinstance(address, str):
        raise InputError(arguments.message(name, address, "an address, as 'my_module:MyModel'"))
    module, colon, attribute = address.partition(":")
    if not colon or not attribute or not all(part.isidentifier() for part in module.split(".")):
        raise InputError(arguments.message(name, address, "an address, as 'my_module:MyModel'"))
    found = _imported(name, address, module)
    for part in attribute.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            remedy = f"{getattr(found, '__name__', found)!r} has no attribute {part!r}."
            raise InputError(arguments.message(name, address, "an address that exists", remedy)) from None
    return found


def address_of(thing: Any) -> str:
    """Return the address of a class or function, or the name of an object's class.

    Examples
    --------
    >>> address_of(Path), address_of(load_attribute)
    ('pathlib:Path', 'modelcollapse.loading:load_attribute')
    """
    named = thing if hasattr(thing, "__qualname__") else type(thing)
    return f"{named.__module__}:{named.__qualname__}".replace("pathlib._local:", "pathlib:")


def _imported(name: str, address: str, module: str) -> Any:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # last, so that it hides nothing
        importlib.invalidate_caches()
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise ModelCollapseError(f"the module {module} of {address} needs {error.name}: {error}") from error
        remedy = "Run in the folder of its file, or install it."
        raise InputError(arguments.message(name, address, "an address whose module is there", remedy)) from None
    except Exception as error:  # whatever a user's module raises
        raise ModelCollapseError(
            f"the module {module} of {address} raised {type(error).__name__} when it was imported: {error}"
        ) from error
