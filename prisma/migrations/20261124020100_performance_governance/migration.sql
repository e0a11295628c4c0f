-- EnPIs with any relevant variables, baselines that are proposed and approved, and what speaks for another one; adjustments,
-- targets, significant energy uses, dated factors and weather.

-- Weather ---------------------------------------------------------------------------------------------------------

CREATE TABLE weather_station (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  name text NOT NULL,
  -- Number of the station with its provider.
  code text NOT NULL,
  provider text NOT NULL,
  latitude double precision NOT NULL,
  longitude double precision NOT NULL,
  elevation_m double precision,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Temperature of the hour that begins at `at`. An hour that comes again with another value replaces it; the file is named.
CREATE TABLE weather_hour (
  station_id uuid NOT NULL REFERENCES weather_station (id),
  at timestamptz NOT NULL,
  organisation_id integer NOT NULL REFERENCES organisation (id),
  temperature_c double precision NOT NULL,
  source text NOT NULL,
  PRIMARY KEY (station_id, at)
);

-- Relevant variables and static factors ---------------------------------------------------------------------------

CREATE TABLE relevant_variable (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  -- Its name in models.
  key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_]{0,47}$'),
  name text NOT NULL,
  unit text NOT NULL,
  source text NOT NULL CHECK (source IN ('meter', 'station', 'series')),
  quantity text NOT NULL CHECK (quantity IN ('amount', 'temperature')),
  combine text NOT NULL CHECK (combine IN ('sum', 'mean')),
  granularity text NOT NULL DEFAULT 'day' CHECK (granularity IN ('day', 'month')),
  meter_id integer REFERENCES meter (id),
  measurand text,
  station_id uuid REFERENCES weather_station (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (site_id, key),
  CHECK ((source = 'meter') = (meter_id IS NOT NULL AND measurand IS NOT NULL)),
  CHECK ((source = 'station') = (station_id IS NOT NULL))
);

-- Values of a series by local date (of a month: its first day). A correction is another row: the latest counts.
CREATE TABLE variable_value (
  variable_id uuid NOT NULL REFERENCES relevant_variable (id),
  on_date date NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  value double precision NOT NULL,
  source text NOT NULL,
  recorded_by text NOT NULL,
  PRIMARY KEY (variable_id, on_date, recorded_at)
);

CREATE TABLE static_factor (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  name text NOT NULL,
  unit text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (site_id, name)
);

CREATE TABLE static_factor_value (
  factor_id uuid NOT NULL REFERENCES static_factor (id),
  valid_from date NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  value text NOT NULL,
  source text NOT NULL,
  recorded_by text NOT NULL,
  PRIMARY KEY (factor_id, valid_from, recorded_at)
);

-- Definition of EnPIs ---------------------------------------------------------------------------------------------

ALTER TABLE enpi
  ADD COLUMN kind text NOT NULL DEFAULT 'model' CHECK (kind IN ('measured', 'ratio', 'model')),
  ADD COLUMN granularity text NOT NULL DEFAULT 'day' CHECK (granularity IN ('day', 'month'));

-- Meters that are added to `enpi.meter_id`, of the same measurand.
CREATE TABLE enpi_meter (
  enpi_id uuid NOT NULL REFERENCES enpi (id),
  meter_id integer NOT NULL REFERENCES meter (id),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  PRIMARY KEY (enpi_id, meter_id)
);

CREATE TABLE enpi_variable (
  enpi_id uuid NOT NULL REFERENCES enpi (id),
  variable_id uuid NOT NULL REFERENCES relevant_variable (id),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  PRIMARY KEY (enpi_id, variable_id)
);

-- None: every static factor of the site.
CREATE TABLE enpi_static_factor (
  enpi_id uuid NOT NULL REFERENCES enpi (id),
  factor_id uuid NOT NULL REFERENCES static_factor (id),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  PRIMARY KEY (enpi_id, factor_id)
);

-- Production and outdoor temperature become relevant variables of their site.
INSERT INTO relevant_variable (organisation_id, site_id, key, name, unit, source, quantity, combine, meter_id, measurand)
SELECT DISTINCT ON (e.site_id) e.organisation_id, e.site_id, 'production_g', m.name, 'g', 'meter', 'amount', 'sum', m.id, 'production_g'
FROM enpi e JOIN meter m ON m.id = e.production_meter_id ORDER BY e.site_id, e.created_at;
INSERT INTO relevant_variable (organisation_id, site_id, key, name, unit, source, quantity, combine, meter_id, measurand)
SELECT DISTINCT ON (e.site_id) e.organisation_id, e.site_id, 'outdoor_temperature_c', m.name, '°C', 'meter', 'temperature', 'mean', m.id, 'outdoor_temperature_c'
FROM enpi e JOIN meter m ON m.id = e.temperature_meter_id ORDER BY e.site_id, e.created_at;
INSERT INTO enpi_variable (enpi_id, variable_id, organisation_id)
SELECT e.id, v.id, e.organisation_id FROM enpi e JOIN relevant_variable v ON v.site_id = e.site_id
  AND v.meter_id IN (e.production_meter_id, e.temperature_meter_id);
-- What published baselines were decided on, in the words of now.
UPDATE enb b SET model = b.model || jsonb_build_object('definition', jsonb_build_object(
  'meterIds', jsonb_build_array(b.model #> '{definition,meterId}'),
  'measurand', b.model #> '{definition,measurand}',
  'kind', 'model', 'granularity', 'day',
  'variables', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'key', v.key, 'name', v.name, 'unit', v.unit, 'source', v.source,
      'quantity', v.quantity, 'combine', v.combine, 'granularity', v.granularity, 'meterId', v.meter_id, 'measurand', v.measurand,
      'stationId', v.station_id) ORDER BY v.key), '[]')
    FROM enpi_variable x JOIN relevant_variable v ON v.id = x.variable_id WHERE x.enpi_id = b.enpi_id),
  'baselineFrom', b.model #> '{definition,baselineFrom}',
  'baselineTo', b.model #> '{definition,baselineTo}'));
