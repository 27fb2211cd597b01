"""What pages say about webhooks: their states and eyes, what messages are about, and what was wrong."""

from activities.hooking.delivering import UNREADABLE
from notifications.outgoing.sending import Fault
from notifications.wording import N_
from remediation.hooks import Sees, Topic
from service.speaking import Said
from storage.deliveries import DeliveryState
from storage.hooks import HookState, Why

STATES = Said(
    {
        HookState.ACTIVE: N_("active"),
        HookState.PAUSED: N_("paused"),
        HookState.STOPPED: N_("stopped"),
        HookState.ENDED: N_("ended"),
    }
)
WHYS = Said(
    {
        Why.FAILING: N_("Nothing arrived for three days. What waits is sent when you resume it."),
        Why.GONE: N_("The receiver answered that it is gone for good (410)."),
    }
)
SEES = Said(
    {
        Sees.STAFF: N_("What happens, as far as the programme's staff may know"),
        Sees.FACTORY: N_("What happens, as far as the factory may know"),
        Sees.STATUS: N_("Only where findings stand, as buyers may know"),
    }
)
TOPICS = Said(
    {
        Topic.ISSUING: N_("Findings issued, disputed, reopened and ended"),
        Topic.AGREEMENT: N_("Proposals, signatures and commitments"),
        Topic.DATES: N_("Extensions, suspensions and moved dates"),
        Topic.FIXING: N_("Progress and reported fixes"),
        Topic.VERIFICATION: N_("Verification and effectiveness"),
        Topic.ALARM: N_("Zero-tolerance alarms"),
        Topic.LATENESS: N_("Escalation and recovery plans"),
        Topic.REMINDERS: N_("Reminders and acknowledgements"),
        Topic.COMMITTEE: N_("Changes of the committee"),
    }
)
DELIVERY_STATES = Said(
    {
        DeliveryState.WAITING: N_("waits"),
        DeliveryState.DELIVERED: N_("delivered"),
        DeliveryState.GIVEN_UP: N_("given up"),
    }
)
FAULTS = Said(
    {
        Fault.NONE: N_("arrived"),
        Fault.UNKNOWN_NAME: N_("nobody knows this name"),
        Fault.CLOSED_ADDRESS: N_("the name leads to a network that messages are not sent to"),
        Fault.UNREACHABLE: N_("nobody answers there"),
        Fault.CERTIFICATE: N_("its certificate is not valid"),
        Fault.TIMEOUT: N_("no answer within fifteen seconds"),
        Fault.BROKEN: N_("what answers there is no web server"),
        Fault.REDIRECTED: N_("it sends the caller elsewhere, which is not followed"),
        Fault.REFUSED: N_("not taken"),
        UNREADABLE: N_("the message could not be made"),
    }
)
