-- Readings are asked for by meter and time only. ANALYZE of a chunk sorts a sample of every column that it keeps statistics of,
-- and autovacuum analyses the newest chunk again and again: over fifty columns of values that nobody asks by took a quarter of
-- the processor time that PostgreSQL spent on ingestion.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT attname FROM pg_attribute WHERE attrelid = 'store.reading'::regclass AND attnum > 0 AND NOT attisdropped
    AND attname NOT IN ('at', 'meter_id', 'organisation_id', 'quality', 'received_at')
  LOOP
    EXECUTE format('ALTER TABLE store.reading ALTER COLUMN %I SET STATISTICS 0', name);
  END LOOP;
END $$;
