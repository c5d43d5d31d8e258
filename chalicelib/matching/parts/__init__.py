"""A run in parts: what a run does, lot by lot, for pools that outgrow one machine; `docs/adr/0053-runs-in-parts.md`."""
