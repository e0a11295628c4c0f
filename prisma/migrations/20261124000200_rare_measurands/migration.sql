-- Values of rare measurands (harmonics by order, tariff counters, contacts) of one reading, by the measurand's number:
-- {"1305": 4.2, "201": 123456}. A column for each would be hundreds, null in nearly every row.
ALTER TABLE store.reading ADD COLUMN rare jsonb;

CREATE OR REPLACE VIEW public.reading WITH (security_barrier) AS
  SELECT * FROM store.reading WHERE organisation_id = (SELECT public.scope_organisation());
