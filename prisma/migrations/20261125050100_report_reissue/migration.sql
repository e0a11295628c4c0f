-- What reports were computed from, and which report a re-issue replaces.
-- Plain data by its digest: several languages and drafts of the same data share it.
CREATE TABLE report_ground (
  organisation_id integer NOT NULL REFERENCES organisation (id),
  audit_id uuid NOT NULL REFERENCES audit (id),
  sha256 text NOT NULL,
  content jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (audit_id, sha256)
);
-- NULL: a report of before grounds were kept.
ALTER TABLE document ADD COLUMN ground_sha256 text;
ALTER TABLE document ADD CONSTRAINT document_ground FOREIGN KEY (audit_id, ground_sha256) REFERENCES report_ground (audit_id, sha256);
-- The signature under the report that this one replaces once it is signed itself.
ALTER TABLE document ADD COLUMN replaces_signature_id uuid REFERENCES audit_signature (id);
CREATE INDEX document_replaces ON document (replaces_signature_id) WHERE replaces_signature_id IS NOT NULL;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON report_ground FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.report_ground ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.report_ground FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation_in_scope ON public.report_ground USING (organisation_id = (SELECT public.scope_organisation())) WITH CHECK (organisation_id = (SELECT public.scope_organisation()));
CREATE POLICY all_organisations ON public.report_ground TO wattproof_ingestion, wattproof_worker USING ((SELECT public.scope_is_all())) WITH CHECK ((SELECT public.scope_is_all()));
CREATE POLICY owner_all ON public.report_ground TO wattproof_owner USING (true) WITH CHECK (true);
CREATE POLICY reader_all ON public.report_ground FOR SELECT TO wattproof_reader USING (true);
GRANT SELECT ON public.report_ground TO wattproof_reader, wattproof_api;
GRANT SELECT, INSERT ON public.report_ground TO wattproof_worker;
