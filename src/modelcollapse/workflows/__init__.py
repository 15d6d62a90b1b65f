"""Workflows, one file each; `WORKFLOWS` lists them all."""

from modelcollapse.workflows.base import Recipe, Workflow
from modelcollapse.workflows.replace import Replace

WORKFLOWS: tuple[type[Workflow], ...] = (Replace,)

__all__ = ["WORKFLOWS", "Recipe", "Replace", "Workflow"]
