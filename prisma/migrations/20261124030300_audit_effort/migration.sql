-- What auditing each site costs, and which sites are alike: the ground of the cheapest audited scope.
ALTER TABLE audit ADD COLUMN rate_per_day numeric(12, 2) NOT NULL DEFAULT 0 CHECK (rate_per_day >= 0);

CREATE TABLE audit_cluster (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  audit_id uuid NOT NULL REFERENCES audit (id),
  name text NOT NULL,
  -- Why its sites are alike; without it the cluster does not count.
  justification text NOT NULL DEFAULT '',
  -- Members that must be audited, where the rule gives no formula.
  stated_size integer CHECK (stated_size > 0),
  UNIQUE (audit_id, name)
);
CREATE TABLE audit_site (
  organisation_id integer NOT NULL REFERENCES organisation (id),
  audit_id uuid NOT NULL REFERENCES audit (id),
  site_id uuid NOT NULL REFERENCES site (id),
  auditor_days numeric(6, 2) NOT NULL DEFAULT 1 CHECK (auditor_days >= 0),
  -- In the site's currency.
  travel_cost numeric(12, 2) NOT NULL DEFAULT 0 CHECK (travel_cost >= 0),
  is_mandatory boolean NOT NULL DEFAULT false,
  cluster_id uuid REFERENCES audit_cluster (id) ON DELETE SET NULL,
  PRIMARY KEY (audit_id, site_id)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['audit_cluster', 'audit_site'] LOOP
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
