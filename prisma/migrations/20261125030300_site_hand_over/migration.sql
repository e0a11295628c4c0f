-- A site that goes over to another legal entity: until when it belonged to which one before.
CREATE TABLE site_hand_over (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  site_id uuid NOT NULL REFERENCES site (id),
  from_entity_id uuid NOT NULL REFERENCES legal_entity (id),
  to_entity_id uuid NOT NULL REFERENCES legal_entity (id),
  -- First local day of the new owner.
  on_date date NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  CHECK (from_entity_id <> to_entity_id),
  UNIQUE (site_id, on_date)
);
ALTER TABLE site_hand_over ENABLE ROW LEVEL SECURITY;
ALTER TABLE site_hand_over FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation_in_scope ON site_hand_over USING (organisation_id = (SELECT public.scope_organisation()))
  WITH CHECK (organisation_id = (SELECT public.scope_organisation()));
CREATE POLICY all_organisations ON site_hand_over TO wattproof_ingestion, wattproof_worker
  USING ((SELECT public.scope_is_all())) WITH CHECK ((SELECT public.scope_is_all()));
CREATE POLICY owner_all ON site_hand_over TO wattproof_owner USING (true) WITH CHECK (true);
CREATE POLICY reader_all ON site_hand_over FOR SELECT TO wattproof_reader USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON site_hand_over TO wattproof_api, wattproof_worker;
GRANT SELECT ON site_hand_over TO wattproof_reader;
