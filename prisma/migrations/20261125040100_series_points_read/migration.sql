-- The points of a chart's series are read from where they are kept instead of through the barrier view, which loses the
-- order of the index and sorts again. `points_{tier}_{kind}` runs with the owner's rights and is bound to the organisation
-- in scope as the view is; `series_{tier}_{kind}` calls it, with the caller's rights and therefore under the policies, for
-- meters that the caller sees. Nothing is aggregated that follows from the rest: series are even where length_s = points × longest_s.
--
-- Plans as before: of the plain tiers made once, of base intervals with their values, which exclude chunks.
DO $$
DECLARE
  tier text;
  kind text;
  is_base boolean;
BEGIN
  FOREACH tier IN ARRAY ARRAY['base', 'hour', 'day', 'month'] LOOP
    is_base := tier = 'base';
    FOREACH kind IN ARRAY ARRAY['counter', 'gauge'] LOOP
      EXECUTE format(
        'DROP FUNCTION public.series_%1$s_%2$s(integer, uuid[], integer[], smallint[], timestamptz, timestamptz, integer)',
        tier, kind);
      EXECUTE format(
        $function$
        CREATE FUNCTION public.points_%1$s_%2$s(
          organisation integer, meter integer, wanted smallint, from_at timestamptz, to_at timestamptz, most integer,
          OUT points integer, OUT first_ms float8, OUT last_ms float8, OUT longest_s integer, OUT length_s bigint,
          OUT durations integer[], OUT delta bigint[], OUT mean float8[], OUT min float8[], OUT max float8[], OUT classes text,
          OUT n_measured bigint, OUT n_interpolated bigint, OUT n_estimated bigint, OUT n_manual bigint, OUT n_missing bigint)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog %3$s AS
        $body$
        #variable_conflict use_column
        BEGIN
          SELECT count(*), date_part('epoch', pg_catalog.min(start)) * 1000, date_part('epoch', pg_catalog.max(start)) * 1000,
            pg_catalog.max(duration_s), sum(duration_s), %4$s, string_agg(%5$s, ''), %6$s
          INTO points, first_ms, last_ms, longest_s, length_s, durations, delta, mean, min, max, classes,
            n_measured, n_interpolated, n_estimated, n_manual, n_missing
          FROM (
            SELECT i.* FROM store.%7$I i
            WHERE organisation = public.scope_organisation()
              AND i.organisation_id = organisation AND i.meter_id = meter AND i.measurand = wanted
              AND i.start >= from_at AND i.start < to_at
            ORDER BY i.start LIMIT most) point;
        END
        $body$
        $function$,
        tier, kind,
        CASE WHEN is_base THEN '' ELSE 'SET plan_cache_mode = force_generic_plan' END,
        -- Only days and months differ in length where all is well.
        CASE WHEN tier IN ('day', 'month') THEN 'array_agg(duration_s)' ELSE 'NULL::integer[]' END || ', ' ||
        CASE kind WHEN 'counter' THEN 'array_agg(delta), NULL::float8[], NULL::float8[], NULL::float8[]'
          ELSE 'NULL::bigint[], array_agg(mean), array_agg(min), array_agg(max)' END,
        CASE WHEN is_base THEN 'quality::text'
          ELSE 'CASE WHEN n_measured + n_interpolated + n_estimated + n_manual = 0 THEN ''4'' WHEN n_manual > 0 THEN ''3''
                  WHEN n_estimated + n_missing > 0 THEN ''2'' WHEN n_interpolated > 0 THEN ''1'' ELSE ''0'' END' END,
        CASE WHEN is_base THEN
            'count(*) FILTER (WHERE quality = 0), count(*) FILTER (WHERE quality = 1), count(*) FILTER (WHERE quality = 2),
             count(*) FILTER (WHERE quality = 3), count(*) FILTER (WHERE quality = 4)'
          ELSE 'sum(n_measured), sum(n_interpolated), sum(n_estimated), sum(n_manual), sum(n_missing)' END,
        CASE WHEN is_base THEN 'interval' ELSE 'interval_' || tier END);
      EXECUTE format(
        $function$
        CREATE FUNCTION public.series_%1$s_%2$s(
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
            SELECT m.id, m.site_id, m.name, m.kind, m.role, m.carrier, m.measurand, m.settings, m.reading_period_s,
              s.time_zone, s.base_interval_s, wanted.measurand, series.*
            FROM unnest(meters) AS asked (meter_id)
            JOIN public.meter m ON m.id = asked.meter_id AND m.organisation_id = organisation
              AND (sites IS NULL OR m.site_id = ANY (sites))
            JOIN public.site s ON s.id = m.site_id
            CROSS JOIN unnest(measurands) AS wanted (measurand)
            CROSS JOIN LATERAL public.points_%1$s_%2$s(organisation, m.id, wanted.measurand, from_at, to_at, most) series;
        END
        $body$
        $function$,
        tier, kind);
      EXECUTE format(
        'REVOKE ALL ON FUNCTION public.series_%1$s_%2$s(integer, uuid[], integer[], smallint[], timestamptz, timestamptz, integer),
           public.points_%1$s_%2$s(integer, integer, smallint, timestamptz, timestamptz, integer) FROM PUBLIC;
         GRANT EXECUTE ON FUNCTION public.series_%1$s_%2$s(integer, uuid[], integer[], smallint[], timestamptz, timestamptz, integer),
           public.points_%1$s_%2$s(integer, integer, smallint, timestamptz, timestamptz, integer) TO wattproof_api',
        tier, kind);
    END LOOP;
  END LOOP;
END $$;
