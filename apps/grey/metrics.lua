-- metrics: the counters for those who watch: /metrics for Prometheus, /metrics.json, and /health.
local kam = require "kam"

local metrics = {}

local escapes = { ["\\"] = "\\\\", ['"'] = '\\"', ["\n"] = "\\n" }

local function label(text) return (tostring(text):gsub('[\\"\n]', escapes)) end

local function sorted(t)
  local names = {}
  for name in pairs(t) do names[#names + 1] = name end
  table.sort(names)
  return names
end

-- The counters in the text format of Prometheus, version 0.0.4.
function metrics.text(counts)
  local out = {}
  local function family(name, kind, help)
    out[#out + 1] = ("# HELP grey_%s %s\n# TYPE grey_%s %s\n"):format(name, help, name, kind)
  end
  local function sample(name, labels, value)
    out[#out + 1] = ("grey_%s%s %.14g\n"):format(name, labels or "", value)
  end
  local function plain(name, kind, help, value)
    family(name, kind, help)
    sample(name, nil, value)
  end
  plain("sessions_total", "counter", "Connections of clients.", counts.sessions)
  plain("sessions_open", "gauge", "Connections of clients now.", counts.open)
  family("recipients_total", "counter", "Recipients, by what was done and why.")
  for _, action in ipairs(sorted(counts.recipients)) do
    for _, reason in ipairs(sorted(counts.recipients[action])) do
      sample("recipients_total", ('{action="%s",reason="%s"}'):format(label(action), label(reason)),
        counts.recipients[action][reason])
    end
  end
  family("mails_total", "counter", "Mails, by what has become of them.")
  for _, outcome in ipairs(sorted(counts.mails)) do
    sample("mails_total", ('{outcome="%s"}'):format(label(outcome)), counts.mails[outcome])
  end
  plain("mail_bytes_total", "counter", "Bytes of delivered mails.", counts.bytes)
  plain("mails_unheard_total", "counter", "Delivered mails whose client had gone before it heard so.",
    counts.unheard)
  family("mail_seconds", "histogram", "From MAIL to the reply to the end of a delivered mail.")
  for i, bound in ipairs(counts.seconds.bounds) do
    sample("mail_seconds_bucket", ('{le="%.14g"}'):format(bound), counts.seconds.buckets[i])
  end
  sample("mail_seconds_bucket", '{le="+Inf"}', counts.seconds.count)
  sample("mail_seconds_sum", nil, counts.seconds.sum)
  sample("mail_seconds_count", nil, counts.seconds.count)
  plain("upstream_up", "gauge", "Was the real server reached when it was tried last?", counts.up and 1 or 0)
  plain("upstream_failures_total", "counter", "Times that it was not.", counts.upstream_failures)
  plain("reloads_total", "counter", "Configurations that were read again.", counts.reloads)
  local engine = counts.engine
  if engine then
    plain("store_failures_total", "counter", "Requests of the store that failed.", engine.store_failures)
    plain("store_works", "gauge", "Did the last one work?", engine.store_works and 1 or 0)
    plain("swept_total", "counter", "Rows that were swept from the store.", engine.swept)
  end
  plain("start_time_seconds", "gauge", "When it began, in Unix time.", counts.since)
  return table.concat(out)
end

-- A server of them at an address, { host =, port = }; ask gives the counters.
function metrics.server(at, counters)
  local Answer = kam.component "GreyMetrics" {
    summary = "Answers a request for the counters.",
    inboxes = { inbox = false },
    outboxes = { outbox = "the response" },
    options = { form = { type = "string", "text, json or health" } },
    first = "form",
    main = function(self)
      local counts = self:ask(counters, "counters", 5)
      if not counts then return self:send { status = 503, body = "the counters do not answer\n" } end
      if self.form == "json" then
        self:send(counts)
      elseif self.form == "text" then
        self:send { type = "text/plain; version=0.0.4; charset=utf-8", body = metrics.text(counts) }
      else
        local ok = counts.up and (not counts.engine or counts.engine.store_works)
        self:send { status = ok and 200 or 503, body = ok and "ok\n" or "not well: see /metrics\n" }
      end
    end,
  }
  return kam.HTTPServer { host = at.host, port = at.port, path = at.path, routes = {
    ["/metrics"] = function() return Answer "text" end,
    ["/metrics.json"] = function()
      return kam.Pipeline { Answer "json", kam.JSONEncode(),
        kam.map(function(text) return { type = "application/json", body = tostring(text) .. "\n" } end) }
    end,
    ["/health"] = function() return Answer "health" end,
  } }
end

return metrics
