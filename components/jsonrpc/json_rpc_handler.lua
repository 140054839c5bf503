local kam = require "kam"

local INVALID, UNKNOWN, INTERNAL, PARSE, FAILED = -32600, -32601, -32603, -32700, -32000
local DEEP = 61 -- what JSONEncode writes, less an answer in a batch

-- Why a value is nothing that JSON can say; or nil.
local function unsaid(v, depth)
  local t = math.type(v) or type(v)
  if t == "string" then return not utf8.len(v) and "a string that is not UTF-8" or nil end
  if t == "float" then return (v ~= v or v == math.huge or v == -math.huge) and "a number that is none" or nil end
  if t == "integer" or t == "boolean" or v == kam.null then return nil end
  if t ~= "table" or kam.isComponent(v) then return "a " .. (t == "table" and "component" or t) end
  if depth == 0 then return "tables in one another, too deep" end
  local n = #v
  for key, item in pairs(v) do
    local fits = type(key) == "string"
    if n > 0 then fits = math.type(key) == "integer" and key >= 1 and key <= n end
    if not fits then return "a table that is neither a list nor has names" end
    local why = unsaid(key, 0) or type(key) == "string" and key:find("\0", 1, true) and "a zero byte in a name"
      or unsaid(item, depth - 1)
    if why then return why end
  end
end

-- One request, while it is being worked on.
local Call = kam.component "JSONRPCCall" {
  inboxes = { inbox = false, piece = "what a component that answers sends", over = "its end" },
  outboxes = { outbox = false },
  options = {
    method = { type = "function", "what does it" },
    params = { type = "table", "what for" },
  },
  -- The first message of a component.
  first_of = function(self, c)
    self:link({ c, "outbox" }, { self, "piece" })
    self:watch(c, "over")
    self:addChildren(c)
    local result = self:recv "piece"
    local over = result == nil and self:recv "over"
    if over and not over.ok then error(over.error, 0) end
    c:stop()
    return result
  end,
  main = function(self)
    local result, err = self.method(self.params, self)
    if kam.isComponent(result) then result = self:first_of(result) end
    if result == nil and err ~= nil then
      if type(err) == "string" then err = { code = FAILED, message = err } end
      if type(err) ~= "table" or math.type(err.code) ~= "integer" or type(err.message) ~= "string" then
        error("an error is a text, or { code =, message = }, got " .. kam.show(err), 0)
      end
      self.answer = { error = { code = err.code, message = err.message, data = err.data } }
    else
      self.answer = { result = result == nil and kam.null or result }
    end
    local why = unsaid(self.answer, DEEP)
    if why then error("the result cannot be JSON: " .. why, 0) end
  end,
}

local function is_id(id)
  return type(id) == "string" or math.type(id) ~= nil or id == kam.null
end

local function refusal(id, code, message)
  return { jsonrpc = "2.0", id = is_id(id) and id or kam.null, error = { code = code, message = message } }
end

-- Why a value is no request; or nil.
local function invalid(v)
  if type(v) ~= "table" or v == kam.null then return "a request is an object" end
  if v.jsonrpc ~= "2.0" then return 'a request has "jsonrpc": "2.0"' end
  if type(v.method) ~= "string" then return "a method is a string" end
  if v.params ~= nil and (type(v.params) ~= "table" or v.params == kam.null) then
    return "params are an array or an object"
  end
  if v.id ~= nil and not is_id(v.id) then return "an id is a string, a number or null" end
end

