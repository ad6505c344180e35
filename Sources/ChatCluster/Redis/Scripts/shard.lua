-- Begins every script that needs to know what data the shard has.

-- Names the data: this process, and its line of replication. A restart changes the first, and a
-- promotion the second. Nil if it is not a master. Then how many replicas were heard of within the
-- last seconds.
local function data()
    local info = redis.call('INFO', 'server', 'replication')
    if not info:find('role:master', 1, true) then return nil, 0 end
    local replicas = 0
    for seconds in info:gmatch('slave%d+:[^\r\n]*state=online[^\r\n]*lag=(%d+)') do
        if tonumber(seconds) <= 2 then replicas = replicas + 1 end
    end
    return info:match('run_id:(%w+)') .. ':' .. info:match('master_replid:(%w+)'), replicas
end

-- What is wrong if more replicas are wanted than there are. False if nothing is.
local function lack(replicas, wanted)
    if replicas >= tonumber(wanted) then return false end
    return replicas .. ' of ' .. wanted .. ' replicas are connected'
end

-- The state of the shard: the epoch or false, whether it was begun on the same data, the time in
-- seconds and microseconds, the number of the last news, and why it takes no lines or false.
local function state(wanted)
    local epoch = redis.call('HMGET', 'hubbub:epoch', 'epoch', 'data')
    local time = redis.call('TIME')
    local news = 0
    if redis.call('EXISTS', 'hubbub:news') == 1 then
        -- A stream's information is a list of names and values.
        local about = redis.call('XINFO', 'STREAM', 'hubbub:news')
        for place = 1, #about, 2 do
            if about[place] == 'last-generated-id' then news = about[place + 1]:match('^%d+') end
        end
    end
    local present, replicas = data()
    local same = epoch[2] and epoch[2] == present
    return {epoch[1], same and 1 or 0, time[1], time[2], news, lack(replicas, wanted)}
end
