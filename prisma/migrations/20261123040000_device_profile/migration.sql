-- Register maps of an organisation: from an uploaded table or a form. Profiles that ship with the product are code.
CREATE TABLE device_profile (
  organisation_id integer NOT NULL REFERENCES organisation (id),
  -- Unique within the organisation; begins with "own-", so it never meets a profile that ships.
  id text NOT NULL CHECK (id ~ '^own-[a-z0-9-]{1,60}$'),
  -- The whole profile as data.
  definition jsonb NOT NULL,
  file_name text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, id)
);

ALTER TABLE device_profile ENABLE ROW LEVEL SECURITY;
ALTER TABLE device_profile FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation_in_scope ON device_profile USING (organisation_id = (SELECT public.scope_organisation()))
  WITH CHECK (organisation_id = (SELECT public.scope_organisation()));
CREATE POLICY owner_all ON device_profile TO wattproof_owner USING (true) WITH CHECK (true);
CREATE POLICY reader_all ON device_profile FOR SELECT TO wattproof_reader USING (true);
GRANT SELECT, INSERT, DELETE ON device_profile TO wattproof_api;
GRANT SELECT ON device_profile TO wattproof_reader;
