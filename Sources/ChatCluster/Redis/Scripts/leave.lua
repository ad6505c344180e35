-- KEYS: 1 the node's name. ARGV: 1 its run.
-- The run has ended, and needs its name no more.
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 'OK'