ALTER TABLE enpi DROP COLUMN production_meter_id, DROP COLUMN temperature_meter_id;

-- Baselines: proposed, approved, retired --------------------------------------------------------------------------

ALTER TABLE enb
  ADD COLUMN state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'approved', 'retired', 'refused')),
  -- Form and variables that a person chose; NULL: the best by the settings.
  ADD COLUMN choice jsonb,
  ADD COLUMN reason text NOT NULL DEFAULT '',
  -- NULL: the computation.
  ADD COLUMN proposed_by text,
  ADD COLUMN proposed_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN decided_by text,
  ADD COLUMN decided_at timestamptz,
  ADD COLUMN decision_reason text,
  -- The reporting period against this version, computed with the version in force.
  ADD COLUMN result jsonb;
CREATE UNIQUE INDEX enb_one_approved ON enb (enpi_id) WHERE state = 'approved';

CREATE FUNCTION public.keep_fit_of_enb() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.model, NEW.version, NEW.input_sha256, NEW.enpi_id) IS DISTINCT FROM (OLD.model, OLD.version, OLD.input_sha256, OLD.enpi_id) THEN
    RAISE EXCEPTION 'the fit of a baseline is never edited; add a version';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fit_is_kept BEFORE UPDATE ON enb FOR EACH ROW EXECUTE FUNCTION public.keep_fit_of_enb();

ALTER TABLE enpi_result ADD COLUMN performance jsonb;

-- A reason to look at a baseline again. One of each trigger is open at a time.
CREATE TABLE rebaseline_proposal (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  enpi_id uuid NOT NULL REFERENCES enpi (id),
  -- The version that it is about; NULL: none was there.
  about_enb_id uuid REFERENCES enb (id),
  trigger text NOT NULL CHECK (trigger IN ('staticFactorChanged', 'variableOutOfRange', 'drift', 'baselineDataChanged', 'definitionChanged', 'manual')),
  since date NOT NULL,
  findings jsonb NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'dismissed')),
  raised_at timestamptz NOT NULL DEFAULT now(),
  raised_by text,
  decided_by text,
  decided_at timestamptz,
  decision_reason text,
  enb_id uuid REFERENCES enb (id)
);
CREATE UNIQUE INDEX rebaseline_proposal_open ON rebaseline_proposal (enpi_id, trigger) WHERE state = 'open';

CREATE TABLE energy_target (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  enpi_id uuid NOT NULL REFERENCES enpi (id),
  from_date date NOT NULL,
  to_date date NOT NULL,
  saving_percent double precision NOT NULL,
  reason text NOT NULL,
  set_by text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT now(),
  withdrawn_at timestamptz,
  CHECK (from_date < to_date)
);

-- Non-routine adjustments -----------------------------------------------------------------------------------------

CREATE TABLE adjustment (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  event text NOT NULL,
  from_date date NOT NULL,
  -- NULL: it lasts.
  to_date date,
  method text NOT NULL,
  evidence text NOT NULL,
  evidence_files jsonb NOT NULL DEFAULT '[]',
  state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'approved', 'refused', 'withdrawn')),
  proposed_by text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT now(),
  decided_by text,
  decided_at timestamptz,
  decision_reason text,
  CHECK (to_date IS NULL OR from_date < to_date)
);

