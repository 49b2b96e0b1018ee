"""The only policy: the rules, with « recommencer » an intent like another."""

from __future__ import annotations

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class EveryIntentRulePolicy(RulePolicy):
    """Rasa's rule policy without its built-in reactions to an intent's name.

    Rasa answers an intent called « restart » by itself, before any rule and outside the
    service, where the conversation lives. Here the rule decides.
    """

    @staticmethod
    def _find_action_from_default_actions(
        tracker: DialogueStateTracker,
    ) -> tuple[str | None, str | None]:
        return None, None
