-- Where the newest tickets begin: a search that finds much looks at these first.
CREATE INDEX search_received ON search_documents (org, received_at_us);
