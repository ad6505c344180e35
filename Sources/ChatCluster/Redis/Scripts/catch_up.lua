-- ARGV: 1 the room, 2 the position, 3 the most entries, 4 the most bytes.
-- Returns the epoch, the position of the room, the oldest line, where its numbers were raised to,
-- entries after the position, and whether these are all.
local room = ARGV[1]
local epoch = redis.call('HGET', 'hubbub:epoch', 'epoch')
local last = position(room)
local raised = redis.call('HGET', 'hubbub:meta:' .. room, 'raised') or '0-0'
local found, all = range(room, '(' .. ARGV[2], '+', tonumber(ARGV[3]), tonumber(ARGV[4]), false)
return {epoch, last, oldest(room, last), raised, found, all}
