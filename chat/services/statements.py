"""The statements of the hot path: one round trip stores any number of messages.

The first statement takes the locks in key order (also for watermarks, so that nobody waits in a
circle); the second therefore sees everything that was committed before, so numbers have no gap and
a repeated client id is found. Membership, the right to write, what colleagues wrote meanwhile, the
follow-up allowance and the pace are judged in the same statement that stores.
"""

from typing import Final

from clinic.core.statements import Statement

LOCK_CONVERSATIONS: Final = Statement(
    "lock_conversations",
    ("uuid[]",),
    """
SELECT id FROM chat_conversation WHERE public_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
""",
)

STORE_MESSAGES: Final = Statement(
    "store_messages",
    ("json", "timestamptz", "timestamptz", "bigint"),
    """
WITH given AS (
  SELECT %s AS drafts, %s AS now, %s AS window_before, %s AS pace_limit
), want AS (
  SELECT w.* FROM given, json_to_recordset(given.drafts) AS w(
    n int, conv uuid, user_id bigint, client_id text, kind text, body text, extra jsonb,
    seen bigint, is_paced boolean, file_id bigint, trouble text, public_id uuid)
), pace AS (
  INSERT INTO chat_pace AS p (user_id, window_start, used)
  SELECT user_id, (SELECT now FROM given), count(*) FILTER (WHERE is_paced)
  FROM want GROUP BY user_id ORDER BY user_id
  ON CONFLICT (user_id) DO UPDATE SET
    used = excluded.used
      + CASE WHEN p.window_start <= (SELECT window_before FROM given) THEN 0 ELSE p.used END,
    window_start =
      CASE WHEN p.window_start <= (SELECT window_before FROM given)
        THEN (SELECT now FROM given) ELSE p.window_start END
  RETURNING user_id, used, window_start
), seat AS (
  SELECT w.*, c.id AS conversation_id, c.topic, c.kind AS talk, c.last_seq, c.last_rev, c.writing,
    c.writing_until, m.id AS member_id, m.role, m.sent_count, m.writes_left,
    old.seq AS old_seq, old.rev AS old_rev, old.public_id AS old_public_id,
    old.created_at AS old_at, old.role AS old_role,
    CASE WHEN old.edited_at IS NULL AND old.recalled_at IS NULL
      THEN (old.kind, old.body, old.extra) IS NOT DISTINCT FROM (w.kind, w.body, w.extra)
      ELSE EXISTS (SELECT FROM chat_messagerevision r WHERE r.message_id = old.id
        AND (old.kind, r.body, r.extra) IS NOT DISTINCT FROM (w.kind, w.body, w.extra))
      END AS is_same,
    pace.window_start, pace.used
      - count(*) FILTER (WHERE w.is_paced) OVER (PARTITION BY w.user_id) AS used_before
  FROM want w
  JOIN pace ON pace.user_id = w.user_id
  LEFT JOIN chat_conversation c ON c.public_id = w.conv
  LEFT JOIN chat_member m
    ON m.conversation_id = c.id AND m.user_id = w.user_id AND m.left_seq IS NULL
  LEFT JOIN chat_message old
    ON m.id IS NOT NULL AND old.conversation_id = c.id AND old.sender_id = w.user_id
    AND old.client_id = w.client_id
), judged AS (
  SELECT *, CASE
    WHEN trouble IS NOT NULL THEN trouble
    WHEN writing = 'closed'
      OR (writing = 'limited' AND writing_until <= (SELECT now FROM given)) THEN 'closed'
    WHEN seen IS NOT NULL AND (
      first_value(member_id) OVER (PARTITION BY conversation_id, role ORDER BY n) <> member_id
      OR count(*) FILTER (WHERE seen IS NULL) OVER (PARTITION BY conversation_id, role ORDER BY n)
        > count(*) FILTER (WHERE seen IS NULL) OVER (PARTITION BY member_id ORDER BY n)
      OR EXISTS (SELECT FROM chat_message o WHERE o.conversation_id = seat.conversation_id
        AND o.seq > seen AND o.role = seat.role AND o.sender_id <> user_id)) THEN 'conflict'
    WHEN writing = 'limited' AND writes_left IS NOT NULL
      AND row_number() OVER (PARTITION BY member_id ORDER BY n) > writes_left THEN 'limit'
    WHEN is_paced AND used_before
      + count(*) FILTER (WHERE is_paced) OVER (PARTITION BY user_id ORDER BY n)
      > (SELECT pace_limit FROM given) THEN 'pace'
    END AS refusal
  FROM seat WHERE member_id IS NOT NULL AND old_seq IS NULL
), accepted AS (
  SELECT *, last_seq + place AS seq, last_rev + place AS rev
  FROM (
    SELECT *, row_number() OVER (PARTITION BY conversation_id ORDER BY n) AS place
    FROM judged WHERE refusal IS NULL
  ) placed
), stored AS (
  INSERT INTO chat_message (public_id, created_at, conversation_id, seq, rev, sender_id, role,
    client_id, kind, body, extra, code, params, attachment_id)
  SELECT public_id, (SELECT now FROM given), conversation_id, seq, rev, user_id, role, client_id,
    kind, body, extra, '', NULL, file_id
  FROM accepted ORDER BY n
), counted AS (
  UPDATE chat_conversation c SET
    last_seq = g.last_seq,
    last_rev = g.last_rev,
    last_message_at = (SELECT now FROM given),
    changed_at = (SELECT now FROM given),
    last_sender_role = g.last_role,
    last_patient_message_at =
      CASE WHEN g.by_patient THEN (SELECT now FROM given) ELSE c.last_patient_message_at END,
    last_doctor_message_at =
      CASE WHEN g.by_doctor THEN (SELECT now FROM given) ELSE c.last_doctor_message_at END
  FROM (
    SELECT conversation_id, max(seq) AS last_seq, max(rev) AS last_rev,
      (array_agg(role ORDER BY seq DESC))[1] AS last_role,
      bool_or(role = 'patient') AS by_patient, bool_or(role = 'doctor') AS by_doctor
    FROM accepted GROUP BY conversation_id
  ) g WHERE c.id = g.conversation_id
), moved AS (
  UPDATE chat_member m SET
    sent_count = m.sent_count + g.number,
    writes_left = CASE WHEN g.is_limited THEN m.writes_left - g.number ELSE m.writes_left END,
    delivered_seq = CASE WHEN g.is_run AND m.delivered_seq = g.first_seq - 1
      THEN g.last_seq ELSE m.delivered_seq END,
    read_seq = CASE WHEN g.is_run AND m.read_seq = g.first_seq - 1
      THEN g.last_seq ELSE m.read_seq END
  FROM (
    SELECT member_id, count(*) AS number, min(seq) AS first_seq, max(seq) AS last_seq,
      bool_or(writing = 'limited') AS is_limited, max(seq) - min(seq) + 1 = count(*) AS is_run
    FROM accepted GROUP BY member_id
  ) g WHERE m.id = g.member_id
), readers AS (
  SELECT m.conversation_id, array_agg(replace(u.public_id::text, '-', '')) AS users
  FROM chat_member m JOIN accounts_user u ON u.id = m.user_id
  WHERE m.left_seq IS NULL AND m.conversation_id IN (SELECT conversation_id FROM accepted)
  GROUP BY m.conversation_id
)
SELECT s.n, s.member_id IS NOT NULL AS is_member, s.old_seq, s.old_rev, s.old_public_id::text,
  s.old_at, s.old_role, s.is_same, j.refusal, a.seq, a.rev, s.role, s.conversation_id, s.topic,
  s.talk, a.seq IS NOT NULL AND s.sent_count = 0 AS may_be_first,
  r.users, s.window_start
FROM seat s
LEFT JOIN judged j ON j.n = s.n
LEFT JOIN accepted a ON a.n = s.n
LEFT JOIN readers r ON r.conversation_id = a.conversation_id
ORDER BY s.n
""",
)

