-- Begins every script that deletes lines or looks them up. Lines that were brought back are in an
-- ordered set by their numbers, each as its number, a space and its entry.

-- The entry of a line, or nil.
local function line_at(room, seq)
    for _, entry in ipairs(redis.call('XRANGE', 'hubbub:room:' .. room, seq, seq)) do
        if entry[2][1] == 'l' then return entry[2][2], entry[1] end
    end
    local back = redis.call('ZRANGEBYSCORE', 'hubbub:restored:' .. room, seq, seq)[1]
    return back and back:match('^%d+ (.*)$')
end

-- Takes lines of a change away, and keeps them apart as long as the change can be undone. The hash
-- has a field of its own, so that it is there until its time is over, even without a line.
local function erase(room, rev, limit)
    local name = ':' .. room .. ':' .. rev
    local kept = redis.call('EXISTS', 'hubbub:kept' .. name) == 1
    for _ = 1, limit do
        local seq = redis.call('LPOP', 'hubbub:erase' .. name)
        if not seq then break end
        local entry, id = line_at(room, seq)
        if entry then
            if kept then redis.call('HSET', 'hubbub:kept' .. name, seq, entry) end
            if id then redis.call('XDEL', 'hubbub:room:' .. room, id) end
            redis.call('ZREMRANGEBYSCORE', 'hubbub:restored:' .. room, seq, seq)
        end
    end
    local left = redis.call('LLEN', 'hubbub:erase' .. name)
    if left == 0 then redis.call('SREM', 'hubbub:unerased', room .. ' ' .. rev) end
    return left
end
