-- The foundation: structure, readings, intervals, performance, bills, audits, alarms, jobs, delivery.
-- Extensions (timescaledb, btree_gist) and roles are made by the migration runner before this file, which runs it as
-- wattproof_owner (packages/database/src/migrate.ts).

CREATE SCHEMA IF NOT EXISTS store;
CREATE SCHEMA IF NOT EXISTS auth AUTHORIZATION wattproof_auth;

-- Organisation and scope ------------------------------------------------------------------------------------------

-- The organisation in scope: NULL where none is set, so that nothing is seen.
CREATE FUNCTION public.scope_organisation() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN current_setting('app.organisation', true) IN ('', '*') THEN NULL
               ELSE current_setting('app.organisation', true)::integer END $$;
-- Cross-organisation work names this scope; only roles with a policy for it are let through.
CREATE FUNCTION public.scope_is_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('app.organisation', true) = '*', false) $$;

CREATE TABLE organisation (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  slug text NOT NULL UNIQUE,
  trade text NOT NULL DEFAULT '',
  locale text NOT NULL DEFAULT 'en',
  currency char(3) NOT NULL DEFAULT 'EUR',
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A person's duty in an organisation. user_id is auth."user".id; the tables are apart on purpose.
CREATE TABLE membership (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  user_id text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'energyManager', 'auditor', 'corporate', 'installer', 'operator')),
  -- NULL: all sites of the organisation.
  site_ids uuid[],
  display_name text NOT NULL DEFAULT '',
  email text NOT NULL DEFAULT '',
  locale text NOT NULL DEFAULT 'en',
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organisation_id, user_id)
);
CREATE INDEX membership_user ON membership (user_id);

CREATE TABLE api_key (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  name text NOT NULL,
  -- First characters of the key, shown so that people can tell keys apart.
  prefix text NOT NULL UNIQUE,
  secret_sha256 bytea NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

CREATE TABLE audit_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id integer NOT NULL REFERENCES organisation (id),
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  action text NOT NULL,
  object text NOT NULL,
  before jsonb,
  after jsonb
);
CREATE INDEX audit_event_time ON audit_event (organisation_id, at DESC);

-- Structure -------------------------------------------------------------------------------------------------------

CREATE TABLE legal_entity (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  name text NOT NULL,
  country char(2) NOT NULL,
  -- SIREN, Handelsregister number, NIF …
  registration_number text NOT NULL DEFAULT ''
);

CREATE TABLE site (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  legal_entity_id uuid NOT NULL REFERENCES legal_entity (id),
  name text NOT NULL,
  -- One line under the title: what is made there, shifts, lines.
  activity text NOT NULL DEFAULT '',
  country char(2) NOT NULL,
  time_zone text NOT NULL,
  currency char(3) NOT NULL DEFAULT 'EUR',
  latitude double precision,
  longitude double precision,
  floor_area_m2 double precision,
  -- Power subscribed with the grid, W.
  subscribed_power_w double precision,
  base_interval_s integer NOT NULL DEFAULT 900 CHECK (base_interval_s IN (300, 600, 900, 1800, 3600))
);

CREATE TABLE zone (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  name text NOT NULL,
  position integer NOT NULL DEFAULT 0
);

CREATE TABLE panel (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  zone_id uuid NOT NULL REFERENCES zone (id),
  name text NOT NULL,
  position integer NOT NULL DEFAULT 0
);

CREATE TABLE circuit (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  panel_id uuid NOT NULL REFERENCES panel (id),
  name text NOT NULL,
  rated_current_a double precision,
  energy_use text,
  position integer NOT NULL DEFAULT 0
);

