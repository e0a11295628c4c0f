-- Decisions of people about what gateways delivered. The API writes them down, ingestion carries them out: it stays the only
-- writer of readings.

ALTER TABLE dead_letter
  -- Readings that could be decoded but not stored, and the reach of their instants in epoch ms, which may lie beyond any calendar.
  ADD COLUMN readings integer,
  ADD COLUMN first_at_ms bigint,
  ADD COLUMN last_at_ms bigint,
  ADD COLUMN decision text CHECK (decision IN ('take', 'discard')),
  ADD COLUMN decided_by text,
  ADD COLUMN decided_at timestamptz,
  ADD COLUMN correction_s bigint,
  -- What came of a take.
  ADD COLUMN outcome text;
CREATE INDEX dead_letter_to_take ON dead_letter (id) WHERE decision = 'take' AND resolved_at IS NULL;
CREATE INDEX dead_letter_quarantined ON dead_letter (organisation_id, gateway_id)
  WHERE code = 'timestampOutOfRange' AND resolved_at IS NULL;
GRANT UPDATE ON dead_letter TO wattproof_ingestion;

ALTER TABLE store.reading_conflict
  ADD COLUMN decision text CHECK (decision IN ('keep', 'replace')),
  ADD COLUMN decided_by text,
  ADD COLUMN decided_at timestamptz,
  ADD COLUMN reason text,
  ADD COLUMN applied_at timestamptz,
  ADD COLUMN outcome text;
CREATE INDEX reading_conflict_to_apply ON store.reading_conflict (id) WHERE decision = 'replace' AND applied_at IS NULL;
CREATE INDEX reading_conflict_of_organisation ON store.reading_conflict (organisation_id, id);
CREATE OR REPLACE VIEW public.reading_conflict WITH (security_barrier) AS
  SELECT * FROM store.reading_conflict WHERE organisation_id = (SELECT public.scope_organisation());
-- A person's words, nothing of the values.
GRANT UPDATE (decision, decided_by, decided_at, reason) ON public.reading_conflict TO wattproof_api;

-- Since when batches of a sequence are missing and how often its gateway was asked; null while none are.
ALTER TABLE store.gateway_watermark
  ADD COLUMN gap_since timestamptz,
  ADD COLUMN gap_asked integer NOT NULL DEFAULT 0,
  ADD COLUMN gap_asked_at timestamptz;

-- Batches that their gateway did not send though it was asked: the record that something may be missing for good.
CREATE TABLE store.gateway_given_up (
  gateway_id text NOT NULL,
  boot text NOT NULL,
  lane text NOT NULL,
  from_seq bigint NOT NULL,
  to_seq bigint NOT NULL,
  asked integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (gateway_id, boot, lane, from_seq)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON store.gateway_given_up TO wattproof_ingestion, wattproof_worker;
GRANT SELECT ON store.gateway_given_up TO wattproof_reader;

CREATE VIEW public.gateway_sequence WITH (security_barrier) AS
  SELECT w.*, g.organisation_id FROM store.gateway_watermark w JOIN gateway g ON g.id = w.gateway_id
  WHERE g.organisation_id = (SELECT public.scope_organisation());
CREATE VIEW public.gateway_given_up WITH (security_barrier) AS
  SELECT u.*, g.organisation_id FROM store.gateway_given_up u JOIN gateway g ON g.id = u.gateway_id
  WHERE g.organisation_id = (SELECT public.scope_organisation());
GRANT SELECT ON public.gateway_sequence, public.gateway_given_up TO wattproof_api, wattproof_reader;
