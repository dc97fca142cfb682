"""The desk over HTTP: what agents and supervisors see and do."""
