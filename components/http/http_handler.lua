local kam = require "kam"


return kam.component "HTTPHandler" {
  summary = "Answers requests by functions, each for what begins with a path.",
  doc = "The function of the longest path that the request's begins with is called with the request, in which "
    .. "`rest` is what follows: \"/a\" is asked for /a and /a/b, not for /ab. It gives the response: a string, "
    .. "a table (see HTTPSession), or a component, which sends the response: a table with `more = true`, or the "
    .. "body alone, in pieces. One with the field `upgrades` takes the connection over, as WebSocket does. Where "
    .. "it gives nil, or there is no function, the answer is status 404. One that fails is reported, and the peer "
    .. "gets status 500. A route may also be a response instead of a function: what GET and HEAD get there; or a "
    .. "table with `folder`, and `index` and `gzip` if need be: the files below it (see HTTPFiles).",
  ends = "When its inbox has, or when told.",
  inboxes = { inbox = "requests", over = "that a component that answers has ended" },
  outboxes = { outbox = "responses" },
  options = {
    answer = { type = "function", "the function for paths that routes does not have", optional = true },
    uploads = { type = "functions", optional = true,
      "functions by the beginnings of paths, whose components get the body as it comes" },
    routes = { type = "table", "functions, responses, or folders, by the beginnings of paths", optional = true },
  },
  first = "answer",
  init = function(self)
    local routes = {} -- by the path without the / at its end
    for path, f in pairs(self.routes or {}) do
      if type(path) ~= "string" or type(f) ~= "function" and type(f) ~= "string" and type(f) ~= "table" then
        error(("routes[%s] is neither a function nor a response"):format(kam.show(path)), 0)
      end
      routes[(path:find "^/" and path or "/" .. path):gsub("/+$", "")] = f
    end
    for path, f in pairs(self.uploads or {}) do
      routes[(path:find "^/" and path or "/" .. path):gsub("/+$", "")] = f
    end
    self.routes = routes
  end,
  -- The body of a request goes to the component that its function gave; what nobody takes is left.
  upload = function(self, c)
    local box = kam.isComponent(c) and kam.takes(c) and self:addOutbox "body"
    local over, left = nil, true
    if box then self:link({ self, box }, { c, "inbox" }) end
    if kam.isComponent(c) then
      self:send { pieces = true }
      self:link({ c, "outbox" }, { self, "outbox" })
      self:addChildren(c)
      self:watch(c, "over")
    else
      self:send(c == nil and { status = 404 } or c)
      over = { ok = true }
    end
    while not over and left do
      local from, msg = self:recvAny()
      if from == "over" then
        over = msg
      elseif not from or not msg then
        left = false
      elseif box then
        self:send(msg, box)
      end
    end
    if box then self:removeOutbox(box) end
    over = over or self:recv "over"
    if over and not over.ok then error(over.error, 0) end
    if kam.isComponent(c) then self:send { pieces = false } end
    while left do left = self:recv() end
  end,
  -- The function for a path, and what of the path is behind its own.
  find = function(self, path)
    local at = path
    while not self.routes[at] and at ~= "" do at = at:match "^(.*)/" or "" end
    return self.routes[at] or self.answer, path:sub(#at + 1)
  end,
  -- What a component sends goes on as it is, between two marks: it is one response.
  stream = function(self, c)
    self:send { pieces = true }
    self:link({ c, "outbox" }, { self, "outbox" })
    self:finish(c)
    self:send { pieces = false }
  end,
  -- From now on bytes go between the peer and a component as they are.
  tunnel = function(self, c)
    self:link({ c, "outbox" }, { self, "outbox" })
    self:link({ self, "inbox" }, { c, "inbox" })
    self:finish(c)
  end,
  -- Runs a component to its end.
  finish = function(self, c)
    self:addChildren(c)
    local over = self:join(c)
    if over and not over.ok then error(over.error, 0) end
  end,
  main = function(self)
    for request in self:messages() do
      local response, rest = self:find(request.path)
      request.rest = rest
      if request.streams then
        self:upload(response(request))
        goto continue
      elseif type(response) == "function" then
        response = response(request)
      elseif type(response) == "table" and response.folder then
        response = kam.HTTPFiles { response.folder, request, index = response.index, gzip = response.gzip }
      elseif response and request.method and request.method ~= "GET" and request.method ~= "HEAD" then
        response = { status = 405, headers = { Allow = "GET, HEAD" } }
      end
      if response == nil then response = { status = 404 } end
      if not kam.isComponent(response) then
        self:send(response)
      elseif response.upgrades then
        return self:tunnel(response)
      else
        self:stream(response)
      end
      ::continue::
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { { path = "/hello/Ann" }, { path = "/bye" } },
  kam.HTTPHandler { routes = { ["/hello"] = function(request) return "Hello " .. request.rest end } },
  kam.main(function(self)
    for response in self:messages() do print(kam.show(response)) end
  end),
}:run()
--> Hello /Ann
--> { status = 404 }
]],
}
