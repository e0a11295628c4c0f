-- The down path: a failed row waits longer before each further try, so that it neither blocks the rows behind it nor is sent
-- by two processes at once; a row that will never be sent is closed with its reason.

ALTER TABLE outbox ADD COLUMN next_attempt_at timestamptz NOT NULL DEFAULT now();

CREATE OR REPLACE FUNCTION public.outbox_claim(most integer) RETURNS SETOF outbox
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ UPDATE outbox SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => least(60, 2 ^ (attempts + 1)))
   WHERE id IN (SELECT o.id FROM outbox o WHERE o.done_at IS NULL AND o.next_attempt_at <= now()
                ORDER BY o.id LIMIT most FOR UPDATE SKIP LOCKED) RETURNING * $$;

DROP FUNCTION public.outbox_finish(bigint, text, jsonb);
-- Without a failure the row is done; with one it is tried again, unless it is closed.
CREATE FUNCTION public.outbox_finish(row_id bigint, failure text, closed boolean, wiped jsonb) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ UPDATE outbox SET error = failure, done_at = CASE WHEN failure IS NULL OR closed THEN now() END, payload = coalesce(wiped, payload)
   WHERE id = row_id;
   UPDATE gateway g SET enrolled_at = now() FROM outbox o
   WHERE o.id = row_id AND o.kind = 'enrol' AND failure IS NULL AND g.id = o.gateway_id $$;
REVOKE ALL ON FUNCTION public.outbox_finish(bigint, text, boolean, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.outbox_finish(bigint, text, boolean, jsonb) TO wattproof_api;
