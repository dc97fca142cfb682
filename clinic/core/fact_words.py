"""What the facts of the outbox say, in words for staff."""

from typing import Final

from django.utils.translation import gettext_lazy as _

FACTS: Final = {
    "appointments.AppointmentCompleted": _("Visit over"),
    "appointments.AppointmentConfirmed": _("Appointment settled"),
    "appointments.AppointmentDisplaced": _("Appointment called off, nobody else could take it"),
    "appointments.AppointmentEnded": _("Appointment ended without a visit"),
    "appointments.AppointmentHit": _("Doctor of an appointment may be away"),
    "appointments.AppointmentMoved": _("Appointment moved"),
    "appointments.AppointmentReassigned": _("Another doctor has the appointment"),
    "appointments.AppointmentStarted": _("Visit begun"),
    "appointments.AppointmentStepped": _("Step of an appointment to tell"),
    "appointments.PlaceFreed": _("Place free for the waiting list"),
    "appointments.WaitingListMoved": _("Waiting list moved"),
    "chat.FirstReplySent": _("First reply in a conversation"),
    "clinic.accounts.AccountAnonymised": _("Account anonymised"),
    "clinic.accounts.ConsoleEnded": _("Log-in to the console ended"),
    "clinic.accounts.RecoveryCodeUsed": _("Recovery code used"),
    "clinic.accounts.RoleRevoked": _("Role revoked"),
    "clinic.accounts.SecondFactorReset": _("Second factor taken away"),
    "clinic.accounts.SecondFactorSet": _("Second factor set up"),
    "clinic.accounts.SessionRevoked": _("Log-in of a device ended"),
    "clinic.customer_service.PlacesFreed": _("Agent may have room"),
    "clinic.customer_service.QueueMoved": _("Queue of a team moved"),
    "clinic.customer_service.ServiceChatAssigned": _("Agent serves a chat"),
    "clinic.customer_service.ServiceChatEnded": _("Service chat over"),
    "clinic.files.FileStored": _("File stored, to be scanned"),
    "clinic.patients.ConsentRevoked": _("Consent revoked"),
    "clinic.patients.IdentityDocumentReviewed": _("Identity document reviewed"),
    "clinic.records.RecordAmended": _("Addendum to a record"),
    "clinic.records.RecordSigned": _("Record signed"),
    "clinic.relations.BroadcastGoesOn": _("Broadcast goes on"),
    "clinic.reviews.ReviewChanged": _("Review changed"),
    "clinic.reviews.ReviewPosted": _("Review written"),
    "consultations.ConsultationAbandoned": _("Doctor of a case may not work any more"),
    "consultations.ConsultationAccepted": _("Case accepted"),
    "consultations.ConsultationAssigned": _("Case assigned"),
    "consultations.ConsultationClosed": _("Case ended without service"),
    "consultations.ConsultationCompleted": _("Case completed"),
    "consultations.ConsultationReturned": _("Case returned, waits for another doctor"),
    "consultations.DoctorHasRoom": _("Doctor may have room for a case"),
    "doctors.BranchClosed": _("Branch switched off"),
    "doctors.DoctorBecameFree": _("Place of a doctor given back"),
    "doctors.DoctorCameOnline": _("Doctor came online"),
    "doctors.DoctorSuspended": _("Doctor suspended"),
    "doctors.DoctorWentOffline": _("Doctor went offline"),
    "doctors.LeaveCancelled": _("Leave cancelled"),
    "doctors.LeaveEntered": _("Leave entered"),
    "doctors.SpecialDayEntered": _("Special day entered"),
    "payments.OrderClosed": _("Unpaid order ended"),
    "payments.OrderClosing": _("Order being closed"),
    "payments.OrderPaid": _("Order paid"),
    "payments.PaymentMismatched": _("Payment does not match"),
    "payments.RefundApproved": _("Refund may be sent"),
    "payments.RefundNeedsStaff": _("Refund needs staff"),
    "payments.RefundSucceeded": _("Money given back"),
    "payments.StrayMoneyArrived": _("Late or duplicate money arrived"),
}


def fact_words(name: str) -> str:
    """Return what a kind of fact says; an unknown one keeps its name."""
    return str(FACTS.get(name, name))
