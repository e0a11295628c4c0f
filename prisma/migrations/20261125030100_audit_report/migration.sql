-- What the auditor states, with photos, and the signature that freezes a report.
-- The account that may sign; NULL: nobody is named yet.
ALTER TABLE audit ADD COLUMN auditor_user_id text;

CREATE TABLE audit_dossier (
  audit_id uuid PRIMARY KEY REFERENCES audit (id),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  -- Counts the changes: who writes names the version that they read.
  version integer NOT NULL CHECK (version > 0),
  content jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL
);

-- Pictures without what cameras write into them. The bytes stay when a picture is taken out: a report may show it.
CREATE TABLE audit_photo (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  audit_id uuid NOT NULL REFERENCES audit (id),
  section text NOT NULL,
  site_id uuid REFERENCES site (id),
  caption text NOT NULL,
  taken_on date,
  media_type text NOT NULL,
  width integer NOT NULL CHECK (width > 0),
  height integer NOT NULL CHECK (height > 0),
  content bytea NOT NULL,
  sha256 text NOT NULL,
  -- Of the file as it was sent.
  upload_sha256 text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  removed_at timestamptz
);
CREATE INDEX audit_photo_audit ON audit_photo (audit_id);

-- A named auditor signed a draft that they could read: its snapshot is what the signed report is made of.
CREATE TABLE audit_signature (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  audit_id uuid NOT NULL REFERENCES audit (id),
  draft_document_id uuid NOT NULL UNIQUE REFERENCES document (id),
  draft_sha256 text NOT NULL,
  signer_user_id text NOT NULL,
  signer_name text NOT NULL,
  signed_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE document ADD COLUMN signature_id uuid REFERENCES audit_signature (id);
CREATE UNIQUE INDEX document_signature_locale ON document (signature_id, locale) WHERE signature_id IS NOT NULL;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_signature FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER signed_stays BEFORE UPDATE OR DELETE ON document FOR EACH ROW
  WHEN (OLD.signature_id IS NOT NULL) EXECUTE FUNCTION public.refuse_change();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['audit_dossier', 'audit_photo', 'audit_signature'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY organisation_in_scope ON public.%I USING (organisation_id = (SELECT public.scope_organisation())) WITH CHECK (organisation_id = (SELECT public.scope_organisation()))', t);
    EXECUTE format('CREATE POLICY all_organisations ON public.%I TO wattproof_ingestion, wattproof_worker USING ((SELECT public.scope_is_all())) WITH CHECK ((SELECT public.scope_is_all()))', t);
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO wattproof_owner USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY reader_all ON public.%I FOR SELECT TO wattproof_reader USING (true)', t);
    EXECUTE format('GRANT SELECT ON public.%I TO wattproof_reader', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_dossier, audit_photo TO wattproof_api, wattproof_worker;
GRANT SELECT, INSERT ON audit_signature TO wattproof_api, wattproof_worker;
