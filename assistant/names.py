"""The only Python spelling of the names in ``domain.yml`` and ``assistant/wording.yml``.

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
    """Texts of ``wording.yml``: everything the assistant says of itself."""

    WELCOME = "welcome"
    GREET = "greet"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    INSULT = "insult"
    ABOUT_US = "about_us"
    ABOUT_DATA = "about_data"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_SURE = "not_sure"
    REPAIR = "repair"
    REPAIR_KEPT = "repair_kept"
    REPAIR_CALL = "repair_call"
    REPAIR_COMMUNE = "repair_commune"
    REPAIR_HUMAN = "repair_human"
    NOTHING_LIKELY = "nothing_likely"
    ASK_THE_NEED = "ask_the_need"
    CLARIFY = "clarify"
    WHY_CLARIFY = "why_clarify"
    WHICH_NEED = "which_need"
    UNDERSTOOD = "understood"
    CARDS_INTRO = "cards_intro"
    SAME_CARDS = "same_cards"
    CARDS_CHANGED = "cards_changed"
    CARDS_KEPT = "cards_kept"
    CARDS_GONE = "cards_gone"
    GUIDE_FIRST = "guide_first"
    GUIDE_NEXT = "guide_next"
    GUIDE_HUMAN = "guide_human"
    NO_CARD_FITS = "no_card_fits"
    SECRECY = "secrecy"
    ELSEWHERE = "elsewhere"
    CARDS_MORE = "cards_more"
    NO_MORE_CARDS = "no_more_cards"
    PLACES_INTRO = "places_intro"
    PLACES_CLOSED = "places_closed"
    PLACES_NONE = "places_none"
    PLACES_NO_CONTACT = "places_no_contact"
    PLACES_ANYWHERE = "places_anywhere"
    PLACES_WITHOUT_COMMUNE = "places_without_commune"
    ASK_COMMUNE_FOR_PLACES = "ask_commune_for_places"
    ANSWER_LEFT = "answer_left"
    AT_HOME = "at_home"
    ALSO_NOTED = "also_noted"
    ANSWER_NOT_UNDERSTOOD = "answer_not_understood"
    COMMUNE_NOT_FOUND = "commune_not_found"
    COMMUNE_UNCLEAR = "commune_unclear"
    NO_QUESTION = "no_question"
    CAME_BACK = "came_back"
    CAME_BACK_DISCREET = "came_back_discreet"
    CORRECTED = "corrected"
    WHAT_TO_CORRECT = "what_to_correct"
    RELATED_OFFERS = "related_offers"
    NOT_EXAMINED = "not_examined"
    WHAT_NEXT = "what_next"
    RESTARTED = "restarted"
    ERASE_CONFIRM = "erase_confirm"
    ERASE_KEPT = "erase_kept"
    ERASED = "erased"
    RIGHT_UNKNOWN = "right_unknown"
    URGENT_UNCLEAR = "urgent_unclear"
    OTHER_NEED = "other_need"
    URGENT_AFTER = "urgent_after"
    NOT_IN_DANGER = "not_in_danger"
    URGENT_REMINDER = "urgent_reminder"
    HANDOFF_CONSENT = "handoff_consent"
    HANDOFF_CONSENT_AGAIN = "handoff_consent_again"
    HANDOFF_CONTACT = "handoff_contact"
    HANDOFF_CONTACT_INVALID = "handoff_contact_invalid"
    HANDOFF_NOT_ADDED = "handoff_not_added"
    HANDOFF_HOURS = "handoff_hours"
    HANDOFF_HOURS_AGAIN = "handoff_hours_again"
    HANDOFF_HOURS_CONFIRM = "handoff_hours_confirm"
    HANDOFF_HOURS_LONG = "handoff_hours_long"
    HANDOFF_DECLINED = "handoff_declined"
    HANDOFF_NO_PHONE = "handoff_no_phone"
    HANDOFF_NO_EMAIL = "handoff_no_email"
    HANDOFF_NO_CONTACT = "handoff_no_contact"
    HANDOFF_GO_THERE = "handoff_go_there"
    HANDOFF_OTHERS_CONTACT = "handoff_others_contact"
    HANDOFF_CONTACT_WRONG = "handoff_contact_wrong"
    HANDOFF_CONTACT_KEPT = "handoff_contact_kept"
    HANDOFF_SENT_WRONG = "handoff_sent_wrong"
    HANDOFF_SENT_HOURS = "handoff_sent_hours"
    HANDOFF_SENT_NO = "handoff_sent_no"
    HANDOFF_CLOSED_NOW = "handoff_closed_now"
    HANDOFF_ELSEWHERE = "handoff_elsewhere"
    HANDOFF_MEANWHILE = "handoff_meanwhile"
    HANDOFF_TOO_LATE = "handoff_too_late"
    HANDOFF_COMMUNE = "handoff_commune"
    HANDOFF_COMMUNE_NOT_FOUND = "handoff_commune_not_found"
    HANDOFF_ALREADY = "handoff_already"
    HANDOFF_RECEIPT = "handoff_receipt"
    HANDOFF_RECEIPT_INBOX = "handoff_receipt_inbox"
    CASE_ASK_CODE = "case_ask_code"
    CASE_NO_CODE = "case_no_code"
    CASE_UNKNOWN = "case_unknown"
    CASE_LOST = "case_lost"
    CASE_WAIT = "case_wait"
    CASE_STATUS = "case_status"
    EMPTY_TEXT = "empty_text"
    WHY_PLACES_COMMUNE = "why_places_commune"
    WHY_HANDOFF_COMMUNE = "why_handoff_commune"
    WHY_CONSENT = "why_consent"
    WHY_CONTACT = "why_contact"
    WHY_HOURS = "why_hours"
    WHY_CODE = "why_code"
    WHY_ERASE = "why_erase"
    MASKED_PHONE = "masked_phone"
    MASKED_EMAIL = "masked_email"
    MASKED_BOTH = "masked_both"
    MASKED_HOURS = "masked_hours"
    MASKED_TEXT = "masked_text"


#: Value of a choice that is a request, not the answer to a question: « do:ask_human ».
DO = "do:"
#: What may be asked for in this way; tests/consistency checks that every button is among them.
REQUESTS = frozenset(
    "ask_human ask_place case_status erase more_aids new_request not_in_danger other_need "
    "restart show_aids why_this_question".split()
)
#: Value of a choice that answers a question: « fact:housing_status=owner ».
FACT = "fact:"
#: Value of a choice that opens a card: « aid:apa_domicile ».
AID = "aid:"
#: Value of a choice that says which need is meant: « need:apl », « need:none ».
NEED = "need:"
#: Value of a choice that opens a theme: « theme:logement ».
THEME = "theme:"
