-- ARGV: 1 the epoch, 2 the node, 3 its run, 4 the number of the attendance, 5 how long it is kept, in
-- milliseconds, 6 … rooms.
-- The node lives. Returns who attends, as a list of node and 'run first last', and the versions of
-- the rooms.
local attendances = 'hubbub:attend:' .. ARGV[1]
local first, last = ARGV[4], ARGV[4]
local known = redis.call('HGET', attendances, ARGV[2])
if known then
    local run, began, latest = known:match('^(%S+) (%d+) (%d+)$')
    if run == ARGV[3] then
        first = began
        if tonumber(latest) > tonumber(last) then last = latest end
    end
end
redis.call('HSET', attendances, ARGV[2], ARGV[3] .. ' ' .. first .. ' ' .. last)
redis.call('PEXPIRE', attendances, ARGV[5])
local versions = {}
for place = 6, #ARGV do
    local members = 'hubbub:members:' .. ARGV[1] .. ':' .. ARGV[place]
    versions[#versions + 1] = redis.call('HGET', members, '') or '0'
end
return {redis.call('HGETALL', attendances), versions}