CREATE TABLE gateway (
  -- MQTT username and topic level.
  id text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{2,62}$'),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  name text NOT NULL,
  -- edge: our own agent; custom: bring your own, public JSON form.
  kind text NOT NULL CHECK (kind IN ('edge', 'custom')),
  partition integer NOT NULL CHECK (partition >= 0),
  configuration jsonb,
  configuration_version integer NOT NULL DEFAULT 0,
  -- Last `up/state`, as received.
  state jsonb,
  online boolean NOT NULL DEFAULT false,
  state_at timestamptz,
  last_message_at timestamptz,
  enrolled_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE line (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  gateway_id text NOT NULL REFERENCES gateway (id),
  key text NOT NULL,
  name text NOT NULL,
  transport text NOT NULL CHECK (transport IN ('tcp', 'rtuOverTcp', 'rtu', 'ascii')),
  settings jsonb NOT NULL DEFAULT '{}',
  UNIQUE (gateway_id, key)
);

CREATE TABLE meter (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  zone_id uuid REFERENCES zone (id),
  circuit_id uuid REFERENCES circuit (id),
  line_id uuid REFERENCES line (id),
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('physical', 'virtual', 'manual')),
  role text NOT NULL CHECK (role IN ('main', 'feeder', 'use', 'generation', 'breaker', 'variable', 'total')),
  carrier text NOT NULL,
  energy_use text,
  -- The counter that its consumption is derived from; NULL for breakers and gauges.
  measurand text,
  -- Upstream meter whose energy contains this one's (balance); NULL at the top.
  parent_id integer REFERENCES meter (id),
  profile_id text,
  unit_address integer,
  settings jsonb NOT NULL DEFAULT '{}',
  serial_number text NOT NULL DEFAULT '',
  -- Accuracy of the chain, percent limits: [{"part":"meter","class":1},{"part":"CT","class":0.5}]
  accuracy jsonb NOT NULL DEFAULT '[]',
  -- Counter width: the index at which it returns to zero, in the base unit; NULL: never.
  counter_modulus bigint,
  -- Largest plausible rate of the counter, base units per second; NULL: not checked.
  rate_max_per_s double precision,
  -- Readings are expected this often.
  reading_period_s integer NOT NULL DEFAULT 10,
  position integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX meter_site ON meter (organisation_id, site_id);

-- (gateway, key, [valid_from, valid_to)) → meter.
CREATE TABLE gateway_meter (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  gateway_id text NOT NULL REFERENCES gateway (id),
  meter_key text NOT NULL,
  meter_id integer NOT NULL REFERENCES meter (id),
  valid_from timestamptz NOT NULL DEFAULT '-infinity',
  valid_to timestamptz NOT NULL DEFAULT 'infinity',
  EXCLUDE USING gist (gateway_id WITH =, meter_key WITH =, tstzrange(valid_from, valid_to) WITH &&)
);

-- Terms of a virtual meter: signed sum over [valid_from, valid_to).
CREATE TABLE virtual_term (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  meter_id integer NOT NULL REFERENCES meter (id),
  source_meter_id integer NOT NULL REFERENCES meter (id),
  source_measurand text NOT NULL,
  sign smallint NOT NULL CHECK (sign IN (-1, 1)),
  valid_from timestamptz NOT NULL DEFAULT '-infinity',
  valid_to timestamptz NOT NULL DEFAULT 'infinity'
);

-- Replacement, reset, ratio change: one continuous series across it.
CREATE TABLE meter_event (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  meter_id integer NOT NULL REFERENCES meter (id),
  kind text NOT NULL CHECK (kind IN ('replacement', 'reset', 'ratioChange')),
  at timestamptz NOT NULL,
  measurand text NOT NULL,
  closing_index bigint,
  opening_index bigint NOT NULL,
  note text NOT NULL DEFAULT '',
  -- declared by a person, or detected by the workers.
  origin text NOT NULL DEFAULT 'declared' CHECK (origin IN ('declared', 'detected')),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX meter_event_meter ON meter_event (meter_id, at);

-- Price of a carrier at a site, dated; energy price only, per kWh (per m³ for water).
CREATE TABLE tariff (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  carrier text NOT NULL,
  valid_from date NOT NULL,
  price_per_unit numeric(14, 6) NOT NULL,
  unit text NOT NULL CHECK (unit IN ('kWh', 'm³')),
  currency char(3) NOT NULL,
  source text NOT NULL DEFAULT '',
  UNIQUE (site_id, carrier, valid_from)
);

-- Readings --------------------------------------------------------------------------------------------------------

CREATE TABLE store.reading (
  at timestamptz NOT NULL,
  meter_id integer NOT NULL,
  organisation_id integer NOT NULL,
  quality smallint NOT NULL,
  skew_ms integer NOT NULL DEFAULT 0,
  received_at timestamptz NOT NULL,
  active_energy_import_wh bigint,
  active_energy_export_wh bigint,
  reactive_energy_import_varh bigint,
  reactive_energy_export_varh bigint,
  apparent_energy_vah bigint,
  volume_l bigint,
  production_g bigint,
  operating_time_s bigint,
  thermal_energy_wh bigint,
  active_energy_partial_wh bigint,
  active_power_w double precision,
  active_power_l1_w double precision,
  active_power_l2_w double precision,
  active_power_l3_w double precision,
  reactive_power_var double precision,
  reactive_power_l1_var double precision,
  reactive_power_l2_var double precision,
  reactive_power_l3_var double precision,
  apparent_power_va double precision,
  power_factor double precision,
  power_factor_l1 double precision,
  power_factor_l2 double precision,
  power_factor_l3 double precision,
  voltage_l1_n_v double precision,
  voltage_l2_n_v double precision,
  voltage_l3_n_v double precision,
  voltage_l1_l2_v double precision,
  voltage_l2_l3_v double precision,
  voltage_l3_l1_v double precision,
  current_l1_a double precision,
  current_l2_a double precision,
  current_l3_a double precision,
  current_n_a double precision,
  frequency_hz double precision,
  thd_voltage_l1_percent double precision,
  thd_voltage_l2_percent double precision,
  thd_voltage_l3_percent double precision,
  thd_current_l1_percent double precision,
  thd_current_l2_percent double precision,
  thd_current_l3_percent double precision,
  demand_power_w double precision,
  demand_power_max_w double precision,
  temperature_c double precision,
  outdoor_temperature_c double precision,
  breaker_position double precision,
  -- What differs by measurand from the row's quality: {"voltage_l1_n_v": 2}
  exceptions jsonb,
  PRIMARY KEY (meter_id, at)
);
SELECT create_hypertable('store.reading', by_range('at', INTERVAL '14 days'), create_default_indexes => false);

-- The newest reading of each meter; values by measurand name with the instant each was read, epoch ms:
-- {"active_power_w": [4200, 1795341600000]}
CREATE TABLE store.latest (
  meter_id integer PRIMARY KEY,
  organisation_id integer NOT NULL,
  at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  quality smallint NOT NULL,
  values jsonb NOT NULL
) WITH (fillfactor = 70);

-- Readings of the meter from the first to the last instant, both included, are new or changed.
CREATE TABLE store.dirty (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meter_id integer NOT NULL,
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL,
  marked_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE store.reading_conflict (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id integer NOT NULL,
  meter_id integer NOT NULL,
  at timestamptz NOT NULL,
  measurand text NOT NULL,
  stored double precision NOT NULL,
  arrived double precision NOT NULL,
  received_at timestamptz NOT NULL,
  -- A message that comes again records its contradictions once.
  UNIQUE (meter_id, at, measurand, arrived)
);

-- Intervals -------------------------------------------------------------------------------------------------------

-- Base intervals. Counters have delta; gauges mean, min, max. Missing: a row of quality missing with none of them.
CREATE TABLE store.interval (
  start timestamptz NOT NULL,
  meter_id integer NOT NULL,
  organisation_id integer NOT NULL,
  measurand smallint NOT NULL,
  quality smallint NOT NULL,
  duration_s integer NOT NULL,
  delta bigint,
  mean double precision,
  min double precision,
  max double precision,
  PRIMARY KEY (meter_id, measurand, start)
);
SELECT create_hypertable('store.interval', by_range('start', INTERVAL '60 days'), create_default_indexes => false);

-- Hours, days, months in the site's time zone: sums of base intervals with the count of each quality class.
CREATE TABLE store.interval_hour (
  start timestamptz NOT NULL,
  meter_id integer NOT NULL,
  organisation_id integer NOT NULL,
  measurand smallint NOT NULL,
  duration_s integer NOT NULL,
  delta bigint,
  mean double precision,
  min double precision,
  max double precision,
  n_measured integer NOT NULL,
  n_interpolated integer NOT NULL,
  n_estimated integer NOT NULL,
  n_manual integer NOT NULL,
  n_missing integer NOT NULL,
  PRIMARY KEY (meter_id, measurand, start)
);
CREATE TABLE store.interval_day (LIKE store.interval_hour INCLUDING ALL);
CREATE TABLE store.interval_month (LIKE store.interval_hour INCLUDING ALL);

-- Delivery --------------------------------------------------------------------------------------------------------

CREATE TABLE store.gateway_schema (
  gateway_id text NOT NULL,
  hash text NOT NULL,
  encoded bytea NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (gateway_id, hash)
);

-- Committed watermark of each (gateway, boot, lane): every batch up to up_to is stored or in the dead letters.
CREATE TABLE store.gateway_watermark (
  gateway_id text NOT NULL,
  boot text NOT NULL,
  lane text NOT NULL,
  up_to bigint NOT NULL,
  -- Ranges of batches above up_to that are committed already: {from,to,from,to,…}, ascending.
  beyond bigint[] NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (gateway_id, boot, lane)
);

CREATE TABLE dead_letter (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- NULL where the gateway is not known.
  organisation_id integer,
  gateway_id text,
  topic text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  code text NOT NULL,
  message text NOT NULL,
  location text NOT NULL DEFAULT '',
  meter_key text,
  payload bytea NOT NULL,
  resolved_at timestamptz,
  resolution text
);
CREATE INDEX dead_letter_time ON dead_letter (organisation_id, received_at DESC);

-- What apps/api must still send to the broker: enrolment (sealed credentials), configuration, commands.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id integer NOT NULL REFERENCES organisation (id),
  gateway_id text NOT NULL REFERENCES gateway (id),
  kind text NOT NULL CHECK (kind IN ('enrol', 'revoke', 'config', 'command')),
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  done_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  error text
);
CREATE INDEX outbox_open ON outbox (id) WHERE done_at IS NULL;

-- Performance -----------------------------------------------------------------------------------------------------

CREATE TABLE enpi (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  name text NOT NULL,
  meter_id integer NOT NULL REFERENCES meter (id),
  measurand text NOT NULL,
  production_meter_id integer REFERENCES meter (id),
  temperature_meter_id integer REFERENCES meter (id),
  -- Local dates of the site: baseline [from, to), reporting from.
  baseline_from date NOT NULL,
  baseline_to date NOT NULL,
  reporting_from date NOT NULL,
  confidence double precision NOT NULL DEFAULT 0.95,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- One computed baseline (EnB) per version; a published one is never edited.
CREATE TABLE enb (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  enpi_id uuid NOT NULL REFERENCES enpi (id),
  version integer NOT NULL,
  -- Serialised model: variables, coefficients, statistics, settings.
  model jsonb NOT NULL,
  -- Candidate models ranked, with findings.
  candidates jsonb NOT NULL,
  findings jsonb NOT NULL DEFAULT '[]',
  input_sha256 text NOT NULL,
  computed_at timestamptz NOT NULL,
  UNIQUE (enpi_id, version)
);

-- Performance against the baseline in force: days for the CUSUM, savings and uncertainty over the reporting period.
CREATE TABLE enpi_result (
  enpi_id uuid PRIMARY KEY REFERENCES enpi (id),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  enb_id uuid NOT NULL REFERENCES enb (id),
  reporting_to date NOT NULL,
  savings jsonb NOT NULL,
  months jsonb NOT NULL,
  days jsonb NOT NULL,
  findings jsonb NOT NULL DEFAULT '[]',
  computed_at timestamptz NOT NULL
);

-- Expected load band of a site: fitted profile, refreshed by the workers.
CREATE TABLE expected_load (
  meter_id integer PRIMARY KEY REFERENCES meter (id),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  model jsonb NOT NULL,
  computed_at timestamptz NOT NULL
);

-- Bills and audit -------------------------------------------------------------------------------------------------

CREATE TABLE delivery_point (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  legal_entity_id uuid NOT NULL REFERENCES legal_entity (id),
  -- NULL: not at one site (own fleet).
  site_id uuid REFERENCES site (id),
  carrier text NOT NULL,
  energy_use text,
  -- PRM, PCE, CUPS, MaLo, tank, fuel card.
  code text NOT NULL,
  name text NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  UNIQUE (organisation_id, code)
);

CREATE TABLE bill_import (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  file_name text NOT NULL,
  sha256 text NOT NULL,
  content bytea NOT NULL,
  imported_at timestamptz NOT NULL DEFAULT now(),
  imported_by text NOT NULL,
  n_rows integer NOT NULL,
  n_stored integer NOT NULL,
  n_rejected integer NOT NULL,
  rejections jsonb NOT NULL DEFAULT '[]'
);

CREATE TABLE bill (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  delivery_point_id uuid NOT NULL REFERENCES delivery_point (id),
  bill_import_id uuid REFERENCES bill_import (id),
  -- Line in the imported file, from 2 (1 is the head).
  row_number integer,
  number text NOT NULL,
  -- [period_from, period_to), local dates.
  period_from date NOT NULL,
  period_to date NOT NULL,
  quantity numeric(18, 3) NOT NULL,
  unit text NOT NULL,
  -- Final energy in kWh and the dated factor that made it of the quantity.
  energy_kwh numeric(18, 3) NOT NULL,
  factor_id text,
  calorific_basis text NOT NULL CHECK (calorific_basis IN ('gross', 'net', 'none')),
  amount_ex_vat numeric(18, 2) NOT NULL,
  currency char(3) NOT NULL,
  estimated boolean NOT NULL DEFAULT false,
  CHECK (period_to > period_from),
  UNIQUE (organisation_id, delivery_point_id, number)
);
CREATE INDEX bill_period ON bill (organisation_id, period_from);

-- Rows of the energy account that are not bills: own production consumed, energy passed on. Dated and sourced.
CREATE TABLE energy_account_row (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  legal_entity_id uuid NOT NULL REFERENCES legal_entity (id),
  site_id uuid REFERENCES site (id),
  kind text NOT NULL CHECK (kind IN ('selfConsumed', 'passedOn', 'feedstock')),
  carrier text NOT NULL,
  meter_id integer REFERENCES meter (id),
  reason text NOT NULL,
  source text NOT NULL
);

CREATE TABLE audit (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  legal_entity_id uuid NOT NULL REFERENCES legal_entity (id),
  name text NOT NULL,
  period_from date NOT NULL,
  period_to date NOT NULL,
  auditor_name text NOT NULL DEFAULT '',
  due_on date,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- What is inside the audited scope: a delivery point, with the reason where it is left out.
CREATE TABLE audit_scope (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  audit_id uuid NOT NULL REFERENCES audit (id),
  delivery_point_id uuid NOT NULL REFERENCES delivery_point (id),
  included boolean NOT NULL,
  reason text NOT NULL DEFAULT '',
  UNIQUE (audit_id, delivery_point_id)
);

CREATE TABLE document (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  audit_id uuid REFERENCES audit (id),
  kind text NOT NULL CHECK (kind IN ('auditReport')),
  name text NOT NULL,
  locale text NOT NULL,
  media_type text NOT NULL,
  content bytea NOT NULL,
  sha256 text NOT NULL,
  -- The data the document was made of; the same snapshot gives the same bytes.
  snapshot jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL
);

-- Alarms ----------------------------------------------------------------------------------------------------------

CREATE TABLE alarm_rule (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  -- NULL for no-data on a gateway.
  meter_id integer REFERENCES meter (id),
  gateway_id text REFERENCES gateway (id),
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('threshold', 'noData')),
  severity text NOT NULL DEFAULT 'warning' CHECK (severity IN ('warning', 'critical')),
  measurand text,
  comparison text CHECK (comparison IN ('above', 'below')),
  threshold double precision,
  hysteresis double precision NOT NULL DEFAULT 0,
  delay_s integer NOT NULL DEFAULT 0,
  procedure text NOT NULL DEFAULT '',
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (meter_id IS NOT NULL OR gateway_id IS NOT NULL),
  CHECK (kind = 'noData' OR (measurand IS NOT NULL AND comparison IS NOT NULL AND threshold IS NOT NULL))
);

-- State of the rule's evaluation: cursor and state machine.
CREATE TABLE alarm_state (
  alarm_rule_id uuid PRIMARY KEY REFERENCES alarm_rule (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL REFERENCES organisation (id),
  state jsonb NOT NULL,
  evaluated_to timestamptz NOT NULL
);

CREATE TABLE alarm (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  alarm_rule_id uuid NOT NULL REFERENCES alarm_rule (id),
  raised_at timestamptz NOT NULL,
  cleared_at timestamptz,
  -- The value that raised it and the farthest since, in the measurand's unit.
  value double precision,
  extreme double precision,
  acknowledged_at timestamptz,
  acknowledged_by text,
  comment text NOT NULL DEFAULT ''
);
CREATE INDEX alarm_open ON alarm (organisation_id, site_id) WHERE cleared_at IS NULL OR acknowledged_at IS NULL;
CREATE UNIQUE INDEX alarm_once ON alarm (alarm_rule_id) WHERE cleared_at IS NULL;

-- Jobs ------------------------------------------------------------------------------------------------------------

CREATE TABLE job_run (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  kind text NOT NULL,
  title text NOT NULL,
  input jsonb NOT NULL DEFAULT '{}',
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  step text NOT NULL DEFAULT '',
  step_number integer NOT NULL DEFAULT 0,
  step_count integer NOT NULL DEFAULT 0,
  percent double precision NOT NULL DEFAULT 0,
  -- Receipt of what was done: rows in, out, rejected; document id.
  result jsonb,
  error text,
  requested_by text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz
);
CREATE INDEX job_run_time ON job_run (organisation_id, created_at DESC);

-- Isolation -------------------------------------------------------------------------------------------------------

-- Every relational table with organisation_id: the organisation in scope only; '*' for the roles that work across.
DO $$
DECLARE t text;
BEGIN
  FOR t IN
    SELECT c.table_name FROM information_schema.columns c
    JOIN information_schema.tables b USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND c.column_name = 'organisation_id' AND b.table_type = 'BASE TABLE'
  LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY organisation_in_scope ON public.%I USING (organisation_id = (SELECT public.scope_organisation())) WITH CHECK (organisation_id = (SELECT public.scope_organisation()))', t);
    EXECUTE format('CREATE POLICY all_organisations ON public.%I TO wattproof_ingestion, wattproof_worker USING ((SELECT public.scope_is_all())) WITH CHECK ((SELECT public.scope_is_all()))', t);
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO wattproof_owner USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY reader_all ON public.%I FOR SELECT TO wattproof_reader USING (true)', t);
  END LOOP;
END $$;

ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation_in_scope ON organisation USING (id = (SELECT public.scope_organisation()));
CREATE POLICY all_organisations ON organisation FOR SELECT TO wattproof_ingestion, wattproof_worker USING ((SELECT public.scope_is_all()));
CREATE POLICY owner_all ON organisation TO wattproof_owner USING (true) WITH CHECK (true);
CREATE POLICY reader_all ON organisation FOR SELECT TO wattproof_reader USING (true);

-- Before an organisation is in scope, sign-in must learn which ones a person or a key belongs to: two narrow functions.
CREATE FUNCTION public.memberships_of(person text)
  RETURNS TABLE (organisation_id integer, organisation_name text, role text, site_ids uuid[], display_name text, email text, locale text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT m.organisation_id, o.name, m.role, m.site_ids, m.display_name, m.email, m.locale
   FROM membership m JOIN organisation o ON o.id = m.organisation_id WHERE m.user_id = person ORDER BY m.created_at, m.organisation_id $$;
CREATE FUNCTION public.api_key_of(key_prefix text)
  RETURNS TABLE (id uuid, organisation_id integer, name text, secret_sha256 bytea, scopes text[], expires_at timestamptz, revoked_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT k.id, k.organisation_id, k.name, k.secret_sha256, k.scopes, k.expires_at, k.revoked_at FROM api_key k WHERE k.prefix = key_prefix $$;
-- The down path sends for all organisations: it claims rows without an organisation in scope.
CREATE FUNCTION public.outbox_claim(most integer) RETURNS SETOF outbox
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ UPDATE outbox SET attempts = attempts + 1
   WHERE id IN (SELECT o.id FROM outbox o WHERE o.done_at IS NULL ORDER BY o.id LIMIT most FOR UPDATE SKIP LOCKED) RETURNING * $$;
CREATE FUNCTION public.outbox_finish(row_id bigint, failure text, wiped jsonb) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ UPDATE outbox SET error = failure, done_at = CASE WHEN failure IS NULL THEN now() END, payload = coalesce(wiped, payload) WHERE id = row_id;
   UPDATE gateway g SET enrolled_at = now() FROM outbox o WHERE o.id = row_id AND o.kind = 'enrol' AND failure IS NULL AND g.id = o.gateway_id $$;
REVOKE ALL ON FUNCTION public.memberships_of(text), public.api_key_of(text), public.outbox_claim(integer), public.outbox_finish(bigint, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.memberships_of(text), public.api_key_of(text), public.outbox_claim(integer), public.outbox_finish(bigint, text, jsonb) TO wattproof_api;

-- Row-level security does not reach a hypertable's chunks: the API reads barrier views and has no grant on the tables.
CREATE VIEW public.reading WITH (security_barrier) AS
  SELECT * FROM store.reading WHERE organisation_id = (SELECT public.scope_organisation());
CREATE VIEW public.latest WITH (security_barrier) AS
  SELECT * FROM store.latest WHERE organisation_id = (SELECT public.scope_organisation());
CREATE VIEW public.reading_conflict WITH (security_barrier) AS
  SELECT * FROM store.reading_conflict WHERE organisation_id = (SELECT public.scope_organisation());
CREATE VIEW public.interval WITH (security_barrier) AS
  SELECT * FROM store.interval WHERE organisation_id = (SELECT public.scope_organisation());
CREATE VIEW public.interval_hour WITH (security_barrier) AS
  SELECT * FROM store.interval_hour WHERE organisation_id = (SELECT public.scope_organisation());
CREATE VIEW public.interval_day WITH (security_barrier) AS
  SELECT * FROM store.interval_day WHERE organisation_id = (SELECT public.scope_organisation());
CREATE VIEW public.interval_month WITH (security_barrier) AS
  SELECT * FROM store.interval_month WHERE organisation_id = (SELECT public.scope_organisation());

-- Grants ----------------------------------------------------------------------------------------------------------

GRANT USAGE ON SCHEMA public TO wattproof_api, wattproof_ingestion, wattproof_worker, wattproof_reader;
GRANT USAGE ON SCHEMA store TO wattproof_ingestion, wattproof_worker, wattproof_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO wattproof_api, wattproof_worker;
REVOKE INSERT, UPDATE, DELETE ON reading, latest, reading_conflict, "interval", interval_hour, interval_day, interval_month, organisation FROM wattproof_api, wattproof_worker;
REVOKE ALL ON _prisma_migrations FROM wattproof_api, wattproof_worker;
REVOKE UPDATE, DELETE ON audit_event FROM wattproof_api, wattproof_worker;
GRANT SELECT ON organisation, site, gateway, gateway_meter, meter TO wattproof_ingestion;
GRANT UPDATE ON gateway TO wattproof_ingestion;
GRANT SELECT, INSERT ON dead_letter TO wattproof_ingestion;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA store TO wattproof_ingestion, wattproof_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA public, store TO wattproof_reader;
REVOKE ALL ON _prisma_migrations, api_key, outbox FROM wattproof_reader;
GRANT CREATE, USAGE ON SCHEMA auth TO wattproof_auth;
