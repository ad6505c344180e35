-- KEYS: 1 the node's last group in the room. ARGV: 1 the room, 2 the epoch, 3 the node's run, 4 the
-- group's number, 5 '1' to compare the data with the epoch's, and the replicas with those wanted, 6
-- about how many entries the room keeps, or 0 for all, 7 how many replicas must have the lines,
-- 8 … two for each line: the entry, and '' or its key's hash (16 bytes), its text's digest (8
-- bytes) and its time.
--
-- Returns the answers: the number of the first new line, and what isn't a new line, such as
-- '42 3=17,1700000000000 5!': the fourth line is line 17 already, and the key of the sixth has
-- another text. Returns nothing if another epoch has begun. Everything that can be refused is
-- refused before the first write.
local room, epoch, run, group = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local stream = 'hubbub:room:' .. room

local known = redis.call('GET', KEYS[1])
if known then
    local by, number, answers = known:match('^(%S+) (%S+) (.*)$')
    if by == run then
        if number == group then
            -- It is a write, so that a node that waits for replicas waits for the lines.
            redis.pcall('PEXPIRE', KEYS[1], 3600000)
            return answers
        end
        -- It comes late, over a connection that its node has given up.
        if tonumber(number) > tonumber(group) then
            return redis.error_reply('ERR a later group was appended')
        end
    end
end

local now = redis.call('HMGET', 'hubbub:epoch', 'epoch', 'data')
if now[1] ~= epoch then return false end
local lacks = false
if ARGV[5] == '1' then
    local present, replicas = data()
    if now[2] ~= present then return false end
    lacks = lack(replicas, ARGV[7])
end

-- What each line is: a new one, or one whose key is known.
local head = redis.call('HGET', 'hubbub:heads', room) or '0-0'
local seq, rev = parts(head)
local last, entries, keys, exceptions = seq, {}, {}, {}
local sent = {}
for place = 8, #ARGV, 2 do
    local key, before = ARGV[place + 1], nil
    if key ~= '' then
        local name = 'hubbub:send:' .. key:sub(1, 16)
        before = sent[name] or redis.call('GET', name)
        if not before then
            sent[name] = key:sub(17, 24) .. (last + 1) .. ',' .. key:sub(25)
            keys[#keys + 1] = name
        end
    end
    if not before then
        last = last + 1
        entries[#entries + 1] = ARGV[place]
    else
        local same = before:sub(1, 8) == key:sub(17, 24)
        exceptions[#exceptions + 1] =
            ' ' .. (place - 8) / 2 .. (same and '=' .. before:sub(9) or '!')
    end
end

if lacks and last > seq then return redis.error_reply('NOREPLICAS ' .. lacks) end

-- The stream refuses an id that isn't above its last one. It does so if somebody has deleted the
-- head, which is then put right for the next append.
for place, entry in ipairs(entries) do
    local id = redis.pcall('XADD', stream, (seq + place) .. '-' .. rev, 'l', entry)
    if type(id) == 'table' then
        if place == 1 and id.err:find('equal or smaller', 1, true) then
            redis.call('HSET', 'hubbub:heads', room, position(room))
        end
        return id
    end
end
for _, name in ipairs(keys) do redis.call('SET', name, sent[name], 'PX', 300000) end
local trimmed = 0
if last > seq then
    if ARGV[6] ~= '0' then trimmed = redis.call('XTRIM', stream, 'MAXLEN', '~', ARGV[6]) end
    adopt(room, epoch, head)
    redis.call('HSET', 'hubbub:heads', room, last .. '-' .. rev)
end
local answers = (seq + 1) .. table.concat(exceptions)
-- If nothing is new, the same group gets the same answers without this record, which a full Redis
-- doesn't take.
redis.pcall('SET', KEYS[1], run .. ' ' .. group .. ' ' .. answers, 'PX', 3600000)
if last > seq then
    local news = epoch .. ' ' .. head .. '\n' .. table.concat(entries)
    redis.call('PUBLISH', channels .. 'in:' .. room, news)
end
if trimmed > 0 then
    redis.call('ZREMRANGEBYSCORE', 'hubbub:restored:' .. room, '-inf', last - ARGV[6])
    publish_oldest(room, last .. '-' .. rev)
end
return answers
