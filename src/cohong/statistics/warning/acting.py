"""What officers do with alarms: take them on, hand them over, explain, act, close, and find them false."""

from typing import Final
from uuid import UUID

from cohong.kernel import clock, sets
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry, append
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics.access import WRITE, remit_of
from cohong.statistics.warning import documents
from cohong.statistics.warning import refusals as no
from cohong.statistics.warning.raising import STEP_COLUMNS, watchers
from cohong.statistics.warning.states import ALARM_LIFE, OFFICERS_ACTS, WITHOUT_REASON, AlarmAct, AlarmState

REASON_MOST: Final = 1000


@sets.act
def handle_alarm(
    *,
    actor: Actor,
    alarm_id: UUID,
    act: AlarmAct,
    reason: str = "",
    to: UUID | None = None,
    seen: int | None = None,
) -> AlarmState:
    """Do with an alarm what an officer does; return the state that it leads to.

    For the authority that answers for the alarm's region. Whoever takes an alarm on owns it; `to` is the authority that it
    is handed over to. A reason is needed for all but these two. `seen` is how many steps the officer has seen. Raises
    NoSuchAlarm, NoSuchAct, WrongState, AlarmChanged, NotAnOffice, BadText, PersonalDataInText, MandateMissing, ScopeMissing.
    """
    remit = remit_of(actor, scope=WRITE)
    if act not in OFFICERS_ACTS:
        raise no.NoSuchAct
    rows = sets.fetch(
        "select rule, region, period, state, steps_taken, owner_party, owner_user from statistics_alarm"
        " where id = %s for update",
        (alarm_id,),
    )
    if not rows or not remit.covers_figure(rows[0][1]):
        raise no.NoSuchAlarm
    rule, region, period, state, steps, owner_party, owner_user = rows[0]
    if seen is not None and seen != steps:
        raise no.AlarmChanged
    led = ALARM_LIFE.next(AlarmState(state), act)
    least = 0 if act in WITHOUT_REASON else 2
    said = parties.public_text(reason, name="reason", most=REASON_MOST, least=least)
    offices = watchers([region])[region]
    if act is AlarmAct.HAND_OVER:
        if to is None or to not in offices:
            raise no.NotAnOffice
        owner_party, owner_user = to, None
    elif act in (AlarmAct.ACKNOWLEDGE, AlarmAct.REOPEN) or owner_party is None:
        owner_party, owner_user = actor.party_id, actor.user_id
    body = documents.AlarmHandled(
        act=act.value,
        state=led.value,
        rule=rule,
        region=region,
        period=period,
        reason=said,
        owner=owner_party,
        decided_by=actor.user_id,
    )
    [receipt] = append([Entry(subject=alarm_id, issuer=actor.party_id, visible_to=offices, body=body)])
    now = clock.now()
    sets.run(
        "update statistics_alarm set state = %s, steps_taken = %s, owner_party = %s, owner_user = %s, changed_at = %s"
        " where id = %s",
        (led.value, steps + 1, owner_party, owner_user, now, alarm_id),
    )
    step = (new_id(), alarm_id, steps + 1, act.value, led.value, said, None)
    sets.insert(
        "statistics_alarm_step",
        STEP_COLUMNS,
        [(*step, actor.party_id, actor.user_id, now, receipt.id)],
    )
    return led
