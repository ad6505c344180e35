-- ARGV: 1 the number of the news before, 2 the most news.
-- Returns numbers and texts, or nothing if the next one is gone.
local after, last = tonumber(ARGV[1]), tonumber(last_news())
if after > last then return false end
if after == last then return {} end
local entries = redis.call(
    'XRANGE', 'hubbub:news', (after + 1) .. '-0', '+', 'COUNT', tonumber(ARGV[2]))
if #entries == 0 or entries[1][1] ~= (after + 1) .. '-0' then return false end
local found = {}
for _, entry in ipairs(entries) do
    found[#found + 1] = entry[1]:match('^%d+')
    found[#found + 1] = entry[2][2]
end
return found
