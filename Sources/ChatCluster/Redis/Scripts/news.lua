-- Begins every script that tells nodes something, or says how far the news are.

-- The number of the last news.
local function last_news() return last_id('hubbub:news'):match('^%d+') end

-- Tells all nodes, and keeps it for those that miss it.
local function tell(text)
    local number = last_news() + 1
    redis.call('XADD', 'hubbub:news', 'MAXLEN', '~', 10000, number .. '-0', 'n', text)
    redis.call('PUBLISH', channels .. 'news', number .. ' ' .. text)
    return number
end
