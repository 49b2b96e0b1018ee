"""The only Python spelling of the names in ``domain.yml``.

``tests/consistency`` checks them in both directions.
"""

from __future__ import annotations

from enum import StrEnum


class Intent(StrEnum):
    """What a message wants."""

    GREET = "greet"
    DESCRIBE_NEED = "describe_need"
    INFORM = "inform"
    ASK_RIGHT = "ask_right"
    ASK_PLACE = "ask_place"
    ASK_HUMAN = "ask_human"
    AFFIRM = "affirm"
    DENY = "deny"
    DONT_KNOW = "dont_know"
    REFUSE_TO_ANSWER = "refuse_to_answer"
    WHY_THIS_QUESTION = "why_this_question"
    CORRECT = "correct"
    RESTART = "restart"
    ERASE = "erase"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    CASE_STATUS = "case_status"
    EMERGENCY = "emergency"
    OUT_OF_SCOPE = "out_of_scope"
    INSULT = "insult"
    FALLBACK = "nlu_fallback"


class Action(StrEnum):
    """Custom actions, all hosted by the service."""

    UNDERSTAND = "action_understand"
    EXPLAIN_RIGHT = "action_explain_right"
    SHOW_PLACES = "action_show_places"
    HAND_OFF = "action_hand_off"
    FOLLOW_CASE = "action_follow_case"
    CONVERSE = "action_converse"
    START_AGAIN = "action_start_again"
    ALERT = "action_alert"
    VALIDATE_INTERVIEW = "validate_interview_form"


class Form(StrEnum):
    """The only form."""

    INTERVIEW = "interview_form"


class Entity(StrEnum):
    """Entities the dialogue needs; facts are read in the service."""

    RIGHT = "right"


class Slot(StrEnum):
    """Slots that are not facts; every fact of ``knowledge_base.facts`` is a slot too."""

    REQUESTED_SLOT = "requested_slot"


class Response(StrEnum):
    """Texts of ``domain.yml``, read by Rasa and by the service alike."""

    WELCOME = "utter_welcome"
    GREET = "utter_greet"
    THANKS = "utter_thanks"
    GOODBYE = "utter_goodbye"
    INSULT = "utter_insult"
    OUT_OF_SCOPE = "utter_out_of_scope"
    NOT_SURE = "utter_not_sure"
    REPAIR = "utter_repair"
    UNDERSTOOD = "utter_understood"
    CARDS_INTRO = "utter_cards_intro"
    CARDS_ALL = "utter_cards_all"
    PLACES_INTRO = "utter_places_intro"
    PLACES_NONE = "utter_places_none"
    ASK_COMMUNE_FOR_PLACES = "utter_ask_commune_for_places"
    ANSWER_NOT_UNDERSTOOD = "utter_answer_not_understood"
    COMMUNE_NOT_FOUND = "utter_commune_not_found"
    NO_QUESTION = "utter_no_question"
    CORRECTED = "utter_corrected"
    WHAT_TO_CORRECT = "utter_what_to_correct"
    WHAT_NEXT = "utter_what_next"
    RESTARTED = "utter_restarted"
    ERASE_CONFIRM = "utter_erase_confirm"
    ERASED = "utter_erased"
    RIGHT_UNKNOWN = "utter_right_unknown"
    URGENT_UNCLEAR = "utter_urgent_unclear"
    OTHER_NEED = "utter_other_need"
    URGENT_AFTER = "utter_urgent_after"
    HANDOFF_CONSENT = "utter_handoff_consent"
    HANDOFF_CONTACT = "utter_handoff_contact"
    HANDOFF_CONTACT_INVALID = "utter_handoff_contact_invalid"
    HANDOFF_HOURS = "utter_handoff_hours"
    HANDOFF_DECLINED = "utter_handoff_declined"
    HANDOFF_COMMUNE = "utter_handoff_commune"
    HANDOFF_ALREADY = "utter_handoff_already"
    HANDOFF_RECEIPT = "utter_handoff_receipt"
    HANDOFF_RECEIPT_INBOX = "utter_handoff_receipt_inbox"
    CASE_ASK_CODE = "utter_case_ask_code"
    CASE_UNKNOWN = "utter_case_unknown"
    CASE_STATUS = "utter_case_status"
    EMPTY_TEXT = "utter_empty_text"


#: Value of a choice that is a request, not the answer to a question: « do:ask_human ».
DO = "do:"
#: Value of a choice that answers a question: « fact:housing_status=owner ».
FACT = "fact:"
#: Value of a choice that opens a card: « aid:apa_domicile ».
AID = "aid:"
