"""Webhooks: what is due is made into messages, sent, and noted; people hear of what does not arrive."""

from activities.hooking.delivering import Deliverer as Deliverer
from activities.hooking.settings import HookSettings as HookSettings