-- Energy added to the expected energy of each day; the half-width is of one and the same error on all days.
CREATE TABLE adjustment_effect (
  adjustment_id uuid NOT NULL REFERENCES adjustment (id),
  enpi_id uuid NOT NULL REFERENCES enpi (id),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  energy_wh_per_day double precision NOT NULL,
  half_width_wh_per_day double precision NOT NULL CHECK (half_width_wh_per_day >= 0),
  PRIMARY KEY (adjustment_id, enpi_id)
);

-- Significant energy uses -----------------------------------------------------------------------------------------

CREATE TABLE seu (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  -- `use/carrier`.
  key text NOT NULL,
  name text NOT NULL,
  is_significant boolean NOT NULL,
  rank integer,
  since date NOT NULL,
  potential_percent double precision CHECK (potential_percent BETWEEN 0 AND 100),
  potential_note text NOT NULL DEFAULT '',
  operators text[] NOT NULL DEFAULT '{}',
  operating_criteria text NOT NULL DEFAULT '',
  enpi_id uuid REFERENCES enpi (id),
  UNIQUE (site_id, key)
);

CREATE TABLE seu_variable (
  seu_id uuid NOT NULL REFERENCES seu (id),
  variable_id uuid NOT NULL REFERENCES relevant_variable (id),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  PRIMARY KEY (seu_id, variable_id)
);

CREATE TABLE seu_review (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  from_date date NOT NULL,
  to_date date NOT NULL,
  basis text NOT NULL CHECK (basis IN ('energy', 'cost', 'carbon', 'potential')),
  threshold double precision NOT NULL CHECK (threshold > 0 AND threshold <= 1),
  criteria text NOT NULL,
  reason text NOT NULL,
  -- The Pareto as it was when it was decided, and what changed against the review before.
  ranking jsonb NOT NULL,
  changes jsonb NOT NULL,
  decided_by text NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now()
);

-- Factors of the organisation -------------------------------------------------------------------------------------

-- Conversion, primary energy and carbon; those that come with the product are code.
CREATE TABLE energy_factor (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  kind text NOT NULL CHECK (kind IN ('fuel', 'primary', 'carbon')),
  carrier text NOT NULL,
  basis text NOT NULL CHECK (basis IN ('gross', 'net', 'none')),
  unit text NOT NULL,
  value numeric(18, 9) NOT NULL CHECK (value >= 0),
  place text,
  account text CHECK (account IN ('location', 'market')),
  scope text CHECK (scope IN ('direct', 'lifeCycle')),
  gas text CHECK (gas IN ('CO2', 'CO2e')),
  effective_from date,
  effective_to date,
  source text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (effective_from IS NULL OR effective_to IS NULL OR effective_from < effective_to)
);

-- Isolation -------------------------------------------------------------------------------------------------------

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['weather_station', 'weather_hour', 'relevant_variable', 'variable_value', 'static_factor',
    'static_factor_value', 'enpi_meter', 'enpi_variable', 'enpi_static_factor', 'rebaseline_proposal', 'energy_target',
    'adjustment', 'adjustment_effect', 'seu', 'seu_variable', 'seu_review', 'energy_factor']
  LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY organisation_in_scope ON public.%I USING (organisation_id = (SELECT public.scope_organisation())) WITH CHECK (organisation_id = (SELECT public.scope_organisation()))', t);
    EXECUTE format('CREATE POLICY all_organisations ON public.%I TO wattproof_worker USING ((SELECT public.scope_is_all())) WITH CHECK ((SELECT public.scope_is_all()))', t);
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO wattproof_owner USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY reader_all ON public.%I FOR SELECT TO wattproof_reader USING (true)', t);
    EXECUTE format('GRANT SELECT ON public.%I TO wattproof_api, wattproof_worker, wattproof_reader', t);
  END LOOP;
END $$;

-- What was recorded stays; what is in force is what comes later.
GRANT INSERT ON weather_station, weather_hour, relevant_variable, variable_value, static_factor, static_factor_value, enpi_meter,
  enpi_variable, enpi_static_factor, rebaseline_proposal, energy_target, adjustment, adjustment_effect, seu, seu_variable,
  seu_review, energy_factor TO wattproof_api;
GRANT UPDATE ON weather_hour, rebaseline_proposal, energy_target, adjustment, seu, energy_factor TO wattproof_api;
GRANT DELETE ON enpi_meter, enpi_variable, enpi_static_factor, seu_variable TO wattproof_api;
GRANT INSERT, UPDATE ON rebaseline_proposal TO wattproof_worker;
