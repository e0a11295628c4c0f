-- Evidence of a non-routine adjustment, kept byte for byte: what was added stays.
CREATE TABLE adjustment_file (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  adjustment_id uuid NOT NULL REFERENCES adjustment (id),
  name text NOT NULL,
  media_type text NOT NULL,
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  content bytea NOT NULL,
  added_by text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (adjustment_id, sha256)
);
ALTER TABLE adjustment_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE adjustment_file FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation_in_scope ON adjustment_file USING (organisation_id = (SELECT public.scope_organisation()))
  WITH CHECK (organisation_id = (SELECT public.scope_organisation()));
CREATE POLICY owner_all ON adjustment_file TO wattproof_owner USING (true) WITH CHECK (true);
CREATE POLICY reader_all ON adjustment_file FOR SELECT TO wattproof_reader USING (true);
GRANT SELECT, INSERT ON adjustment_file TO wattproof_api;
GRANT SELECT ON adjustment_file TO wattproof_reader;
