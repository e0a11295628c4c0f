-- Whether somebody compared a factor with its source, and under which licence the source may be used.
ALTER TABLE energy_factor
  ADD COLUMN verification text NOT NULL DEFAULT 'secondary' CHECK (verification IN ('verified', 'secondary', 'unverified')),
  ADD COLUMN licence text NOT NULL DEFAULT '',
  -- The version that this one took the place of.
  ADD COLUMN replaces uuid REFERENCES energy_factor (id);
