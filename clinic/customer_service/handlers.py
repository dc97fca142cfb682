"""What the desk does when something happened. Every handler may run twice."""

from chat.events import FirstReplySent
from clinic.accounts.events import AccountAnonymised, RoleRevoked
from clinic.core.actor import system_actor
from clinic.core.events import handles
from clinic.customer_service.events import PlacesFreed, QueueMoved
from clinic.customer_service.rules import AGENT_ROLES
from clinic.customer_service.selectors.chats import chat_of_topic
from clinic.customer_service.selectors.desk import agent_without_role
from clinic.customer_service.services.agents import leave_desk
from clinic.customer_service.services.dispatch import dispatch_on_commit, serve_agent_on_commit
from clinic.customer_service.services.ending import end_all_of
from clinic.customer_service.services.positions import tell_on_commit
from clinic.customer_service.services.sla import note_first_reply

ACCOUNTS = system_actor("accounts")


@handles(QueueMoved)
def serve_and_tell(fact: QueueMoved) -> None:
    """Serve the queue in case nobody did, and tell those who go on waiting their places."""
    dispatch_on_commit(fact.team_id)
    tell_on_commit(fact.team_id)


@handles(PlacesFreed)
def serve_next(fact: PlacesFreed) -> None:
    """Give the free place to whoever waits longest, in case nobody did."""
    serve_agent_on_commit(fact.agent_id)


@handles(FirstReplySent)
def note_reply(fact: FirstReplySent) -> None:
    """Take an agent's first message as the first reply."""
    chat_id = chat_of_topic(fact.topic) if fact.role in AGENT_ROLES else None
    if chat_id is not None:
        note_first_reply(chat_id)


@handles(AccountAnonymised)
def end_chats_of_nobody(fact: AccountAnonymised) -> None:
    """End the chats of an account whose person is gone."""
    end_all_of(fact.user_id, actor=ACCOUNTS)


@handles(RoleRevoked)
def take_off_the_desk(fact: RoleRevoked) -> None:
    """Take an agent off the desk who may not work there any more."""
    agent_id = agent_without_role(fact.user_id)
    if agent_id is not None:
        leave_desk(agent_id, by=ACCOUNTS)
