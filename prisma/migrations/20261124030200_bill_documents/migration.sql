-- Bills with their lines, credit notes, VAT, and the document they came in.
ALTER TABLE bill
  ADD COLUMN kind text NOT NULL DEFAULT 'bill' CHECK (kind IN ('bill', 'creditNote')),
  -- Number of the bill that a credit note corrects.
  ADD COLUMN corrects text,
  ADD COLUMN issued_on date,
  ADD COLUMN vat_amount numeric(18, 2),
  ADD COLUMN created_by text;
-- Until now a credit note was told by its amount alone.
UPDATE bill SET kind = 'creditNote' WHERE amount_ex_vat < 0;

CREATE TABLE bill_line (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  bill_id uuid NOT NULL REFERENCES bill (id) ON DELETE CASCADE,
  -- From 1, as on the bill.
  position integer NOT NULL,
  name text NOT NULL,
  quantity numeric(18, 6),
  unit text NOT NULL DEFAULT '',
  unit_price numeric(18, 8),
  amount_ex_vat numeric(18, 2) NOT NULL,
  vat_rate numeric(6, 2),
  -- Its quantity is the energy of the bill; a network fee states the same kWh and is none.
  counts_as_energy boolean NOT NULL DEFAULT false,
  UNIQUE (bill_id, position)
);
ALTER TABLE bill_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE bill_line FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation_in_scope ON bill_line USING (organisation_id = (SELECT public.scope_organisation()))
  WITH CHECK (organisation_id = (SELECT public.scope_organisation()));
CREATE POLICY all_organisations ON bill_line TO wattproof_ingestion, wattproof_worker
  USING ((SELECT public.scope_is_all())) WITH CHECK ((SELECT public.scope_is_all()));
CREATE POLICY owner_all ON bill_line TO wattproof_owner USING (true) WITH CHECK (true);
CREATE POLICY reader_all ON bill_line FOR SELECT TO wattproof_reader USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON bill_line TO wattproof_api, wattproof_worker;
GRANT SELECT ON bill_line TO wattproof_reader;

ALTER TABLE bill_import ADD COLUMN media_type text NOT NULL DEFAULT 'text/csv';

-- A delivery point that is handed over to another entity is a new row from that day on, with the same code.
ALTER TABLE delivery_point DROP CONSTRAINT delivery_point_organisation_id_code_key;
ALTER TABLE delivery_point ADD CONSTRAINT delivery_point_organisation_id_code_valid_from_key
  UNIQUE (organisation_id, code, valid_from);

-- Rows of the energy account that no bill states: dated, sourced, by a meter or by a document.
ALTER TABLE energy_account_row DROP CONSTRAINT energy_account_row_kind_check;
ALTER TABLE energy_account_row
  ADD CONSTRAINT energy_account_row_kind_check
    CHECK (kind IN ('selfConsumed', 'ambientHeat', 'thirdPartyHaulage', 'converted', 'passedOn', 'feedstock')),
  -- Of the whole of [valid_from, valid_to), where no meter knows it.
  ADD COLUMN energy_kwh numeric(18, 3) CHECK (energy_kwh >= 0),
  ADD COLUMN calorific_basis text NOT NULL DEFAULT 'none' CHECK (calorific_basis IN ('gross', 'net', 'none')),
  -- NULL: open on that side.
  ADD COLUMN valid_from date,
  ADD COLUMN valid_to date,
  -- Limit of error, percent; NULL: that of the meter's chain, or none.
  ADD COLUMN limit_percent numeric(8, 4) CHECK (limit_percent >= 0),
  -- Of energy passed on to another legal entity of the organisation: it stands in that one's account as received.
  ADD COLUMN counterpart_entity_id uuid REFERENCES legal_entity (id),
  ADD COLUMN created_by text,
  ADD CHECK (meter_id IS NULL OR energy_kwh IS NULL),
  ADD CHECK (energy_kwh IS NULL OR (valid_from IS NOT NULL AND valid_to IS NOT NULL)),
  ADD CHECK (valid_to > valid_from),
  ADD CHECK (counterpart_entity_id IS NULL OR (kind = 'passedOn' AND counterpart_entity_id <> legal_entity_id));
