-- ARGV: 1 the epoch, 2 the node, 3 its attendance, as 'run first last'.
-- The node has died, unless it has attended meanwhile.
local attendances = 'hubbub:attend:' .. ARGV[1]
if redis.call('HGET', attendances, ARGV[2]) == ARGV[3] then
    redis.call('HDEL', attendances, ARGV[2])
end
return 'OK'
