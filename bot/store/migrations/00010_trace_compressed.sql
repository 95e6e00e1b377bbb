-- The trace of a turn is by far the longest text that is written. PostgreSQL compresses it with what is
-- quick where it has that, and else not at all: its own way takes longer than all the rest of a turn.

-- on sqlite
SELECT 1;

-- on postgres
DO $$ BEGIN
    EXECUTE 'ALTER TABLE turns ALTER COLUMN trace SET COMPRESSION lz4';
EXCEPTION WHEN feature_not_supported OR syntax_error THEN
    ALTER TABLE turns ALTER COLUMN trace SET STORAGE EXTERNAL;
END $$;
