"""Noticing danger in what a person writes: rules and an encoder together, recall first."""

from assistant.urgency.rules import Danger, DangerRule
from assistant.urgency.watch import DangerWatch, Noticed, load_dangers

__all__ = ["Danger", "DangerRule", "DangerWatch", "Noticed", "load_dangers"]
