-- Meter events as declarations of people, partial counters, billing periods.

-- Day of the month on which a billing period begins; 29 to 31 mean the last day of a shorter month.
ALTER TABLE site ADD COLUMN billing_day smallint NOT NULL DEFAULT 1 CHECK (billing_day BETWEEN 1 AND 31);
-- When the base interval last became another: intervals of the old width may still lie among the new ones.
ALTER TABLE site ADD COLUMN base_changed_at timestamptz;
-- NULL: as its site.
ALTER TABLE delivery_point ADD COLUMN billing_day smallint CHECK (billing_day BETWEEN 1 AND 31);

ALTER TABLE meter_event
  -- One act of a person changes all counters of a meter: its rows share this.
  ADD COLUMN declaration_id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- NULL where the workers found it.
  ADD COLUMN created_by text,
  ADD COLUMN serial_number_before text,
  ADD COLUMN serial_number_after text,
  -- Product of CT and VT ratio.
  ADD COLUMN ratio_before double precision,
  ADD COLUMN ratio_after double precision,
  -- Index at which the register up to here returned to zero, where it differs from the one after; 0: it never did.
  ADD COLUMN modulus_before bigint CHECK (modulus_before >= 0);
CREATE UNIQUE INDEX meter_event_once ON meter_event (meter_id, measurand, at) WHERE origin = 'declared';

-- Counters that a person starts and resets; the register of the meter goes on.
CREATE TABLE partial_counter (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  meter_id integer NOT NULL REFERENCES meter (id),
  measurand text NOT NULL,
  name text NOT NULL,
  started_at timestamptz NOT NULL,
  -- Reset or stopped; NULL while it runs.
  stopped_at timestamptz,
  started_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (stopped_at >= started_at)
);
CREATE INDEX partial_counter_meter ON partial_counter (meter_id, started_at DESC);
CREATE UNIQUE INDEX partial_counter_running ON partial_counter (meter_id, name) WHERE stopped_at IS NULL;

ALTER TABLE partial_counter ENABLE ROW LEVEL SECURITY;
ALTER TABLE partial_counter FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation_in_scope ON partial_counter USING (organisation_id = (SELECT public.scope_organisation()))
  WITH CHECK (organisation_id = (SELECT public.scope_organisation()));
CREATE POLICY all_organisations ON partial_counter TO wattproof_ingestion, wattproof_worker
  USING ((SELECT public.scope_is_all())) WITH CHECK ((SELECT public.scope_is_all()));
CREATE POLICY owner_all ON partial_counter TO wattproof_owner USING (true) WITH CHECK (true);
CREATE POLICY reader_all ON partial_counter FOR SELECT TO wattproof_reader USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON partial_counter TO wattproof_api, wattproof_worker;
GRANT SELECT ON partial_counter TO wattproof_reader;

-- The API has no grant on store: what people declare must be computed anew all the same. Meters of the organisation in
-- scope only.
CREATE FUNCTION public.mark_meters(meters integer[], from_at timestamptz[], to_at timestamptz[]) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ INSERT INTO store.dirty (meter_id, from_at, to_at)
   SELECT m.id, w.from_at, w.to_at FROM unnest(meters, from_at, to_at) AS w (id, from_at, to_at)
   JOIN meter m ON m.id = w.id AND m.organisation_id = (SELECT public.scope_organisation()) $$;
-- Those of the meters that wait to be computed.
CREATE FUNCTION public.marked_meters(meters integer[]) RETURNS TABLE (meter_id integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT m.id FROM meter m WHERE m.id = ANY (meters) AND m.organisation_id = (SELECT public.scope_organisation())
     AND EXISTS (SELECT FROM store.dirty d WHERE d.meter_id = m.id) $$;
REVOKE ALL ON FUNCTION public.mark_meters(integer[], timestamptz[], timestamptz[]), public.marked_meters(integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.mark_meters(integer[], timestamptz[], timestamptz[]), public.marked_meters(integer[])
  TO wattproof_api;
