-- ARGV: 1 the room, 2 the change before which to read, 3 the most changes.
-- Returns entries of the log, the newest first, each with what has undone it or null.
local entries, found = 'hubbub:entries:' .. ARGV[1], {}
local revs = redis.call(
    'ZREVRANGEBYSCORE', 'hubbub:log:' .. ARGV[1], '(' .. ARGV[2], '-inf', 'LIMIT', 0, ARGV[3])
for _, rev in ipairs(revs) do
    found[#found + 1] = redis.call('HMGET', entries, rev, 'undone:' .. rev)
end
return found
