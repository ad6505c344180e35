-- ARGV: 1 the new epoch, 2 the one before it, empty if there is none.
-- Begins the epoch unless another one has begun meanwhile. Returns the one in force.
local now = redis.call('HGET', 'hubbub:epoch', 'epoch') or ''
if now ~= ARGV[2] then return now end
local present = data()
if not present then return redis.error_reply('READONLY it is a replica') end
redis.call('HSET', 'hubbub:epoch', 'epoch', ARGV[1], 'data', present)
redis.call('RPUSH', 'hubbub:epochs', ARGV[1])
redis.call('LTRIM', 'hubbub:epochs', -64, -1)
return ARGV[1]
