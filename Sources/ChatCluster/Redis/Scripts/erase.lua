-- ARGV: 1 the room, 2 the change.
-- Returns how many lines of the change are left to be erased.
return erase(ARGV[1], ARGV[2], 256)
