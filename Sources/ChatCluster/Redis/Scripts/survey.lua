-- ARGV: 1 the room before, or '', 2 the most rooms.
-- Returns a list of room, position and fields of its state, and whether these are all.
local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
local limit = tonumber(ARGV[2])
local rooms = redis.call('ZRANGEBYLEX', 'hubbub:states', from, '+', 'LIMIT', 0, limit)
local states = {}
for _, room in ipairs(rooms) do
    states[#states + 1] = room
    states[#states + 1] = position(room)
    states[#states + 1] = redis.call('HGETALL', 'hubbub:state:' .. room)
end
return {states, #rooms < limit and 1 or 0}
