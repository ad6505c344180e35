-- Returns the changes with lines that are yet to be erased, each as 'room rev'.
return redis.call('SMEMBERS', 'hubbub:unerased')
