-- ARGV: 1 the line before, 2 the most lines.
-- Returns lines that wait, and whether these are all.
local limit = tonumber(ARGV[2])
local ids = redis.call(
    'ZRANGEBYSCORE', 'hubbub:held:ids', '(' .. ARGV[1], '+inf', 'LIMIT', 0, limit)
local found = {}
for _, id in ipairs(ids) do found[#found + 1] = held_text(id, held(id)) end
return {found, #ids < limit and 1 or 0}
