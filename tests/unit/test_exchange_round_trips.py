"""What we say in a format of others and read again is what we said, as far as it can say it."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from data_inclusion.schema import v1
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge_base.catalogue import Catalogue, load
from knowledge_base.exchange import data_inclusion, hsds
from knowledge_base.exchange.data_inclusion_rows import place_of_structure
from knowledge_base.exchange.hsds_rows import draft_of, place_of
from knowledge_base.exchange.hsds_schedules import expression, schedules
from knowledge_base.exchange.hsds_services import full_service
from knowledge_base.exchange.offer import load_table
from knowledge_base.exchange.placing import Territory
from knowledge_base.freshness import checked_on
from knowledge_base.geography import load_communes
from knowledge_base.hours import PARIS, open_now
from knowledge_base.structures import Place
from knowledge_base.vocabulary import EntryKind
from tests.fakes.places import places

TERRITORY = Territory(load_communes())
TODAY = date(2026, 11, 27)
#: What data·inclusion says of a structure.
IN_DATA_INCLUSION = (
    "id", "name", "siret", "address", "postal_code", "commune", "code_insee", "lat", "lon",
    "precise", "phone", "email", "url", "opening_hours", "hours_text", "appointment", "services",
    "audience",
)  # fmt: skip
#: What nobody but our team reads.
NOT_IN_HSDS = {"note"}
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module", name="catalogue")
def _catalogue() -> Catalogue:
    return load()


def _through_json(record: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(record))
    return read


@FEW
@given(places())
def test_a_place_comes_back_from_data_inclusion(place: Place) -> None:
    """Every field of a structure comes back; the type is known for a place of ours only.

    Not held by the format: themes, service area, host, other sources, licence, note, to verify.
    """
    row = _through_json(data_inclusion.structure_row(place))
    v1.Structure.model_validate(row, context={"ignore_warnings": False})
    left: list[str] = []
    back = place_of_structure(row, TERRITORY, {place.id: place}, [], load_table(), left)
    assert {name: getattr(back, name) for name in IN_DATA_INCLUSION} == {
        name: getattr(place, name) for name in IN_DATA_INCLUSION
    }
    assert (back.type, back.source.checked_on) == (place.type, place.source.checked_on)
    assert left == []


@FEW
@given(places())
def test_a_place_comes_back_whole_from_hsds(place: Place) -> None:
    """Our attributes carry what HSDS has no field for; only the note of our team stays here."""
    record = _through_json(hsds.organization(place))
    left: list[str] = []
    back = place_of(record, record["locations"][0], TERRITORY, TODAY, left)
    expected = place.model_dump(exclude=NOT_IN_HSDS)
    assert back.model_dump(exclude=NOT_IN_HSDS) == expected
    assert (back.note, left) == (None, [])


def test_the_uuids_are_those_already_published() -> None:
    """A harvester keeps them: changing them would double every service at its place."""
    assert hsds.uid("service", "mission_locale") == "3d3198ec-9873-5e39-9da0-55aeea224ff0"


@pytest.mark.parametrize("kind", list(EntryKind))
def test_a_card_comes_back_from_hsds(catalogue: Catalogue, kind: EntryKind) -> None:
    """The id, the title, the provider, the page and the date are those of the card."""
    table = load_table()
    for entry in (one for one in catalogue.entries.values() if one.kind is kind):
        draft = draft_of(_through_json(full_service(entry, catalogue, [], table)))
        assert (draft.id, draft.title, draft.provider) == (entry.id, entry.title, entry.provider)
        assert draft.source_url == (entry.url or "https://")
        assert draft.checked_on == checked_on(entry)


_DAYS = st.sampled_from(["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"])


@FEW
@given(
    st.dictionaries(
        _DAYS,
        st.tuples(
            st.sampled_from(["08:30-12:00", "09:00-11:30"]),
            st.sampled_from(["", ",13:00-17:00", ",14:00-18:30"]),
        ),
        min_size=1,
    )
)
def test_weekly_hours_come_back_from_schedules_alone(week: dict[str, tuple[str, str]]) -> None:
    """A file of others has no expression beside its schedules: the hours are the same ones."""
    spec = "; ".join([*(f"{day} {''.join(spans)}" for day, spans in week.items()), "PH off"])
    back, text = expression(schedules(spec, hsds.uid("location", "ici")))
    assert text is None
    start = datetime(2026, 11, 16, 8, 45, tzinfo=PARIS)  # a Monday, of a week without holiday
    moments = [start + timedelta(hours=hour) for hour in range(7 * 24)]
    assert [open_now(back, at) for at in moments] == [open_now(spec, at) for at in moments]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param(
            "Sa[1,-1] 09:00-12:00; PH off",
            {"freq": "MONTHLY", "byday": "1SA,-1SA", "opens_at": "09:00", "closes_at": "12:00"},
            id="ranks in the month",
        ),
        pytest.param(
            "Mo-We,Fr 14:00-17:00",
            {"freq": "WEEKLY", "byday": "MO,TU,WE,FR", "opens_at": "14:00", "closes_at": "17:00"},
            id="days that follow one another",
        ),
    ],
)
def test_a_rule_is_said_as_a_calendar_does(spec: str, expected: dict[str, str]) -> None:
    """RFC 5545 writes the rank before the day."""
    [schedule] = schedules(spec, hsds.uid("location", "ici"))
    assert {name: schedule[name] for name in expected} == expected


def test_what_a_calendar_cannot_say_is_not_said() -> None:
    """« Sur rendez-vous » is not « ouvert »: only the expression beside says it."""
    assert schedules('Tu 10:00-12:00 unknown "sur rendez-vous"; PH off', hsds.uid("a", "b")) == []


def test_odd_weeks_are_counted_in_the_year() -> None:
    """An interval of two weeks would drift after a year of 53 weeks."""
    [schedule] = schedules("week 01-53/2 We 09:00-12:00", hsds.uid("location", "ici"))
    assert schedule["byweekno"].startswith("1,3,5,")
    assert schedule["byweekno"].endswith(",51,53")


#: The members without which a record is not one, in the specification of HSDS 3.0.
REQUIRED = {
    "organization": {"id", "name", "description"},
    "organization_identifiers": {"id", "identifier_type", "identifier"},
    "locations": {"id", "location_type"},
    "location": {"id", "location_type"},
    "addresses": {
        "id", "address_1", "city", "state_province", "postal_code", "country", "address_type",
    },
    "phones": {"id", "number"},
    "contacts": {"id"},
    "schedules": {"id"},
    "attributes": {"id"},
    "taxonomy_term": {"id", "name", "description"},
    "service_areas": {"id"},
    "service_at_locations": {"id"},
    "required_documents": {"id"},
}  # fmt: skip


def _missing(record: dict[str, Any], name: str) -> list[str]:
    found = [f"{name}.{one}" for one in REQUIRED.get(name, set()) - record.keys()]
    for key, value in record.items():
        inner = value if isinstance(value, list) else [value]
        for one in inner:
            if isinstance(one, dict):
                found += _missing(one, key)
    return found


@FEW
@given(places())
def test_every_record_of_a_place_has_what_hsds_requires(place: Place) -> None:
    """Nothing that the specification requires is left out because we do not know it."""
    assert _missing(hsds.organization(place), "organization") == []


def test_every_record_of_a_card_has_what_hsds_requires(catalogue: Catalogue) -> None:
    """All the cards, with everything that is related to them."""
    table = load_table()
    for entry in catalogue.entries.values():
        record = full_service(entry, catalogue, [], table)
        assert {"id", "name", "status"} <= record.keys()
        assert _missing(record, "service") == []
