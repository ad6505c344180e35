-- Begins every script about lines that wait. Each is packed under its id: its room, its text, the
-- bytes of its entry before and after the time, its time, its key's hash and its text's digest.

local function held(id)
    local packed = redis.call('HGET', 'hubbub:held', id)
    return packed and cmsgpack.unpack(packed)
end

-- A line as nodes read it.
local function held_text(id, line)
    local approved = line.approved and ',"approved":true' or ''
    return '{"id":' .. id .. approved .. ',"line":' .. line.text .. '}'
end

local function keep_held(id, line)
    redis.call('HSET', 'hubbub:held', id, cmsgpack.pack(line))
    redis.call('ZADD', 'hubbub:held:ids', id, id)
    if line.key ~= '' then redis.call('HSET', 'hubbub:held:keys', line.key, id) end
end

-- The line waits no more.
local function drop_held(id, line)
    redis.call('HDEL', 'hubbub:held', id)
    redis.call('ZREM', 'hubbub:held:ids', id)
    if line.key ~= '' then redis.call('HDEL', 'hubbub:held:keys', line.key) end
end

-- The answer to a node's group, if it was carried out already. The group's record is a hash.
local function known_group(name, run, group)
    local known = redis.call('HMGET', name, 'run', 'group', 'reply')
    if known[1] ~= run then return nil end
    if known[2] == group then return cmsgpack.unpack(known[3]) end
    if tonumber(known[2]) > tonumber(group) then
        return redis.error_reply('ERR a later group was carried out')
    end
end

local function remember_group(name, run, group, reply)
    redis.call('HSET', name, 'run', run, 'group', group, 'reply', cmsgpack.pack(reply))
    redis.call('PEXPIRE', name, 3600000)
    return reply
end
