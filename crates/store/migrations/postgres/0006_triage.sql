-- Whether a person has to look at what a ticket was classified as, or has. Rows of tickets that came in before say nothing:
-- nobody had to.
ALTER TABLE tickets ADD COLUMN triage text;
CREATE INDEX tickets_triage ON tickets (org, open, triage, due_at_us, received_at_us, ticket) WHERE triage IS NOT NULL;
