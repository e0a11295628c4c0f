-- Uses of a site that can be audited by themselves, with what that costs, and whether they are.
CREATE TABLE audit_use (
  organisation_id integer NOT NULL REFERENCES organisation (id),
  audit_id uuid NOT NULL REFERENCES audit (id),
  site_id uuid NOT NULL REFERENCES site (id),
  carrier text NOT NULL,
  energy_use text NOT NULL,
  -- NULL: not stated, so it is no candidate.
  auditor_days numeric(6, 2) CHECK (auditor_days >= 0),
  is_included boolean NOT NULL DEFAULT false,
  reason text NOT NULL DEFAULT '',
  PRIMARY KEY (audit_id, site_id, carrier, energy_use)
);

ALTER TABLE public.audit_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.audit_use FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation_in_scope ON public.audit_use USING (organisation_id = (SELECT public.scope_organisation())) WITH CHECK (organisation_id = (SELECT public.scope_organisation()));
CREATE POLICY all_organisations ON public.audit_use TO wattproof_ingestion, wattproof_worker USING ((SELECT public.scope_is_all())) WITH CHECK ((SELECT public.scope_is_all()));
CREATE POLICY owner_all ON public.audit_use TO wattproof_owner USING (true) WITH CHECK (true);
CREATE POLICY reader_all ON public.audit_use FOR SELECT TO wattproof_reader USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON public.audit_use TO wattproof_api, wattproof_worker;
GRANT SELECT ON public.audit_use TO wattproof_reader;
