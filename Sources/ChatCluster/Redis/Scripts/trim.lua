-- ARGV: 1 about how many entries a room keeps, or 0 for all, 2 how old a line gets in milliseconds,
-- or 0 for any age, 3 the node's run, 4 milliseconds between two rounds, 5 milliseconds between two
-- steps of a round, 6 the most entries to look at.
-- Deletes lines that are too many or too old, of some rooms. A round goes through all rooms. One
-- node carries it on, unless it doesn't come. Followers of a room are told its oldest line. Returns
-- how many entries are deleted, and in how many milliseconds to come again.
local most, age, budget = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[6])
if most == 0 and age == 0 then return {0, tonumber(ARGV[4])} end
local plan = redis.call('HMGET', 'hubbub:trim', 'due', 'cursor', 'by', 'clock')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due, cursor = tonumber(plan[1] or '0'), plan[2] or '0'
local wait = due - now + (plan[3] == ARGV[3] and 0 or 1000)
-- A clock that has gone back doesn't keep it from its work.
if plan[1] and wait > 0 and due - now <= tonumber(ARGV[4]) then return {0, wait} end

-- Lines age by a clock that never goes back, and that makes up for an hour a round at most: should
-- the machine's clock jump ahead, there is time to notice. One that was a month ahead was wrong.
local clock = tonumber(plan[4] or now)
if clock > now + 32 * 86400000 then clock = now end
if cursor == '0' then clock = math.max(clock, math.min(now, clock + 3600000)) end
local cutoff = clock - age

local function varint(bytes, place)
    local number, unit = 0, 1
    while true do
        local byte = bytes:byte(place) or 0
        place = place + 1
        number = number + byte % 128 * unit
        if byte < 128 then return number, place end
        unit = unit * 128
    end
end

-- Whether a line is too old. The time is behind the count of its bytes, its kind and its parts.
local function is_old(entry)
    local _, place = varint(entry, 1)
    return varint(entry, place + 2) < cutoff
end

-- Deletes the oldest entries of the stream up to the last old line before a line that isn't old.
local function age_stream(stream)
    local from, last, looked = '-', nil, 0
    while looked < budget do
        local entries = redis.call('XRANGE', stream, from, '+', 'COUNT', 64)
        for _, entry in ipairs(entries) do
            looked = looked + 1
            if entry[2][1] == 'l' then
                if not is_old(entry[2][2]) then
                    entries = {}
                    break
                end
                last = entry[1]
            end
        end
        if #entries < 64 then break end
        from = '(' .. entries[64][1]
    end
    budget = budget - looked
    if not last then return 0 end
    local seq, rev = last:match('^(%d+)-(%d+)$')
    return redis.call('XTRIM', stream, 'MINID', seq .. '-' .. string.format('%.0f', rev + 1))
end

-- The same for lines that were brought back.
local function age_restored(restored)
    local count = 0
    while budget > 0 do
        local lines = redis.call('ZRANGE', restored, 0, 63)
        local old = 0
        while lines[old + 1] and is_old(lines[old + 1]:match('^%d+ (.*)$')) do old = old + 1 end
        budget = budget - old
        if old == 0 then break end
        count = count + redis.call('ZREMRANGEBYRANK', restored, 0, old - 1)
    end
    return count
end

-- Returns how many entries of a room are deleted.
local function trim(room, head)
    local stream, restored = 'hubbub:room:' .. room, 'hubbub:restored:' .. room
    local count = 0
    budget = budget - 1
    if most > 0 then
        count = redis.call('XTRIM', stream, 'MAXLEN', '~', most)
            + redis.call('ZREMRANGEBYSCORE', restored, '-inf', parts(head) - most)
        budget = budget - count
    end
    if age > 0 then count = count + age_stream(stream) + age_restored(restored) end
    if count > 0 then publish_oldest(room, position(room)) end
    return count
end

local found = redis.call('HSCAN', 'hubbub:heads', cursor, 'COUNT', 64)
local deleted, is_done = 0, true
for place = 1, #found[2], 2 do
    local count = trim(found[2][place], found[2][place + 1])
    deleted = deleted + count
    -- The next step begins with the same rooms again, of which fewer lines are old then.
    if budget <= 0 and count > 0 then
        is_done = false
        break
    end
end
if is_done then cursor = found[1] end
local pause = is_done and cursor == '0' and ARGV[4] or ARGV[5]
redis.call(
    'HSET', 'hubbub:trim', 'due', string.format('%.0f', now + pause), 'cursor', cursor,
    'by', ARGV[3], 'clock', string.format('%.0f', clock))
return {deleted, tonumber(pause)}
