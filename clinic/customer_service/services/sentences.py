"""The sentences that stand between the messages of a service chat."""

from django.utils.translation import gettext_lazy as _

from chat.rules import declare_system_texts

declare_system_texts(
    {
        "service_opened": _("Welcome. We are connecting you with customer service."),
        "agent_joined": _("%(agent)s is here for you."),
        "assistant_joined": _("The assistant is here for you."),
        "agent_changed": _("A colleague will go on with you in a moment. You keep your place."),
        "chat_idle_warning": _("Are you still there? Without a word the chat ends at %(ends_at)s."),
        "chat_ended": _("The chat has ended."),
        "chat_ended_idle": _("The chat has ended because it was silent. Write to us any time."),
        "chat_ended_by_customer": _("You ended the chat. Thank you for writing to us."),
        "chat_ended_closed": _("Our desk is closed now. Leave a message and we will answer you."),
        "chat_ended_kept": _(
            "Our desk is closed now. Your words are kept as a message, and we will answer you."
        ),
        "chat_left_queue": _("You left the queue."),
    }
)
