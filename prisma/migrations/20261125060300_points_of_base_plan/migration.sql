-- Base intervals lie in chunks, which only the values of a plan can exclude. `series_base_{kind}` asks for generic plans of its
-- own statement, and what it calls would inherit that: with three hundred chunks each call then opened all of them.
ALTER FUNCTION public.points_base_counter(integer, integer, smallint, timestamptz, timestamptz, integer)
  SET plan_cache_mode = force_custom_plan;
ALTER FUNCTION public.points_base_gauge(integer, integer, smallint, timestamptz, timestamptz, integer)
  SET plan_cache_mode = force_custom_plan;
