-- With a file of cookies, one a line, requests take turns with them.
local cookies = {}
local turn = 0

init = function(args)
  if args[1] == nil then return end
  for line in io.lines(args[1]) do cookies[#cookies + 1] = line end
  request = function()
    turn = turn % #cookies + 1
    wrk.headers["Cookie"] = cookies[turn]
    return wrk.format()
  end
end

-- What put-under-wrk.ts reads: the last line.
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"failed":%d,"took":%d,"p50":%d,"p95":%d,"p99":%d}\n',
    summary.requests, e.connect + e.read + e.write + e.status + e.timeout, summary.duration,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)
  ))
end
