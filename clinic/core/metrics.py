"""Counters and histograms of this process; figures read from the database stand in exporters."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("http_requests_total", "HTTP requests", ["route", "method", "status"])
REQUEST_SECONDS = Histogram("http_request_seconds", "HTTP request time", ["route", "method"])
CACHE_DEGRADED = Counter("cache_degraded_total", "Cache calls that fell back to process memory")
LIMITS_IN_MEMORY = Counter(
    "ratelimit_memory_total", "Calls counted in this process alone because Redis was away"
)
RATE_LIMITED = Counter("ratelimit_blocked_total", "Calls refused by a limit", ["rule"])
AUTHZ_DENIED = Counter("authz_denied_total", "Calls refused by the policy table", ["resource"])
OUTBOX_HANDLED = Counter("outbox_handled_total", "Event handlers run", ["result"])
OUTBOX_DELAY = Histogram(
    "outbox_delay_seconds",
    "Commit of a fact to the start of its handler",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60),
)
GATHERED = Counter(
    "gathered_total", "Reads and bookings by one statement of many, or alone", ["work", "how"]
)
SOCKETS = Gauge("ws_connections", "Open sockets", multiprocess_mode="livesum")
SOCKET_CLOSED = Counter("ws_close_total", "Closed sockets", ["code"])
ASSIGNMENTS = Counter("assignments_total", "Tries to find a doctor", ["outcome", "trigger"])
ASSIGNMENT_SECONDS = Histogram(
    "assignment_wait_seconds",
    "Payment to assigned doctor",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 300, 900, 1800, 3600, 86400),
)
PUSH_FAILED = Counter("push_failed_total", "Pushes that did not reach Redis or a socket")
STANDING_FAILED = Counter(
    "standing_failed_total", "Errors in work beside the requests, and threads they ended", ["work"]
)
WEB_PROCESSES_LOST = Counter(
    "web_processes_lost_total", "Web processes that died or hung and were replaced"
)
IDLE_STEPS = Counter(
    "service_idle_steps_total", "Warnings and ends by the idle rule in this process", ["step"]
)
COMPLAINTS_UNHEARD = Counter(
    "complaint_alerts_unheard_total", "Warnings of late complaints that nobody may hear", ["told"]
)
QUEUE_WAIT = Histogram(
    "queue_wait_time",
    "Seconds on the waiting list of appointments until there was a place",
    buckets=(10, 30, 60, 300, 600, 1200, 1800, 2700, 3600, 5400, 7200, 14400, 86400),
)
