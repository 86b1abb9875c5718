-- One sentence a request, each thread from a place of its own; a line of JSON at the end.
local sentences = {}
local threads = {}
local at = 0

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(args)
  for line in io.lines(args[1]) do table.insert(sentences, line) end
  at = number * math.floor(#sentences / 2)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "text/plain"
end

function request()
  at = at % #sentences + 1
  return wrk.format(nil, "/invocations", nil, sentences[at])
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "p50_ms": %f, "p95_ms": %f, "p99_ms": %f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
