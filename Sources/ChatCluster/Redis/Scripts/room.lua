-- Begins every script that reads or writes rooms. A position is a text 'seq-rev'.

local function parts(position)
    local seq, rev = position:match('^(%d+)-(%d+)$')
    return tonumber(seq), tonumber(rev)
end

-- Whether the first position is above the second.
local function above(one, other)
    local seq, rev = parts(one)
    local least, below = parts(other)
    return seq > least or seq == least and rev > below
end

-- The last id that the room's stream has given out, deleted or not.
local function last_id(stream)
    if redis.call('EXISTS', stream) == 0 then return '0-0' end
    local about = redis.call('XINFO', 'STREAM', stream)
    for place = 1, #about, 2 do
        if about[place] == 'last-generated-id' then return about[place + 1] end
    end
end

-- The position of the room. Its stream and its head are written together. Should somebody have
-- deleted one of them, the other one keeps its numbers from being used twice.
local function position(room)
    local head = redis.call('HGET', 'hubbub:heads', room) or '0-0'
    local last = last_id('hubbub:room:' .. room)
    return above(last, head) and last or head
end

-- The room's numbers have their meaning in this epoch from now on. If they had it in an earlier
-- one, that one has ended at the room's position.
local function adopt(room, epoch, position)
    local meta = 'hubbub:meta:' .. room
    local known = redis.call('HMGET', meta, 'epoch', 'ends')
    if known[1] == epoch then return end
    local ends = known[2] or ''
    if known[1] then
        ends = ends .. known[1] .. ' ' .. position:match('^%d+') .. ' '
        -- As many as there are epochs that are known.
        local _, count = ends:gsub('%S+ %S+ ', '%0')
        if count > 64 then ends = ends:gsub('^%S+ %S+ ', '') end
    end
    redis.call('HSET', meta, 'epoch', epoch, 'ends', ends)
end

-- The number of the oldest line that is left, or the one after the last line. Lines that were
-- brought back are in an ordered set by their numbers.
local function oldest(room, position)
    local stream, from = 'hubbub:room:' .. room, '-'
    local back = redis.call('ZRANGE', 'hubbub:restored:' .. room, 0, 0)[1]
    local first = back and tonumber(back:match('^%d+')) or position:match('^%d+') + 1
    while true do
        local entries = redis.call('XRANGE', stream, from, '+', 'COUNT', 16)
        for _, entry in ipairs(entries) do
            if entry[2][1] == 'l' then return math.min(first, entry[1]:match('^%d+')) end
        end
        if #entries < 16 then return first end
        from = '(' .. entries[16][1]
    end
end

-- Entries between two ids, until there are so many, or more bytes of them: a list of id, field and
-- content. Then whether these are all. If only_lines is true, changes are left out.
local function range(room, from, to, limit, bytes, only_lines)
    local found, count = {}, 0
    while true do
        local entries = redis.call(
            'XRANGE', 'hubbub:room:' .. room, from, to, 'COUNT', math.min(limit - count, 64))
        if #entries == 0 then return found, 1 end
        for _, entry in ipairs(entries) do
            from = '(' .. entry[1]
            if entry[2][1] == 'l' or not only_lines then
                found[#found + 1] = entry[1]
                found[#found + 1] = entry[2][1]
                found[#found + 1] = entry[2][2]
                count = count + 1
                bytes = bytes - #entry[2][2]
                if count == limit or bytes < 0 then return found, 0 end
            end
        end
    end
end

-- Tells the followers of a room its oldest line, after others were deleted because of their age or
-- number.
local function publish_oldest(room, position)
    local first = string.format('%.0f', oldest(room, position))
    redis.call('PUBLISH', channels .. 'in:' .. room, '<' .. first)
end
