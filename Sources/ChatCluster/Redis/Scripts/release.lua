-- KEYS: 1 the node's last group of this kind. ARGV: 1 its run, 2 the group's number, 3 the node as
-- news have it, 4 the room, 5 the epoch, 6 the time, 7 … ids of lines that wait.
-- Says those of the lines that still wait. Returns id, number and time of each, and the number of
-- the last news. Returns nothing if another epoch has begun.
local known = known_group(KEYS[1], ARGV[1], ARGV[2])
if known then return known end
local room, epoch = ARGV[4], ARGV[5]
if redis.call('HGET', 'hubbub:epoch', 'epoch') ~= epoch then return false end
local before = position(room)
local seq, rev = parts(before)

-- A number in groups of seven bits, the lowest first.
local function varint(number)
    local bytes = ''
    while number >= 128 do
        bytes = bytes .. string.char(number % 128 + 128)
        number = math.floor(number / 128)
    end
    return bytes .. string.char(number)
end

local said, entries, told = {}, {}, {}
for place = 7, #ARGV do
    local id = ARGV[place]
    local line = held(id)
    if line and line.room == room then
        seq = seq + 1
        local time = math.max(tonumber(ARGV[6]), tonumber(line.time))
        local entry = line.before .. varint(time) .. line.after
        entry = varint(#entry) .. entry
        redis.call('XADD', 'hubbub:room:' .. room, seq .. '-' .. rev, 'l', entry)
        drop_held(id, line)
        if line.key ~= '' then
            local sent = line.digest .. seq .. ',' .. time
            redis.call('SET', 'hubbub:send:' .. line.key, sent, 'PX', 300000)
        end
        entries[#entries + 1] = entry
        told[#told + 1] = '{"id":' .. id .. ',"seq":' .. seq .. ',"time":' .. time .. '}'
        said[#said + 1] = id
        said[#said + 1] = seq
        said[#said + 1] = time
    end
end
local news = last_news()
if #entries > 0 then
    adopt(room, epoch, before)
    redis.call('HSET', 'hubbub:heads', room, seq .. '-' .. rev)
    redis.call(
        'PUBLISH', channels .. 'in:' .. room, epoch .. ' ' .. before .. '\n' .. table.concat(entries))
    news = tell('{"said":[' .. table.concat(told, ',') .. '],"by":' .. ARGV[3] .. '}')
end
return remember_group(KEYS[1], ARGV[1], ARGV[2], {said, news})
