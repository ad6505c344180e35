-- ARGV: 1 the room, 2 the first number, 3 the last one, 4 the most lines, 5 the most bytes.
-- Returns the position, the oldest line, lines of the stream, and whether these are all in the
-- range, and the same of lines that were brought back.
local room = ARGV[1]
local last = position(room)
local first = oldest(room, last)
local found, all = range(room, ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), true)
local back = redis.call(
    'ZRANGEBYSCORE', 'hubbub:restored:' .. room, ARGV[2], ARGV[3], 'LIMIT', 0, ARGV[4])
return {last, first, found, all, back, #back < tonumber(ARGV[4]) and 1 or 0}
