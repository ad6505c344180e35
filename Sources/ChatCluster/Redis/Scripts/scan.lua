-- ARGV: 1 the room, 2 the number below which to read, 3 the most lines, 4 the most bytes.
-- Returns lines of the stream and lines that were brought back, the newest first, each a list of
-- number and entry with whether these are all.
local room, limit, bytes = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local stream, all, to = {}, 0, '(' .. ARGV[2] .. '-0'
while #stream < 2 * limit and bytes > 0 do
    local entries = redis.call('XREVRANGE', 'hubbub:room:' .. room, to, '-', 'COUNT', 64)
    if #entries == 0 then
        all = 1
        break
    end
    for _, entry in ipairs(entries) do
        if #stream >= 2 * limit or bytes <= 0 then break end
        to = '(' .. entry[1]
        if entry[2][1] == 'l' then
            stream[#stream + 1] = entry[1]:match('^%d+')
            stream[#stream + 1] = entry[2][2]
            bytes = bytes - #entry[2][2]
        end
    end
end
local back = redis.call(
    'ZREVRANGEBYSCORE', 'hubbub:restored:' .. room, '(' .. ARGV[2], '-inf', 'LIMIT', 0, limit)
return {stream, all, back, #back < limit and 1 or 0}
