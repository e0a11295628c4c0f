-- Evidence: keys, the chain of records, sealed meter-days, closed periods, and what intervals were before they changed.

-- Keys that sign bundles. The private one is sealed with a key from the environment.
CREATE TABLE signing_key (
  organisation_id integer NOT NULL REFERENCES organisation (id),
  -- SHA-256 of the public key in groups of four.
  fingerprint text NOT NULL,
  public_key bytea NOT NULL CHECK (length(public_key) = 32),
  sealed_private_key text NOT NULL,
  added_at timestamptz NOT NULL,
  added_by text NOT NULL,
  -- Signature of this key by the key before it; NULL for the first.
  endorsement bytea,
  endorsed_by text,
  retired_at timestamptz,
  revoked_at timestamptz,
  revocation_reason text NOT NULL DEFAULT '',
  PRIMARY KEY (organisation_id, fingerprint)
);
-- One key signs at a time.
CREATE UNIQUE INDEX signing_key_in_use ON signing_key (organisation_id) WHERE retired_at IS NULL;

-- What was sealed, corrected, approved, closed and issued: each record holds the hash of the one before it.
CREATE TABLE evidence_record (
  organisation_id integer NOT NULL REFERENCES organisation (id),
  seq integer NOT NULL CHECK (seq > 0),
  at timestamptz NOT NULL,
  kind text NOT NULL,
  body jsonb NOT NULL,
  body_hash bytea NOT NULL,
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (organisation_id, seq)
);
CREATE INDEX evidence_record_kind ON evidence_record (organisation_id, kind, seq DESC);

CREATE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'records are only ever appended to %', TG_TABLE_NAME; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON evidence_record FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

-- A local day of a meter as it was known when it was sealed; the version in force is the highest.
CREATE TABLE sealed_day (
  meter_id integer NOT NULL REFERENCES meter (id),
  measurand smallint NOT NULL,
  date date NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  start timestamptz NOT NULL,
  duration_s integer NOT NULL,
  -- What the register showed at the ends of the day; NULL where unknown.
  index_start bigint,
  index_end bigint,
  delta bigint,
  mean double precision,
  n_measured integer NOT NULL,
  n_interpolated integer NOT NULL,
  n_estimated integer NOT NULL,
  n_manual integer NOT NULL,
  n_missing integer NOT NULL,
  -- Of readings and intervals in canonical form.
  content_hash bytea NOT NULL,
  -- Record of the chain.
  seal integer NOT NULL,
  sealed_at timestamptz NOT NULL,
  PRIMARY KEY (meter_id, measurand, date, version)
);
CREATE INDEX sealed_day_site ON sealed_day (organisation_id, site_id, date);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON sealed_day FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

-- A month of a site that a person signed off.
CREATE TABLE period_close (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  -- First day of the month.
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  closed_at timestamptz NOT NULL,
  closed_by text NOT NULL,
  note text NOT NULL DEFAULT '',
  -- Record of the chain, and the figures that stand in it.
  record integer NOT NULL,
  figures jsonb NOT NULL,
  UNIQUE (site_id, month)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON period_close FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

-- Evidence bundles, kept as the bytes that were issued.
CREATE TABLE evidence_bundle (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  audit_id uuid NOT NULL REFERENCES audit (id),
  document_id uuid REFERENCES document (id),
  name text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  fingerprint text NOT NULL,
  -- Head of the chain in it.
  anchor text NOT NULL,
  meter_days integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL
);
CREATE INDEX evidence_bundle_audit ON evidence_bundle (audit_id, created_at DESC);
-- In pieces, so that nobody needs one whole in memory.
CREATE TABLE evidence_bundle_piece (
  bundle_id uuid NOT NULL REFERENCES evidence_bundle (id),
  position integer NOT NULL,
  organisation_id integer NOT NULL REFERENCES organisation (id),
  content bytea NOT NULL,
  PRIMARY KEY (bundle_id, position)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['signing_key', 'evidence_record', 'sealed_day', 'period_close', 'evidence_bundle', 'evidence_bundle_piece']
  LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY organisation_in_scope ON public.%I USING (organisation_id = (SELECT public.scope_organisation())) WITH CHECK (organisation_id = (SELECT public.scope_organisation()))', t);
    EXECUTE format('CREATE POLICY all_organisations ON public.%I TO wattproof_worker USING ((SELECT public.scope_is_all())) WITH CHECK ((SELECT public.scope_is_all()))', t);
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO wattproof_owner USING (true) WITH CHECK (true)', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['evidence_record', 'sealed_day', 'period_close', 'evidence_bundle']
  LOOP
    EXECUTE format('CREATE POLICY reader_all ON public.%I FOR SELECT TO wattproof_reader USING (true)', t);
    EXECUTE format('GRANT SELECT ON public.%I TO wattproof_reader', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON evidence_record, sealed_day, evidence_bundle, evidence_bundle_piece TO wattproof_worker;
GRANT SELECT ON period_close TO wattproof_worker;
GRANT SELECT, INSERT ON signing_key TO wattproof_worker, wattproof_api;
GRANT UPDATE (retired_at, revoked_at, revocation_reason) ON signing_key TO wattproof_api;
GRANT SELECT, INSERT ON evidence_record, period_close TO wattproof_api;
GRANT SELECT ON sealed_day, evidence_bundle, evidence_bundle_piece TO wattproof_api;

-- Sealed days whose sums have changed since: they are compared, and restated where they differ.
CREATE TABLE store.seal_mark (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meter_id integer NOT NULL,
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON store.seal_mark TO wattproof_worker;
GRANT SELECT ON store.seal_mark TO wattproof_reader;

-- What an interval of a sealed day was, known until it changed.
CREATE TABLE store.interval_superseded (
  meter_id integer NOT NULL,
  measurand smallint NOT NULL,
  start timestamptz NOT NULL,
  known_until timestamptz NOT NULL,
  organisation_id integer NOT NULL,
  quality smallint NOT NULL,
  duration_s integer NOT NULL,
  delta bigint,
  mean double precision,
  min double precision,
  max double precision,
  PRIMARY KEY (meter_id, measurand, start, known_until)
);
GRANT SELECT, INSERT ON store.interval_superseded TO wattproof_worker;
GRANT SELECT ON store.interval_superseded TO wattproof_reader;
CREATE VIEW public.interval_superseded WITH (security_barrier) AS
  SELECT * FROM store.interval_superseded WHERE organisation_id = (SELECT public.scope_organisation());
GRANT SELECT ON public.interval_superseded TO wattproof_api, wattproof_worker, wattproof_reader;

-- The writer of intervals touches rows that differ only. Nothing younger can be sealed, so that live intervals cost nothing here.
CREATE FUNCTION store.keep_superseded() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF EXISTS (SELECT FROM public.sealed_day d WHERE d.meter_id = OLD.meter_id AND d.measurand = OLD.measurand
       AND d.date BETWEEN (OLD.start - interval '1 day')::date AND (OLD.start + interval '1 day')::date
       AND d.start <= OLD.start AND OLD.start < d.start + make_interval(secs => d.duration_s)) THEN
    INSERT INTO store.interval_superseded
      (meter_id, measurand, start, known_until, organisation_id, quality, duration_s, delta, mean, min, max)
    VALUES (OLD.meter_id, OLD.measurand, OLD.start, now(), OLD.organisation_id, OLD.quality, OLD.duration_s, OLD.delta,
      OLD.mean, OLD.min, OLD.max)
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_superseded BEFORE UPDATE ON store.interval FOR EACH ROW
  WHEN (OLD.start < now() - interval '3 hours') EXECUTE FUNCTION store.keep_superseded();
