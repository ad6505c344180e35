-- ARGV: 1 the epoch, 2 the id of a line that has waited, or 0, 3 … rooms, each with a position.
-- Ids and rooms go on above these. Followers are told where rooms are now.
if redis.call('HGET', 'hubbub:epoch', 'epoch') ~= ARGV[1] then
    return redis.error_reply('ERR another epoch has begun')
end
local held = redis.call('GET', 'hubbub:held:last') or '0'
if tonumber(ARGV[2]) > tonumber(held) then redis.call('SET', 'hubbub:held:last', ARGV[2]) end
for place = 3, #ARGV, 2 do
    local room = ARGV[place]
    local last = position(room)
    local seq, rev = parts(last)
    local least, below = parts(ARGV[place + 1])
    if least > seq or below > rev then
        local raised = math.max(seq, least) .. '-' .. math.max(rev, below)
        local stream = 'hubbub:room:' .. room
        -- An entry that is deleted at once leaves its id as the last one of the stream.
        redis.call('XADD', stream, raised, 'raised', '')
        redis.call('XDEL', stream, raised)
        adopt(room, ARGV[1], last)
        redis.call('HSET', 'hubbub:meta:' .. room, 'raised', raised)
        redis.call('HSET', 'hubbub:heads', room, raised)
        redis.call('PUBLISH', channels .. 'in:' .. room, ARGV[1] .. ' ' .. raised .. '\n')
    end
end
return 'OK'
