-- Returns the texts of all revocations.
return redis.call('LRANGE', 'hubbub:revocations', 0, -1)
