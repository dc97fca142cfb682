"""The statements behind the reports of the desk; each is one pass over one history."""

from typing import Final

# Chats opened in a time, counted in all, by the clinic's day, by first team and by first agent.
VISITS: Final = """
WITH visit AS (
  SELECT (opened.at AT TIME ZONE 'Asia/Shanghai')::date AS day, opened.team_id, first.agent_id,
    first.agent_id IS NOT NULL AS is_served,
    first.agent_id IS NULL AND over.at IS NOT NULL AS is_abandoned,
    extract(epoch FROM first.started_at - opened.at)::float AS wait,
    extract(epoch FROM word.created_at - first.started_at)::float AS reply,
    extract(epoch FROM over.at - first.started_at)::float AS duration,
    moved.n AS transfers, rated.stars
  FROM customer_service_chatmove opened
  JOIN customer_service_servicechat chat ON chat.id = opened.chat_id
  LEFT JOIN LATERAL (
    SELECT agent_id, started_at, how FROM customer_service_handling
    WHERE chat_id = opened.chat_id ORDER BY id LIMIT 1
  ) first ON true
  LEFT JOIN LATERAL (
    SELECT at FROM customer_service_chatmove
    WHERE chat_id = opened.chat_id AND after = 'ended' ORDER BY id LIMIT 1
  ) over ON true
  LEFT JOIN LATERAL (
    SELECT count(*) AS n FROM customer_service_chatmove
    WHERE chat_id = opened.chat_id AND reason = 'transferred'
  ) moved ON true
  LEFT JOIN LATERAL (
    SELECT created_at FROM chat_message
    WHERE conversation_id = chat.conversation_id AND role IN ('agent', 'assistant')
      AND sender_id <> chat.customer_id
    ORDER BY seq LIMIT 1
  ) word ON true
  LEFT JOIN reviews_review rated ON rated.author_id = chat.customer_id
    AND rated.target_kind = 'service_chat' AND rated.target_public_id = chat.public_id
  WHERE opened.before = '' AND opened.at >= %(start)s AND opened.at < %(end)s
    AND first.how IS DISTINCT FROM 'left_message'
)
SELECT CASE grouping(day, team_id, agent_id)
    WHEN 7 THEN 'total' WHEN 3 THEN 'day' WHEN 5 THEN 'team' ELSE 'agent' END AS kind,
  day, team_id, agent_id,
  count(*) AS chats,
  count(*) FILTER (WHERE is_served) AS served,
  count(*) FILTER (WHERE is_abandoned) AS abandoned,
  coalesce(sum(transfers), 0)::int AS transfers,
  avg(wait) AS wait_avg,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY wait) AS wait_p50,
  percentile_cont(0.9) WITHIN GROUP (ORDER BY wait) AS wait_p90,
  avg(reply) AS reply_avg,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY reply) AS reply_p50,
  percentile_cont(0.9) WITHIN GROUP (ORDER BY reply) AS reply_p90,
  avg(duration) AS duration_avg,
  count(stars) AS ratings,
  round(avg(stars), 2)::float AS stars
FROM visit GROUP BY GROUPING SETS ((), (day), (team_id), (agent_id))
"""

ENDINGS: Final = """
SELECT reason, count(*) AS n FROM customer_service_chatmove
WHERE after = 'ended' AND at >= %(start)s AND at < %(end)s GROUP BY reason ORDER BY n DESC, reason
"""

# What an agent began, gave away and took over in the time, and how much of the time he served.
HANDLED: Final = """
SELECT agent_id,
  count(*) FILTER (WHERE started_at >= %(start)s) AS served,
  coalesce(sum(greatest(0, extract(epoch FROM least(coalesce(ended_at, 'infinity'), %(last)s)
    - greatest(started_at, %(start)s)))), 0)::float AS handled_seconds,
  count(*) FILTER (WHERE ended_why = 'transferred' AND ended_at < %(end)s) AS given_away,
  count(*) FILTER (WHERE how = 'taken_over' AND started_at >= %(start)s) AS taken_over
FROM customer_service_handling
WHERE started_at < %(end)s AND (ended_at > %(start)s OR ended_at IS NULL) GROUP BY agent_id
"""

