-- ARGV: 1 the room.
-- Returns the epoch, the position, the oldest line, and what is known of earlier epochs: that of
-- the room's last line, the ends of those before, and all epochs in order. Then the settings, and
-- the entries of the last changes, the newest first.
local room = ARGV[1]
local epoch = redis.call('HGET', 'hubbub:epoch', 'epoch')
local last = position(room)
local known = redis.call('HMGET', 'hubbub:meta:' .. room, 'epoch', 'ends')
local epochs = redis.call('LRANGE', 'hubbub:epochs', 0, -1)
local settings = redis.call('HGET', 'hubbub:state:' .. room, 'settings')
local changes = {}
if not last:find('-0$') then
    local revs = redis.call('ZREVRANGE', 'hubbub:log:' .. room, 0, 255)
    if #revs > 0 then changes = redis.call('HMGET', 'hubbub:entries:' .. room, unpack(revs)) end
end
return {epoch, last, oldest(room, last), known[1], known[2] or '', epochs, settings, changes}
