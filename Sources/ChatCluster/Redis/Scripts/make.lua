-- KEYS: 1 the change's key, if it has one. ARGV: 1 the room, 2 the epoch, 3 the change's number, 4
-- its entry for the stream and 5 for followers, 6 that for the log, 7 its news, 8 an object with
-- the rest: edits (each 'set' or 'del', a field of the state and its value), waiting (lines that
-- must wait), rejected, approved, gone (numbers of lines), undone, restores (whether lines must be
-- there to be brought back), digest, keyed and undoable (milliseconds).
-- Returns 'made' or 'conflict', the number of the last change, and that of the last news. Returns
-- nothing if another epoch has begun.
local room, epoch, rev = ARGV[1], ARGV[2], ARGV[3]
local wanted = cjson.decode(ARGV[8])
if redis.call('HGET', 'hubbub:epoch', 'epoch') ~= epoch then return false end
local before = position(room)
local seq, last = before:match('^(%d+)-(%d+)$')
local conflict = {'conflict', last, last_news()}
if tonumber(rev) ~= last + 1 then return conflict end
for _, id in ipairs(wanted.waiting) do
    if not held(id) then return conflict end
end
local undone = wanted.undone and 'hubbub:kept:' .. room .. ':' .. wanted.undone
if wanted.restores and redis.call('EXISTS', undone) == 0 then return conflict end

-- What can be refused is refused by the first write.
redis.call('XADD', 'hubbub:room:' .. room, seq .. '-' .. rev, 'c', ARGV[4])
adopt(room, epoch, before)
redis.call('HSET', 'hubbub:heads', room, seq .. '-' .. rev)
redis.call('ZADD', 'hubbub:states', 0, room)
local state = 'hubbub:state:' .. room
for _, edit in ipairs(wanted.edits) do
    if edit[1] == 'set' then
        redis.call('HSET', state, edit[2], edit[3])
    else
        redis.call('HDEL', state, edit[2])
    end
end

local log, entries = 'hubbub:log:' .. room, 'hubbub:entries:' .. room
local placed = '"after":' .. seq
redis.call('ZADD', log, rev, rev)
redis.call('HSET', entries, rev, (ARGV[6]:gsub('"after":%d+', placed, 1)))
if wanted.undone then redis.call('HSET', entries, 'undone:' .. wanted.undone, rev) end
for _, old in ipairs(redis.call('ZRANGE', log, 0, -4097)) do
    redis.call('HDEL', entries, old, 'undone:' .. old)
    redis.call('ZREM', log, old)
end
if KEYS[1] then
    redis.call('SET', KEYS[1], rev .. ' ' .. wanted.digest, 'PX', wanted.keyed)
end

if wanted.restores then
    local kept = redis.call('HGETALL', undone)
    for place = 1, #kept, 2 do
        if kept[place] ~= 'kept' then
            local line = kept[place] .. ' ' .. kept[place + 1]
            redis.call('ZADD', 'hubbub:restored:' .. room, kept[place], line)
        end
    end
    redis.call('DEL', undone)
end
if #wanted.gone > 0 then
    local name = ':' .. room .. ':' .. rev
    for _, line in ipairs(wanted.gone) do redis.call('RPUSH', 'hubbub:erase' .. name, line) end
    redis.call('SADD', 'hubbub:unerased', room .. ' ' .. rev)
    redis.call('HSET', 'hubbub:kept' .. name, 'kept', '')
    redis.call('PEXPIRE', 'hubbub:kept' .. name, wanted.undoable)
    erase(room, rev, 256)
end
for _, id in ipairs(wanted.rejected) do
    local line = held(id)
    if line then drop_held(id, line) end
end
if wanted.approved then
    local line = held(wanted.approved)
    line.approved = true
    keep_held(wanted.approved, line)
end

redis.call('PUBLISH', channels .. 'in:' .. room, epoch .. ' ' .. before .. '\n' .. ARGV[5])
local news = tell('{"room":"' .. room .. '","after":' .. seq .. ',"change":' .. ARGV[7] .. '}')
return {'made', rev, news}
