-- Under which master key the first seal of the database will be: that of the process that opened it first. Only looked at
-- while nothing is sealed; afterwards the seals themselves tell.
ALTER TABLE yinuo_format ADD COLUMN first_key bytea;
