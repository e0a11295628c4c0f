-- How long data is kept, what it takes, and the chunks it lies in.

-- A class without a row, or with NULL, is kept for ever.
CREATE TABLE retention_policy (
  organisation_id integer NOT NULL REFERENCES organisation (id),
  class text NOT NULL CHECK (class IN ('readings', 'intervals', 'deadLetters', 'conflicts')),
  keep_days integer CHECK (keep_days > 0),
  changed_at timestamptz NOT NULL DEFAULT now(),
  changed_by text NOT NULL,
  PRIMARY KEY (organisation_id, class)
);

-- Up to where a meter's readings or intervals are gone: nothing is computed anew there, since what it would be computed
-- from is missing.
CREATE TABLE meter_gone (
  meter_id integer PRIMARY KEY REFERENCES meter (id),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  readings_before timestamptz NOT NULL DEFAULT '-infinity',
  intervals_before timestamptz NOT NULL DEFAULT '-infinity'
);

-- What an organisation's data took at an instant; sizes are its share of what it lies in.
CREATE TABLE storage_sample (
  organisation_id integer NOT NULL REFERENCES organisation (id),
  class text NOT NULL CHECK (class IN ('readings', 'intervals', 'deadLetters', 'conflicts')),
  at timestamptz NOT NULL,
  rows bigint NOT NULL,
  bytes bigint NOT NULL,
  oldest timestamptz,
  newest timestamptz,
  -- By the data's own time, over the 30 days before the newest.
  growth_rows_per_day double precision,
  growth_bytes_per_day double precision,
  PRIMARY KEY (organisation_id, class, at)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['retention_policy', 'meter_gone', 'storage_sample']
  LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY organisation_in_scope ON public.%I USING (organisation_id = (SELECT public.scope_organisation())) WITH CHECK (organisation_id = (SELECT public.scope_organisation()))', t);
    EXECUTE format('CREATE POLICY all_organisations ON public.%I TO wattproof_ingestion, wattproof_worker USING ((SELECT public.scope_is_all())) WITH CHECK ((SELECT public.scope_is_all()))', t);
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO wattproof_owner USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY reader_all ON public.%I FOR SELECT TO wattproof_reader USING (true)', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON retention_policy, meter_gone, storage_sample TO wattproof_worker;
GRANT SELECT, INSERT ON retention_policy TO wattproof_api;
GRANT UPDATE (keep_days, changed_at, changed_by) ON retention_policy TO wattproof_api;
GRANT SELECT ON storage_sample, meter_gone TO wattproof_api;
GRANT SELECT ON retention_policy, meter_gone, storage_sample TO wattproof_reader;

-- Rows of each organisation in a chunk, counted anew only when the chunk's statistics say that it changed.
CREATE TABLE store.chunk_rows (
  chunk text NOT NULL,
  organisation_id integer NOT NULL,
  rows bigint NOT NULL,
  oldest timestamptz,
  newest timestamptz,
  -- Rows ever inserted into and deleted from the chunk when it was counted.
  changes bigint NOT NULL,
  PRIMARY KEY (chunk, organisation_id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON store.chunk_rows TO wattproof_worker;
GRANT SELECT ON store.chunk_rows TO wattproof_reader;

-- Marks of the organisation in scope: what they cover must stay.
CREATE VIEW public.dirty_mark WITH (security_barrier) AS
  SELECT d.meter_id, d.from_at, d.to_at FROM store.dirty d JOIN meter m ON m.id = d.meter_id
  WHERE m.organisation_id = (SELECT public.scope_organisation());
GRANT SELECT ON public.dirty_mark TO wattproof_api, wattproof_worker, wattproof_reader;

-- Chunks of a hypertable with their sizes. Reading sizes and changing chunks is the owner's: the workers do it through
-- functions that can do nothing else, the API sees sums.
CREATE FUNCTION store.chunk_list(hypertable text)
  RETURNS TABLE (chunk text, range_start timestamptz, range_end timestamptz, bytes bigint, changes bigint, packed boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT format('%I.%I', c.chunk_schema, c.chunk_name), c.range_start, c.range_end,
     pg_total_relation_size(format('%I.%I', c.chunk_schema, c.chunk_name)::regclass),
     pg_stat_get_tuples_inserted(r.oid) + pg_stat_get_tuples_deleted(r.oid), coalesce(c.is_compressed, false)
   FROM timescaledb_information.chunks c
   JOIN pg_class r ON r.oid = format('%I.%I', c.chunk_schema, c.chunk_name)::regclass
   WHERE c.hypertable_schema = 'store' AND c.hypertable_name = hypertable ORDER BY c.range_start $$;
CREATE FUNCTION store.chunk_width_s(hypertable text) RETURNS double precision
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT extract(epoch FROM time_interval)::float8 FROM timescaledb_information.dimensions
   WHERE hypertable_schema = 'store' AND hypertable_name = hypertable AND dimension_number = 1 $$;
CREATE FUNCTION store.set_chunk_width(hypertable text, width_s double precision) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ BEGIN
  IF hypertable NOT IN ('reading', 'interval') THEN RAISE EXCEPTION 'not a hypertable of ours: %', hypertable; END IF;
  PERFORM public.set_chunk_time_interval(format('store.%I', hypertable)::regclass, make_interval(secs => width_s));
END $$;
-- Drops one chunk: the one that begins and ends so.
CREATE FUNCTION store.drop_chunk(hypertable text, range_start timestamptz, range_end timestamptz) RETURNS SETOF text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ BEGIN
  IF hypertable NOT IN ('reading', 'interval') THEN RAISE EXCEPTION 'not a hypertable of ours: %', hypertable; END IF;
  RETURN QUERY SELECT public.drop_chunks(format('store.%I', hypertable)::regclass, older_than => range_end, newer_than => range_start);
END $$;
-- Packs a chunk into the columnstore. Community edition only: its caller looks at timescaledb.license first, and so does this.
CREATE FUNCTION store.pack_chunk(hypertable text, chunk text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ BEGIN
  IF current_setting('timescaledb.license') <> 'timescale' THEN RETURN; END IF;
  IF hypertable NOT IN ('reading', 'interval') THEN RAISE EXCEPTION 'not a hypertable of ours: %', hypertable; END IF;
  EXECUTE format('ALTER TABLE store.%I SET (timescaledb.compress, timescaledb.compress_segmentby = %L, timescaledb.compress_orderby = %L)',
    hypertable, CASE hypertable WHEN 'reading' THEN 'meter_id' ELSE 'meter_id, measurand' END,
    CASE hypertable WHEN 'reading' THEN 'at' ELSE 'start' END);
  EXECUTE format('SELECT public.compress_chunk(%L::regclass, if_not_compressed => true)', chunk);
END $$;
CREATE FUNCTION public.storage_chunks()
  RETURNS TABLE (hypertable text, chunks integer, width_s double precision, prepared_until timestamptz,
                 largest_bytes double precision, packed integer, memory_bytes double precision, edition text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT h.name, count(c.chunk)::integer, store.chunk_width_s(h.name), max(c.range_end),
     coalesce(max(c.bytes), 0)::float8, count(c.chunk) FILTER (WHERE c.packed)::integer,
     pg_size_bytes(current_setting('effective_cache_size'))::float8, current_setting('timescaledb.license')
   FROM (VALUES ('reading'), ('interval')) AS h (name) LEFT JOIN LATERAL store.chunk_list(h.name) c ON true
   GROUP BY h.name $$;
REVOKE ALL ON FUNCTION store.chunk_list(text), store.chunk_width_s(text), store.set_chunk_width(text, double precision),
  store.drop_chunk(text, timestamptz, timestamptz), store.pack_chunk(text, text), public.storage_chunks() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION store.chunk_list(text), store.chunk_width_s(text), store.set_chunk_width(text, double precision),
  store.drop_chunk(text, timestamptz, timestamptz), store.pack_chunk(text, text), public.storage_chunks() TO wattproof_worker;
GRANT EXECUTE ON FUNCTION public.storage_chunks() TO wattproof_api;
