"""Every id of a button, a menu or a form, from all modules of ids: a new module is found by itself."""

import importlib
import pkgutil

import allybot.prompts


def action_ids() -> frozenset[str]:
    """Such as `plan.new`; of votes and pauses, which have one for each option, the common beginning."""
    found = set()
    for module in pkgutil.walk_packages(allybot.prompts.__path__, "allybot.prompts."):
        if module.name.endswith("ids"):
            found |= {
                value
                for name, value in vars(importlib.import_module(module.name)).items()
                if name.isupper() and isinstance(value, str) and "." in value and "^" not in value
            }
    return frozenset(found)
