-- KEYS: 1 the node's last group of this kind. ARGV: 1 its run, 2 the group's number, 3 the node as
-- news have it, 4 which of the shards this is, 5 … seven for each line: its room, its text, the
-- bytes of its entry before and after the time, its time, and its key's hash and its text's digest,
-- or two empty ones.
-- Returns for each line, in order, the one that waits now, or number and time of the one that was
-- said under its key, or an empty text if that had another text; and the number of the last news.
local known = known_group(KEYS[1], ARGV[1], ARGV[2])
if known then return known end

-- Ids ascend, and none comes twice: neither on two shards, which each have their own last eight
-- bits, nor after the shard has lost its last ones, as those before them follow the clock.
local function next_id()
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local last = tonumber(redis.call('GET', 'hubbub:held:last') or '0')
    local id = math.max(now, math.floor(last / 256) + 1) * 256 + ARGV[4]
    local text = string.format('%.0f', id)
    redis.call('SET', 'hubbub:held:last', text)
    return text
end

local found, new = {}, {}
for place = 5, #ARGV, 7 do
    local key = ARGV[place + 5]
    local id = key ~= '' and redis.call('HGET', 'hubbub:held:keys', key)
    local line = id and held(id)
    local said = not line and key ~= '' and redis.call('GET', 'hubbub:send:' .. key)
    if said then
        found[#found + 1] = said:sub(1, 8) == ARGV[place + 6] and said:sub(9) or ''
    elseif not line then
        id = next_id()
        line = {
            room = ARGV[place], text = ARGV[place + 1], before = ARGV[place + 2],
            after = ARGV[place + 3], time = ARGV[place + 4], key = key,
            digest = ARGV[place + 6]
        }
        keep_held(id, line)
        new[#new + 1] = held_text(id, line)
    end
    if line then found[#found + 1] = held_text(id, line) end
end
local news = last_news()
if #new > 0 then
    news = tell('{"held":[' .. table.concat(new, ',') .. '],"by":' .. ARGV[3] .. '}')
end
return remember_group(KEYS[1], ARGV[1], ARGV[2], {found, news})
