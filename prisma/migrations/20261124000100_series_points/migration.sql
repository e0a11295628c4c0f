-- Kept intervals of meters in one statement: who asks is named by the organisation and the sites it may see, each meter
-- comes with what its series is read by, each series as one row of arrays. The functions run with the caller's rights:
-- the setting that policies and barrier views read is made first and ends with the statement.
--
-- Plans of the plain tiers are made once (force_generic_plan): planning took as long as reading. Base intervals lie in
-- chunks, which only the values of a plan can exclude.
--
-- `classes` holds a digit for each point, the code of its class by the rule of `worstQuality` (packages/energy); it is null
-- where all are measured.
DO $$
DECLARE
  tier text;
  kind text;
  is_base boolean;
  points text;
BEGIN
  FOREACH tier IN ARRAY ARRAY['base', 'hour', 'day', 'month'] LOOP
    is_base := tier = 'base';
    FOREACH kind IN ARRAY ARRAY['counter', 'gauge'] LOOP
      points := format(
        'SELECT count(*)::integer AS points, date_part(''epoch'', min(start)) * 1000 AS first_ms,
           date_part(''epoch'', max(start)) * 1000 AS last_ms, min(duration_s) AS shortest_s, max(duration_s) AS longest_s,
           sum(duration_s) AS length_s, %s AS durations, %s, CASE WHEN %s THEN string_agg(%s, '''') END AS classes, %s',
        -- Only days and months differ in length where all is well.
        CASE WHEN tier IN ('day', 'month') THEN 'array_agg(duration_s)' ELSE 'NULL::integer[]' END,
        CASE kind WHEN 'counter' THEN 'array_agg(delta) AS delta, NULL::float8[] AS mean, NULL::float8[] AS min, NULL::float8[] AS max'
          ELSE 'NULL::bigint[] AS delta, array_agg(mean) AS mean, array_agg(min) AS min, array_agg(max) AS max' END,
        CASE WHEN is_base THEN 'max(quality) > 0'
          ELSE 'max(n_interpolated) > 0 OR max(n_estimated) > 0 OR max(n_manual) > 0 OR max(n_missing) > 0 OR min(n_measured) = 0' END,
        CASE WHEN is_base THEN 'quality::text'
          ELSE 'CASE WHEN n_measured + n_interpolated + n_estimated + n_manual = 0 THEN ''4'' WHEN n_manual > 0 THEN ''3''
                  WHEN n_estimated + n_missing > 0 THEN ''2'' WHEN n_interpolated > 0 THEN ''1'' ELSE ''0'' END' END,
        CASE WHEN is_base THEN
            'count(*) FILTER (WHERE quality = 0) AS n_measured, count(*) FILTER (WHERE quality = 1) AS n_interpolated,
             count(*) FILTER (WHERE quality = 2) AS n_estimated, count(*) FILTER (WHERE quality = 3) AS n_manual,
             count(*) FILTER (WHERE quality = 4) AS n_missing'
          ELSE 'sum(n_measured) AS n_measured, sum(n_interpolated) AS n_interpolated, sum(n_estimated) AS n_estimated,
                sum(n_manual) AS n_manual, sum(n_missing) AS n_missing' END);
      EXECUTE format(
        $function$
        CREATE FUNCTION public.series_%1$s_%2$s(
          organisation integer, sites uuid[], meters integer[], measurands smallint[],
          from_at timestamptz, to_at timestamptz, most integer)
        RETURNS TABLE (
          meter_id integer, site_id uuid, name text, kind text, role text, carrier text, own_measurand text, settings jsonb,
          reading_period_s integer, time_zone text, base_s integer, measurand smallint,
          points integer, first_ms float8, last_ms float8, shortest_s integer, longest_s integer, length_s bigint,
          durations integer[], delta bigint[], mean float8[], min float8[], max float8[], classes text,
          n_measured bigint, n_interpolated bigint, n_estimated bigint, n_manual bigint, n_missing bigint)
        LANGUAGE plpgsql VOLATILE %3$s AS
        $body$
        #variable_conflict use_column
        BEGIN
          PERFORM set_config('app.organisation', organisation::text, true);
          RETURN QUERY
            SELECT m.id, m.site_id, m.name, m.kind, m.role, m.carrier, m.measurand, m.settings, m.reading_period_s,
              s.time_zone, s.base_interval_s, wanted.measurand, series.*
            FROM unnest(meters) WITH ORDINALITY AS asked (meter_id, place)
            JOIN public.meter m ON m.id = asked.meter_id AND m.organisation_id = organisation
              AND (sites IS NULL OR m.site_id = ANY (sites))
            JOIN public.site s ON s.id = m.site_id
            CROSS JOIN unnest(measurands) AS wanted (measurand)
            CROSS JOIN LATERAL (
              %4$s FROM (
                SELECT i.* FROM public.%5$I i
                WHERE i.organisation_id = organisation AND i.meter_id = asked.meter_id AND i.measurand = wanted.measurand
                  AND i.start >= from_at AND i.start < to_at
                ORDER BY i.start LIMIT most) point) series;
        END
        $body$
        $function$,
        tier, kind,
        CASE WHEN is_base THEN '' ELSE 'SET plan_cache_mode = force_generic_plan' END,
        points,
        CASE WHEN is_base THEN 'interval' ELSE 'interval_' || tier END);
      EXECUTE format(
        'REVOKE ALL ON FUNCTION public.series_%1$s_%2$s(integer, uuid[], integer[], smallint[], timestamptz, timestamptz, integer) FROM PUBLIC;
         GRANT EXECUTE ON FUNCTION public.series_%1$s_%2$s(integer, uuid[], integer[], smallint[], timestamptz, timestamptz, integer) TO wattproof_api',
        tier, kind);
    END LOOP;
  END LOOP;
END $$;
