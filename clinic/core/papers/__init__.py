"""Printed papers (PDF): fonts that write Chinese, and a sheet with the clinic's head and foot."""
