-- KEYS: 1 the node's name. ARGV: 1 its run, 2 the lease in milliseconds, 3 how many
-- replicas must have a line.
-- Takes the name for the run, or returns how long another run has it.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return redis.call('PTTL', KEYS[1]) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return state(ARGV[3])
