-- Who a rule of obligation may address: a legal entity (its id is the entity's) or a group of some.
CREATE TABLE obliged_unit (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  -- NULL: a group.
  legal_entity_id uuid UNIQUE REFERENCES legal_entity (id),
  name text NOT NULL,
  country char(2) NOT NULL,
  -- Staff, turnover, balance, energy by carrier, certificates and audits as stated; read and written as a whole.
  profile jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL,
  CHECK (legal_entity_id IS NULL OR id = legal_entity_id)
);
CREATE TABLE obliged_unit_member (
  organisation_id integer NOT NULL REFERENCES organisation (id),
  obliged_unit_id uuid NOT NULL REFERENCES obliged_unit (id) ON DELETE CASCADE,
  legal_entity_id uuid NOT NULL REFERENCES legal_entity (id),
  PRIMARY KEY (obliged_unit_id, legal_entity_id)
);
-- Who takes responsibility for applying a rule that was not checked against its source.
CREATE TABLE rule_review (
  organisation_id integer NOT NULL REFERENCES organisation (id),
  rule_id text NOT NULL,
  reviewer_name text NOT NULL,
  reviewed_on date NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  PRIMARY KEY (organisation_id, rule_id)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['obliged_unit', 'obliged_unit_member', 'rule_review'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY organisation_in_scope ON public.%I USING (organisation_id = (SELECT public.scope_organisation())) WITH CHECK (organisation_id = (SELECT public.scope_organisation()))', t);
    EXECUTE format('CREATE POLICY all_organisations ON public.%I TO wattproof_ingestion, wattproof_worker USING ((SELECT public.scope_is_all())) WITH CHECK ((SELECT public.scope_is_all()))', t);
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO wattproof_owner USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY reader_all ON public.%I FOR SELECT TO wattproof_reader USING (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO wattproof_api, wattproof_worker', t);
    EXECUTE format('GRANT SELECT ON public.%I TO wattproof_reader', t);
  END LOOP;
END $$;
