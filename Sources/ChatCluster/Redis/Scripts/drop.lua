-- ARGV: ids of lines that are never said.
-- Returns the number of the last news.
local dropped = {}
for _, id in ipairs(ARGV) do
    local line = held(id)
    if line then
        drop_held(id, line)
        dropped[#dropped + 1] = id
    end
end
if #dropped == 0 then return tonumber(last_news()) end
return tell('{"dropped":[' .. table.concat(dropped, ',') .. ']}')
