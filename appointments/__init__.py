"""Appointments: free slots, booking, the waiting list, and the visit itself."""
