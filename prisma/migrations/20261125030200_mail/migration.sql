-- Mails to send, with what became of each, and reports that are made and sent by a schedule.
CREATE TABLE report_schedule (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  audit_id uuid NOT NULL REFERENCES audit (id),
  locale text NOT NULL,
  recipients text[] NOT NULL CHECK (cardinality(recipients) BETWEEN 1 AND 20),
  every text NOT NULL CHECK (every IN ('week', 'month', 'quarter', 'year')),
  -- Day (UTC) of the next report.
  next_on date NOT NULL,
  -- The document goes with the mail; otherwise a link to it does.
  is_attached boolean NOT NULL,
  job_run_id uuid REFERENCES job_run (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL
);
CREATE INDEX report_schedule_next ON report_schedule (next_on);

CREATE TABLE mail (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  kind text NOT NULL CHECK (kind IN ('report', 'reminder')),
  -- The same mail is not written twice.
  key text NOT NULL,
  audit_id uuid REFERENCES audit (id),
  recipient text NOT NULL,
  locale text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  -- Goes with the mail.
  document_id uuid REFERENCES document (id),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL DEFAULT now(),
  -- What the mail server, or the lack of one, said last.
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  UNIQUE (organisation_id, key)
);
CREATE INDEX mail_waiting ON mail (next_try_at) WHERE state = 'waiting';
CREATE INDEX mail_audit ON mail (audit_id, created_at DESC);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['report_schedule', 'mail'] LOOP
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
