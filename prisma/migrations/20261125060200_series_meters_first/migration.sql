-- The meters that are asked for are found first, then the points of each are read. The planner knows nothing of what
-- `points_{tier}_{kind}` costs: in an installation of a thousand meters it called it for every meter of the organisation, and
-- threw all but one away afterwards.
DO $$
DECLARE
  tier text;
  kind text;
BEGIN
  FOREACH tier IN ARRAY ARRAY['base', 'hour', 'day', 'month'] LOOP
    FOREACH kind IN ARRAY ARRAY['counter', 'gauge'] LOOP
      EXECUTE format(
        $function$
        CREATE OR REPLACE FUNCTION public.series_%1$s_%2$s(
          organisation integer, sites uuid[], meters integer[], measurands smallint[],
          from_at timestamptz, to_at timestamptz, most integer)
        RETURNS TABLE (
          meter_id integer, site_id uuid, name text, kind text, role text, carrier text, own_measurand text, settings jsonb,
          reading_period_s integer, time_zone text, base_s integer, measurand smallint,
          points integer, first_ms float8, last_ms float8, longest_s integer, length_s bigint,
          durations integer[], delta bigint[], mean float8[], min float8[], max float8[], classes text,
          n_measured bigint, n_interpolated bigint, n_estimated bigint, n_manual bigint, n_missing bigint)
        LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan AS
        $body$
        #variable_conflict use_column
        BEGIN
          PERFORM set_config('app.organisation', organisation::text, true);
          RETURN QUERY
            WITH seen AS MATERIALIZED (
              SELECT m.id, m.site_id, m.name, m.kind, m.role, m.carrier, m.measurand, m.settings, m.reading_period_s,
                s.time_zone, s.base_interval_s
              FROM public.meter m JOIN public.site s ON s.id = m.site_id
              WHERE m.id = ANY (meters) AND m.organisation_id = organisation
                AND (sites IS NULL OR m.site_id = ANY (sites)))
            SELECT seen.*, wanted.measurand, series.*
            FROM seen CROSS JOIN unnest(measurands) AS wanted (measurand)
            CROSS JOIN LATERAL public.points_%1$s_%2$s(organisation, seen.id, wanted.measurand, from_at, to_at, most) series;
        END
        $body$
        $function$,
        tier, kind);
    END LOOP;
  END LOOP;
END $$;