return kam.component "JSONRPCHandler" {
  summary = "Answers the requests of JSON-RPC 2.0, as values, by functions.",
  doc = "A request, or a batch of them, is answered by the functions that have the names of the methods. Each "
    .. "is called with the params (a table, {} if there are none) and with a component, whose methods may wait: "
    .. "requests are worked on side by side, and answered as they are done. A function gives the result; or nil "
    .. "and an error: a text (code -32000), or { code =, message =, data = }; or a component, whose first message "
    .. "is the result. nil alone is null. One that fails is told of on the standard error, and the peer gets "
    .. "-32603, no more; so it does when the result cannot be JSON. What is no request gets -32600, a method "
    .. "that is not there -32601, what came to `wrong` -32700. Notifications get no answer. While `calls` "
    .. "requests are being worked on, no more are taken.",
  ends = "When its inbox has ended, and all is answered.",
  inboxes = {
    inbox = "requests, as JSONDecode gives them",
    wrong = "texts that are no JSON: { code =, error = }, code if it is not to be -32700",
    ended = "a request has been worked on",
  },
  outboxes = { outbox = "answers, for JSONEncode" },
  options = {
    methods = { type = "functions", "functions by the names of methods" },
    calls = { 64, "requests that may be worked on at once", min = 1 },
    batch = { 100, "requests that a batch may have", min = 1 },
  },
  init = function(self)
    self.working = 0
  end,
  -- Puts the answer where it belongs, and sends what is whole.
  finish = function(self, place, answer)
    local batch = place.batch
    if not batch then
      if answer then self:send(answer) end
      return
    end
    batch[place.number], batch.left = answer or false, batch.left - 1
    if batch.left > 0 then return end
    local answers = {}
    for _, one in ipairs(batch) do
      if one then answers[#answers + 1] = one end
    end
    if #answers > 0 then self:send(answers) end
  end,
  -- A request has been worked on.
  done = function(self, ended)
    local call = ended.component
    local place, answer = call.place, call.answer
    self.working = self.working - 1
    if not ended.ok then
      self:log(("method %s failed: %s"):format(place.method, tostring(ended.error)))
      answer = { error = { code = INTERNAL, message = "internal error" } }
    end
    if place.id == nil or not answer then answer = nil else answer.jsonrpc, answer.id = "2.0", place.id end
    self:finish(place, answer)
  end,
  -- Begins to work on one request.
  begin = function(self, request, place)
    local why = invalid(request)
    if why then return self:finish(place, refusal(type(request) == "table" and request.id, INVALID, why)) end
    local method = self.methods[request.method]
    if not method then
      return self:finish(place, request.id ~= nil
        and refusal(request.id, UNKNOWN, "there is no such method") or nil)
    end
    while self.working >= self.calls do
      local ended = self:recv "ended"
      if not ended then return end
      self:done(ended)
    end
    place.id, place.method = request.id, request.method
    local call = Call { method = method, params = request.params or {} }
    call.place = place
    self:watch(call, "ended")
    self.working = self.working + 1
    self:addChildren(call)
  end,
  take = function(self, value)
    if type(value) ~= "table" or value[1] == nil then return self:begin(value, {}) end
    if #value > self.batch then
      return self:send(refusal(nil, INVALID, ("a batch has at most %d requests"):format(self.batch)))
    end
    local batch = { left = #value }
    for i, request in ipairs(value) do self:begin(request, { batch = batch, number = i }) end
  end,
  main = function(self)
    for box, msg in self:messagesAny { "ended", "wrong", "inbox" } do
      if box == "ended" then
        self:done(msg)
      elseif box == "wrong" then
        self:send(refusal(nil, msg.code or PARSE, msg.error))
      else
        self:take(msg)
      end
    end
    while self.working > 0 do
      local ended = self:recv "ended"
      if not ended then return end
      self:done(ended)
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource {
    { jsonrpc = "2.0", id = 1, method = "add", params = { 2, 3 } },
    { jsonrpc = "2.0", id = 2, method = "sub", params = { 2, 3 } },
  },
  kam.JSONRPCHandler { methods = { add = function(params) return params[1] + params[2] end } },
  kam.JSONEncode(), kam.ConsoleEchoer(),
}:run()
--> {"error":{"code":-32601,"message":"there is no such method"},"id":2,"jsonrpc":"2.0"}
--> {"id":1,"jsonrpc":"2.0","result":5}
]],
}