# A status holds until the next one: the last one before the time counts from its beginning.
DUTY: Final = """
WITH change AS (
  SELECT agent.id AS agent_id, last.after, last.at, 0 AS id FROM customer_service_agent agent
  JOIN LATERAL (
    SELECT after, at FROM customer_service_agentstatuschange
    WHERE agent_id = agent.id AND at < %(start)s ORDER BY at DESC, id DESC LIMIT 1
  ) last ON true
  UNION ALL
  SELECT agent_id, after, at, id FROM customer_service_agentstatuschange
  WHERE at >= %(start)s AND at < %(end)s
), stretch AS (
  SELECT agent_id, after, at,
    lead(at, 1, %(last)s) OVER (PARTITION BY agent_id ORDER BY at, id) AS until FROM change
), spent AS (
  SELECT agent_id, after,
    greatest(0, extract(epoch FROM until - greatest(at, %(start)s)))::float AS seconds FROM stretch
)
SELECT agent_id,
  coalesce(sum(seconds) FILTER (WHERE after = 'online'), 0) AS online_seconds,
  coalesce(sum(seconds) FILTER (WHERE after = 'busy'), 0) AS busy_seconds
FROM spent GROUP BY agent_id
"""

# Chats of a time that were read and graded, by the agent who served last.
GRADES: Final = """
SELECT last.agent_id, count(*) AS grades,
  round(avg((quality.attitude + quality.correctness + quality.speed) / 3.0), 2)::float AS grade
FROM customer_service_qualitycheck quality
JOIN LATERAL (
  SELECT at FROM customer_service_chatmove
  WHERE chat_id = quality.chat_id AND after = 'ended' ORDER BY id LIMIT 1
) over ON true
JOIN LATERAL (
  SELECT agent_id FROM customer_service_handling
  WHERE chat_id = quality.chat_id ORDER BY id DESC LIMIT 1
) last ON true
WHERE quality.checked_at IS NOT NULL AND over.at >= %(start)s AND over.at < %(end)s
GROUP BY last.agent_id
"""

# A promise counts when it was met, broken, or has fallen due without either.
PROMISES: Final = """
SELECT metric, count(*) AS due,
  count(*) FILTER (WHERE met_at <= due_at) AS kept
FROM customer_service_slatimer
WHERE started_at >= %(start)s AND started_at < %(end)s
  AND (met_at IS NOT NULL OR broken_at IS NOT NULL OR due_at < %(now)s)
GROUP BY metric ORDER BY metric
"""

LEFT_MESSAGES: Final = """
SELECT count(*) AS "left",
  count(*) FILTER (WHERE state = 'answered') AS answered,
  count(*) FILTER (WHERE state = 'dismissed') AS dismissed,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - created_at)::float)
    FILTER (WHERE state = 'answered') AS answer_p50
FROM customer_service_leftmessage WHERE created_at >= %(start)s AND created_at < %(end)s
"""

# How long chats filled each hour of the clinic's clock.
LOAD: Final = """
SELECT part.agent_id, extract(hour FROM hour.begins AT TIME ZONE 'Asia/Shanghai')::int AS hour,
  sum(extract(epoch FROM least(part.until, hour.begins + interval '1 hour')
    - greatest(part.since, hour.begins))) AS seconds
FROM (
  SELECT agent_id, greatest(started_at, %(start)s) AS since,
    least(coalesce(ended_at, %(last)s), %(last)s) AS until
  FROM customer_service_handling
  WHERE started_at < %(end)s AND (ended_at > %(start)s OR ended_at IS NULL)
) part
CROSS JOIN LATERAL generate_series(
  date_trunc('hour', part.since), part.until - interval '1 microsecond', interval '1 hour'
) AS hour(begins)
GROUP BY 1, 2
"""
