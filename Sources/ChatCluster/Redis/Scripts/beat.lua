-- KEYS: 1 the node's name. ARGV: 1 its run, 2 the lease in milliseconds, 3 how many
-- replicas must have a line, 4 … rooms.
-- Renews the lease, and returns the state and the positions of the rooms.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return redis.call('PTTL', KEYS[1]) end
-- Positions are also told if nothing can be written. A full shard still renews leases.
if redis.pcall('PEXPIRE', KEYS[1], ARGV[2]) ~= 1 then
    redis.pcall('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
local positions = {}
for first = 4, #ARGV, 1000 do
    local last = math.min(first + 999, #ARGV)
    for _, head in ipairs(redis.call('HMGET', 'hubbub:heads', unpack(ARGV, first, last))) do
        positions[#positions + 1] = head or '0-0'
    end
end
return {state(ARGV[3]), positions}