MOVE_WATERMARKS: Final = Statement(
    "move_watermarks",
    ("json", "timestamptz"),
    """
WITH given AS (SELECT %s AS marks, %s AS now), want AS (
  SELECT w.* FROM given, json_to_recordset(given.marks) AS w(
    n int, conv uuid, user_id bigint, delivered bigint, read bigint)
), seat AS (
  SELECT w.n, m.id, m.conversation_id, c.public_id AS conv, c.topic, c.kind AS talk, m.role,
    m.delivered_seq AS old_delivered, m.read_seq AS old_read,
    GREATEST(m.delivered_seq, LEAST(GREATEST(w.delivered, w.read), t.top)) AS delivered,
    GREATEST(m.read_seq, LEAST(w.read, t.top)) AS read
  FROM want w
  JOIN chat_conversation c ON c.public_id = w.conv
  JOIN chat_member m ON m.conversation_id = c.id AND m.user_id = w.user_id
  CROSS JOIN LATERAL (SELECT LEAST(c.last_seq, COALESCE(m.left_seq, c.last_seq)) AS top) t
), moved AS (
  UPDATE chat_member m SET
    delivered_seq = GREATEST(m.delivered_seq, s.delivered),
    read_seq = GREATEST(m.read_seq, s.read)
  FROM (SELECT id, max(delivered) AS delivered, max(read) AS read FROM seat
        WHERE delivered > old_delivered OR read > old_read GROUP BY id) s
  WHERE m.id = s.id
  RETURNING m.id, m.conversation_id, m.delivered_seq, m.read_seq
), noted AS (
  INSERT INTO chat_watermarkmove (member_id, delivered_seq, read_seq, at)
  SELECT id, delivered_seq, read_seq, (SELECT now FROM given) FROM moved
), face AS (
  SELECT s.id, max(o.delivered_seq) AS delivered, max(o.read_seq) AS read
  FROM seat s JOIN chat_member o ON o.conversation_id = s.conversation_id AND o.role = 'assistant'
  WHERE s.role = 'assistant' GROUP BY s.id
), readers AS (
  SELECT m.conversation_id, array_agg(replace(u.public_id::text, '-', '')) AS users
  FROM chat_member m JOIN accounts_user u ON u.id = m.user_id
  WHERE m.left_seq IS NULL AND m.conversation_id IN (SELECT conversation_id FROM moved)
  GROUP BY m.conversation_id
)
SELECT s.n, COALESCE(v.delivered_seq, s.old_delivered), COALESCE(v.read_seq, s.old_read),
  v.id IS NOT NULL AS has_moved, r.users, s.conversation_id, s.topic, s.talk, s.role,
  GREATEST(v.delivered_seq, f.delivered), GREATEST(v.read_seq, f.read)
FROM seat s LEFT JOIN moved v ON v.id = s.id
LEFT JOIN face f ON f.id = s.id
LEFT JOIN readers r ON r.conversation_id = v.conversation_id
""",
)

