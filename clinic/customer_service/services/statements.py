"""The statements of the queue: what belongs together is one round trip.

Everybody who gives a place away works under the team's advisory lock, then locks agents in key
order, then chats, then conversations.
"""

from typing import Final

from clinic.customer_service.selectors.queue import ON_DUTY, SERVING_TEAM

# The team's lock comes first, so that the agents are looked at as they are when it is held.
LOCK_TEAM: Final = "SELECT pg_advisory_xact_lock(%(space)s, %(team_id)s::int);"

LOCK_CUSTOMER: Final = "SELECT pg_advisory_xact_lock(%(customers)s, %(customer_id)s::int);"

OPEN_COUNT: Final = """
(SELECT count(*) FROM customer_service_servicechat o WHERE o.agent_id = a.id AND o.state = 'active')
"""

LOCK_AGENTS: Final = f"""
SELECT a.id FROM customer_service_agent a
WHERE {ON_DUTY} AND {OPEN_COUNT} < a.max_chats AND a.id IN (
  SELECT m.agent_id FROM customer_service_agent_teams m WHERE m.team_id = ({SERVING_TEAM}))
ORDER BY a.id FOR NO KEY UPDATE OF a
"""  # noqa: S608 put together from constants

# A statement of its own: it counts what was committed while the lock was waited for.
LOOK_AT_AGENTS: Final = f"""
SELECT a.*, u.public_id AS user_public_id, {OPEN_COUNT} AS load
FROM customer_service_agent a JOIN accounts_user u ON u.id = a.user_id
WHERE a.id = ANY(%(agents)s) AND {ON_DUTY}
ORDER BY a.id
"""  # noqa: S608 put together from constants

# A row that somebody holds (its customer leaves, an agent takes it) is waited for: passing over it
# would let a later one go first.
PICK_WAITING: Final = """
SELECT s.*, u.public_id AS customer_public_id, t.public_id AS team_public_id,
  (SELECT p.agent_id FROM customer_service_servicechat p
   WHERE p.customer_id = s.customer_id AND p.id <> s.id AND p.assigned_at > %(same_since)s
   ORDER BY p.id DESC LIMIT 1) AS last_agent_id,
  (SELECT h.agent_id FROM customer_service_handling h WHERE h.chat_id = s.id
   ORDER BY h.id DESC LIMIT 1) AS lost_agent_id
FROM customer_service_servicechat s
JOIN accounts_user u ON u.id = s.customer_id JOIN customer_service_team t ON t.id = s.team_id
WHERE s.team_id = %(team_id)s AND s.state = 'waiting'
ORDER BY s.priority DESC, s.enqueued_at, s.id
LIMIT %(limit)s FOR NO KEY UPDATE OF s
"""

# Closes the running handling first: the next one of the same chat may begin only then.
END_HANDLINGS: Final = """
UPDATE customer_service_handling h
SET ended_at = GREATEST(%(now)s, h.started_at), ended_why = w.reason
FROM json_to_recordset(%(moves)s::json) AS w(chat_id bigint, reason text)
WHERE h.chat_id = w.chat_id AND h.ended_at IS NULL;
"""

# What a move writes on the chat; a service sets it before and ``advance`` stores all of it.
LIFECYCLE: Final = (
    "team_id", "state", "state_since", "enqueued_at", "priority", "agent_id", "assigned_at",
    "warned_at", "alarmed_at", "held_until", "told_position", "told_wait_seconds", "ended_at",
    "end_reason",
)  # fmt: skip
_TYPES: Final = {
    "team_id": "bigint", "state": "text", "state_since": "timestamptz",
    "enqueued_at": "timestamptz", "priority": "smallint", "agent_id": "bigint",
    "assigned_at": "timestamptz", "warned_at": "timestamptz", "alarmed_at": "timestamptz",
    "held_until": "timestamptz", "told_position": "int", "told_wait_seconds": "int",
    "ended_at": "timestamptz", "end_reason": "text",
}  # fmt: skip

# A chat that was just inserted has no state before. Nothing is stored for a row that is not in the
# state and with the agent that the caller saw.
MOVE: Final = f"""
WITH want AS (
  SELECT * FROM json_to_recordset(%(moves)s::json) AS w(
    n int, chat_id bigint, before text, agent_before bigint, team_before bigint, reason text,
    remark text, actor text, how text, {", ".join(f"{name} {_TYPES[name]}" for name in LIFECYCLE)})
), moved AS (
  UPDATE customer_service_servicechat s
  SET {", ".join(f"{name} = w.{name}" for name in LIFECYCLE)}
  FROM want w
  WHERE s.id = w.chat_id AND s.state = COALESCE(NULLIF(w.before, ''), s.state)
    AND (w.before <> 'active' OR s.agent_id IS NOT DISTINCT FROM w.agent_before)
  RETURNING s.id
), begun AS (
  INSERT INTO customer_service_handling
    (chat_id, agent_id, team_id, how, actor, started_at, ended_why)
  SELECT w.chat_id, w.agent_id, w.team_id, w.how, w.actor, %(now)s, ''
  FROM want w JOIN moved ON moved.id = w.chat_id WHERE w.state = 'active' ORDER BY w.n
), given AS (
  UPDATE customer_service_agent a SET last_assigned_at = %(now)s
  WHERE a.id IN (SELECT w.agent_id FROM want w WHERE w.state = 'active')
), noted AS (
  INSERT INTO customer_service_chatmove
    (chat_id, before, after, reason, remark, actor, agent_id, team_id, at)
  SELECT w.chat_id, w.before, w.state, w.reason, w.remark, w.actor,
    CASE WHEN w.state = 'waiting' THEN w.agent_before ELSE w.agent_id END, w.team_id, %(now)s
  FROM want w JOIN moved ON moved.id = w.chat_id ORDER BY w.n
), queues AS (
  SELECT t.id FROM customer_service_team t
  WHERE NOT t.positions_changed AND t.id IN (
    SELECT w.team_id FROM want w WHERE w.state = 'waiting'
    UNION SELECT w.team_before FROM want w WHERE w.before = 'waiting')
  ORDER BY t.id FOR NO KEY UPDATE SKIP LOCKED
), raised AS (
  UPDATE customer_service_team t SET positions_changed = true
  FROM queues WHERE t.id = queues.id RETURNING t.id
)
SELECT (SELECT count(*) FROM moved), ARRAY(SELECT id FROM raised)
"""  # noqa: S608 columns are the names above

# Who moves a queue holds its places shared till he commits; who tells them waits for him alone. So
# no move falls between the lowered flag and the places that are read. A flag that somebody else is
# raising or lowering needs no second hand: he is told by the same lock.
SHARE_PLACES: Final = """
SELECT pg_advisory_xact_lock_shared(%(places)s, t::int)
FROM unnest(%(teams)s::bigint[]) AS t ORDER BY t;
"""
LOCK_PLACES: Final = """
SELECT pg_advisory_xact_lock(%(space)s, %(team_id)s::int);
SELECT pg_advisory_xact_lock(%(places)s, %(team_id)s::int);
"""

RAISE_FLAG: Final = """
UPDATE customer_service_team SET positions_changed = true WHERE id IN (
  SELECT id FROM customer_service_team
  WHERE id = ANY(%(teams)s) AND NOT positions_changed FOR NO KEY UPDATE SKIP LOCKED)
"""

STORE_TOLD: Final = """
UPDATE customer_service_servicechat s
SET told_position = w.position, told_wait_seconds = w.wait
FROM json_to_recordset(%(told)s::json) AS w(chat_id bigint, position int, wait int)
WHERE s.id = w.chat_id AND s.state = 'waiting'
"""
