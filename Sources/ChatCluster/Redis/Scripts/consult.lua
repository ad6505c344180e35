-- ARGV: 1 the room, 2 the key of the change or '', 3 the change to undo or '', 4 the most lines of
-- it, 5 … numbers of lines.
-- Returns the position, the last news, what is known of the key, lines as a list of number and
-- entry, and of the change to undo: its entry or null, what has undone it, its lines, and whether
-- more of them are yet to be erased.
local room = ARGV[1]
local known = ARGV[2] ~= '' and redis.call('GET', 'hubbub:change:' .. ARGV[2])
local lines = {}
for place = 5, #ARGV do
    local line = line_at(room, ARGV[place])
    if line then
        lines[#lines + 1] = ARGV[place]
        lines[#lines + 1] = line
    end
end
local rev = ARGV[3]
local entry = redis.call('HMGET', 'hubbub:entries:' .. room, rev, 'undone:' .. rev)
local kept = {}
if entry[1] then
    local name = 'hubbub:kept:' .. room .. ':' .. rev
    local seqs = redis.call('HKEYS', name)
    table.sort(seqs, function(one, other) return (tonumber(one) or 0) < (tonumber(other) or 0) end)
    for _, seq in ipairs(seqs) do
        if #kept >= 2 * tonumber(ARGV[4]) then break end
        if seq ~= 'kept' then
            kept[#kept + 1] = seq
            kept[#kept + 1] = redis.call('HGET', name, seq)
        end
    end
end
local erasing = redis.call('EXISTS', 'hubbub:erase:' .. room .. ':' .. rev)
return {position(room), last_news(), known, lines, entry[1], entry[2], kept, erasing}