# Makes the conversation of a topic, or locks the one that is there; the next statement of the same
# round trip therefore sees what a rival committed meanwhile.
OPEN_CONVERSATION = """
INSERT INTO chat_conversation AS c (public_id, created_at, kind, topic, writing, last_seq,
  last_rev, last_message_at, changed_at, last_sender_role)
VALUES (%(public_id)s, %(now)s, %(kind)s, %(topic)s, 'open', %(messages)s, %(messages)s,
  %(said_at)s, %(said_at)s, '')
ON CONFLICT (topic) DO UPDATE SET
  last_seq = c.last_seq + excluded.last_seq,
  last_rev = c.last_rev + excluded.last_rev,
  changed_at = COALESCE(excluded.changed_at, c.changed_at),
  last_message_at = COALESCE(excluded.last_message_at, c.last_message_at);
"""

SEAT_AND_SAY = """
WITH talk AS (
  SELECT id, last_seq, last_rev FROM chat_conversation WHERE topic = %(topic)s
), seated AS (
  INSERT INTO chat_member (conversation_id, user_id, role, display_name, joined_at, delivered_seq,
    read_seq, sent_count)
  SELECT talk.id, s.user_id, s.role, s.name, %(now)s, 0, 0, 0
  FROM talk,
    unnest(%(users)s::bigint[], %(roles)s::text[], %(names)s::text[]) AS s(user_id, role, name)
  ON CONFLICT (conversation_id, user_id) DO UPDATE SET
    role = excluded.role, display_name = excluded.display_name, left_seq = NULL, left_rev = NULL
  RETURNING user_id
), said AS (
  INSERT INTO chat_message (public_id, created_at, conversation_id, seq, rev, role, client_id,
    kind, body, code, params)
  SELECT %(message_id)s, %(now)s, talk.id, talk.last_seq, talk.last_rev, '', '', 'system', '',
    %(code)s, %(params)s::jsonb
  FROM talk WHERE %(messages)s > 0
)
SELECT c.*, ARRAY(
    SELECT u.public_id FROM accounts_user u WHERE u.id IN (
      SELECT user_id FROM seated UNION
      SELECT m.user_id FROM chat_member m WHERE m.conversation_id = c.id AND m.left_seq IS NULL)
  ) AS users
FROM chat_conversation c WHERE c.topic = %(topic)s
"""

LOCK_TOPIC = """
SELECT id FROM chat_conversation WHERE topic = %(topic)s FOR NO KEY UPDATE;
"""

SAY = """
WITH talk AS (
  UPDATE chat_conversation SET last_seq = last_seq + 1, last_rev = last_rev + 1,
    last_message_at = %(now)s, changed_at = %(now)s
  WHERE topic = %(topic)s RETURNING id, public_id, last_seq, last_rev
), said AS (
  INSERT INTO chat_message (public_id, created_at, conversation_id, seq, rev, role, client_id,
    kind, body, code, params)
  SELECT %(message_id)s, %(now)s, talk.id, talk.last_seq, talk.last_rev, '', '', 'system', '',
    %(code)s, %(params)s::jsonb
  FROM talk RETURNING id
)
SELECT said.id, talk.id, talk.public_id, talk.last_seq, talk.last_rev, ARRAY(
    SELECT u.public_id FROM chat_member m JOIN accounts_user u ON u.id = m.user_id
    WHERE m.conversation_id = talk.id AND m.left_seq IS NULL)
FROM talk, said
"""
