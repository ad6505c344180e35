-- ARGV: 1 the epoch, 2 the room, 3 the node, 4 its run, 5 the number of the telling, 6 the node's
-- members, 7 how long they are kept, in milliseconds.
-- The node has these members in the room. Returns 0 if another run of it attends. The version of the
-- room is in the field without a name.
local holder = redis.call('HGET', 'hubbub:attend:' .. ARGV[1], ARGV[3])
if holder and holder:match('^%S+') ~= ARGV[4] then return 0 end
local members = 'hubbub:members:' .. ARGV[1] .. ':' .. ARGV[2]
local known = redis.call('HGET', members, ARGV[3])
if known then
    local run, number = known:match('^(%S+) (%d+) ')
    if run == ARGV[4] and tonumber(number) >= tonumber(ARGV[5]) then return 1 end
end
redis.call('HSET', members, ARGV[3], ARGV[4] .. ' ' .. ARGV[5] .. ' ' .. ARGV[6])
local version = redis.call('HINCRBY', members, '', 1)
redis.call('PEXPIRE', members, ARGV[7])
redis.call('PUBLISH', channels .. 'in:' .. ARGV[2], '@' .. ARGV[1] .. ' ' .. version .. ' ' .. ARGV[6])
return 1
