-- ARGV: 1 the news, 2 the text of a revocation, or ''.
if ARGV[2] ~= '' then redis.call('RPUSH', 'hubbub:revocations', ARGV[2]) end
tell(ARGV[1])
return 'OK'
