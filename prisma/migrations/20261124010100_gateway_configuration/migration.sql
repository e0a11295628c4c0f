-- What a gateway shall read, version by version: planned by people, sent, tried by the gateway, kept or returned from.
CREATE TABLE gateway_configuration (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  gateway_id text NOT NULL REFERENCES gateway (id),
  -- Given when it is sent; a draft has none.
  version integer CHECK (version >= 1),
  state text NOT NULL CHECK (state IN ('draft', 'checked', 'sent', 'probation', 'confirmed', 'returned', 'superseded')),
  -- As people planned it.
  plan jsonb NOT NULL,
  -- As it was sent; NULL before.
  configuration jsonb,
  note text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  sent_by text,
  sent_at timestamptz,
  -- When the gateway kept it, or returned from it and why.
  settled_at timestamptz,
  reason text,
  message text,
  UNIQUE (gateway_id, version),
  CHECK ((version IS NULL) = (state IN ('draft', 'checked')))
);
CREATE UNIQUE INDEX gateway_configuration_draft ON gateway_configuration (gateway_id) WHERE version IS NULL;
CREATE INDEX gateway_configuration_open ON gateway_configuration (gateway_id) WHERE state IN ('sent', 'probation');

-- What people asked of devices from afar, and what came of it: kept, since each may change what a meter says.
CREATE TABLE gateway_command (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id integer NOT NULL REFERENCES organisation (id),
  gateway_id text NOT NULL REFERENCES gateway (id),
  kind text NOT NULL CHECK (kind IN ('read', 'write', 'sunspec')),
  request jsonb NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  answered_at timestamptz,
  outcome text,
  result jsonb
);
CREATE INDEX gateway_command_gateway ON gateway_command (gateway_id, created_at DESC);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['gateway_configuration', 'gateway_command'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY organisation_in_scope ON public.%I USING (organisation_id = (SELECT public.scope_organisation())) WITH CHECK (organisation_id = (SELECT public.scope_organisation()))', t);
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO wattproof_owner USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY reader_all ON public.%I FOR SELECT TO wattproof_reader USING (true)', t);
    EXECUTE format('GRANT SELECT ON public.%I TO wattproof_reader', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON gateway_configuration TO wattproof_api;
GRANT SELECT, INSERT, UPDATE ON gateway_command TO wattproof_api;

-- Sent configurations of all organisations that their gateways have said something new of.
CREATE FUNCTION public.configurations_to_settle(most integer)
  RETURNS TABLE (organisation_id integer, gateway_id text, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT c.organisation_id, c.gateway_id, c.id
   FROM gateway_configuration c JOIN gateway g ON g.id = c.gateway_id
   WHERE c.state IN ('sent', 'probation')
     AND ((g.state ->> 'configVersion')::numeric > c.version
       OR (g.state #>> '{configuration,returned,version}')::numeric = c.version
       OR ((g.state ->> 'configVersion')::numeric = c.version
         AND (c.state = 'sent' OR coalesce(g.state #>> '{configuration,phase}', 'inForce') <> 'probation')))
   ORDER BY c.gateway_id, c.version LIMIT most $$;
REVOKE ALL ON FUNCTION public.configurations_to_settle(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.configurations_to_settle(integer) TO wattproof_api;
