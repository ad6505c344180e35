-- ARGV: 1 the epoch, 2 the room.
-- Returns the version of the room, and the members of each node. Those of runs that don't attend are
-- deleted.
local members = 'hubbub:members:' .. ARGV[1] .. ':' .. ARGV[2]
local fields = redis.call('HGETALL', members)
local version, found = '0', {}
for place = 1, #fields, 2 do
    local node, told = fields[place], fields[place + 1]
    if node == '' then
        version = told
    else
        local run, text = told:match('^(%S+) %d+ (.*)$')
        local holder = redis.call('HGET', 'hubbub:attend:' .. ARGV[1], node)
        if holder and holder:match('^%S+') == run then
            found[#found + 1] = text
        else
            redis.call('HDEL', members, node)
        end
    end
end
return {version, found}
