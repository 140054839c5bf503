local kam = require "kam"

-- headers that a session writes by itself
local own = { connection = true, date = true,
  ["content-length"] = true, ["content-type"] = true, ["transfer-encoding"] = true }

-- The lines of a head, or nil: a session is to look at them each time.
local function lines(response)
  local list = {}
  for name, value in pairs(response.headers or {}) do
    if type(name) ~= "string" or not name:find "^[%w-]+$" or own[name:lower()] then return end
    if type(value) ~= "string" or value:find "%c" then return end
    list[#list + 1] = ("%s: %s\r\n"):format(name, value)
  end
  local kind = response.type or "text/plain; charset=utf-8"
  if type(kind) ~= "string" or kind:find "%c" then return end
  table.sort(list)
  return table.concat(list) .. ("Content-Type: %s\r\n"):format(kind)
end

local fields = { status = true, type = true, headers = true, body = true }

-- A response as fixed.h has it, or nil: it is none, or one that is not always the same.
local function packed(response, status, compress)
  if type(response) == "string" then response = { body = response } end
  if type(response) ~= "table" then return end
  for name in pairs(response) do
    if not fields[name] then return end
  end
  status = status or response.status or 200
  if math.type(status) ~= "integer" or status < 200 or status > 599 then return end
  if status == 204 or status == 304 then return end
  local head, body = lines(response), response.body or ""
  if not head or type(body) ~= "string" or compress > 0 and #body >= compress then return end
  return ("=BI2s4s4"):pack(1, status, head, body)
end

local function key(path) return ("=s4"):pack(((path:find "^/" and path or "/" .. path):gsub("/+$", ""))) end

local of_folder = { folder = "string", index = "string", gzip = "boolean" }

-- A folder as fixed.h has it, or nil: the route is none.
local function folder(self, path, route)
  if type(route) ~= "table" or route.folder == nil then return end
  for name, value in pairs(route) do
    if type(value) ~= of_folder[name] then
      error(("routes[%s] is a folder: its fields are folder and index (texts) and gzip (true, false), not %s = %s")
        :format(kam.show(path), name, kam.show(value)), 0)
    end
  end
  local there <close> = io.open(route.folder .. "/.", "rb")
  if not there then
    self:warn(("routes[%s]: there is no folder %s"):format(kam.show(path), kam.show(route.folder)))
  end
  return ("=Bs4s4B"):pack(3, route.folder .. "\0", (route.index or "index.html") .. "\0", route.gzip and 1 or 0)
end

-- All routes, for the session: what it answers by itself, and what it asks for.
local function fixed(self, routes, uploads, compress)
  local list, any = {}, false
  for path, response in pairs(routes or {}) do
    if type(path) ~= "string" then return end
    local p = folder(self, path, response) or packed(response, nil, compress)
    any = any or p ~= nil
    list[#list + 1] = key(path) .. (p or "\0")
  end
  for path in pairs(uploads or {}) do
    any = true
    list[#list + 1] = key(path) .. "\2"
  end
  return any and table.concat(list) or nil
end

local function pages(errors)
  local list = {}
  for status, response in pairs(errors) do
    local p = math.type(status) == "integer" and status >= 400 and status <= 599 and packed(response, status, 0)
    if not p then
      error(("errors[%s] is no status of an error, or not the response for it"):format(kam.show(status)), 0)
    end
    list[#list + 1] = ("=s4"):pack(tostring(status)) .. p
  end
  return list[1] and table.concat(list) or nil
end

return kam.component "HTTPServer" {
  summary = "Serves HTTP/1.1: each request is answered by a function.",
  doc = "A ServerCore whose handlers are an HTTPSession and an HTTPHandler, where the request and the response "
    .. "are described. Requests of one connection are answered one after the other. A route that is a response "
    .. "instead of a function is answered to GET and HEAD without a call into Lua, and so are the files below a "
    .. "folder, a route { folder =, index =, gzip = } (see HTTPFiles). With `compress`, bodies of text go out "
    .. "compressed to whom takes that (gzip, deflate). With `accessLog`, the outbox log tells each request, in "
    .. "the combined format. For a path of `uploads` the function is asked before the body has come; the inbox of "
    .. "the component that it gives gets that, as it comes and with back-pressure to the peer, and what it sends "
    .. "is the response. `errors` has what stands for the body of a response of status 400 and more that has "
    .. "none, also of those that the server makes by itself.",
  ends = "When it is told; requests that are being answered are, first.",
  effects = true,
  inboxes = { inbox = false },
  outboxes = {
    outbox = false,
    listening = { "the address, when it listens: { host =, port = } or { path = }", optional = true },
    log = { "with `accessLog`, a line for each request", optional = true },
  },
  options = {
    answer = { type = "function", "the function for paths that routes does not have", optional = true },
    uploads = { type = "functions", optional = true,
      "functions by the beginnings of paths, whose components get the body as it comes" },
    routes = { type = "table", "functions, responses, or folders, by the beginnings of paths", optional = true },
    port = { 8000, "the port to listen on; 0: a free one, which listening tells", min = 0, max = 65535 },
    host = { "", 'the address to listen on; "": all that the machine has' },
    path = { "", "a Unix socket to listen on instead" },
    connections = { 20000, "how many there may be at once; further ones are closed", min = 1 },
    perAddress = { 0, "how many of one address, or IPv6 network of 64 bits, there may be at once; 0: any number",
      min = 0 },
    idle = { 120.0, "seconds without a byte, or in which the peer took less than 500 bytes each of what is "
      .. "for it, after which a connection is closed; 0: never", min = 0 },
    headTime = { 10.0, "seconds in which the head of a request must be there, and its body with one more for "
      .. "each 500 bytes; 0: any time", min = 0 },
    tls = { type = "table", 'options of a TLSSession, as { certificates = { "site.pem" } }, which then secures '
      .. "each connection", optional = true },
    body = { 1 << 20, "bytes that the body of a request may have", min = 0 },
    upload = { 1 << 30, "bytes that the body of one of `uploads` may have", min = 0 },
    compress = { 0, "bytes from which on a body of text is compressed; 0: never", min = 0 },
    accessLog = { false, "each request is told in the outbox log" },
    errors = { type = "table", "responses by the status of an error", optional = true },
  },
  first = "answer",
  init = function(self)
    local handler = { answer = self.answer, routes = self.routes, uploads = self.uploads }
    local session = { body = self.body, upload = self.upload, headTime = self.headTime, compress = self.compress,
      accessLog = self.accessLog,
      fixed = fixed(self, self.routes, self.uploads, self.compress), pages = pages(self.errors or {}) }
    local linkages = { "self -> HTTP", "HTTP.request -> HANDLER", "HANDLER -> HTTP.response", "HTTP -> self" }
    if self.accessLog then table.insert(linkages, "HTTP.log -> self.log") end
    local server = self:addChildren(kam.ServerCore {
      port = self.port, host = self.host, path = self.path, connections = self.connections,
      perAddress = self.perAddress, halfOpen = true, idle = self.idle, tls = self.tls,
      protocol = function(peer)
        session.peer = peer.peer or ""
        local graph = kam.Graphline { HTTP = kam.HTTPSession(session), HANDLER = kam.HTTPHandler(handler),
          linkages = linkages, outboxes = self.accessLog and { "log" } or nil }
        if self.accessLog then self:link({ graph, "log" }, { self, "log" }) end
        return graph
      end,
    })
    self:link({ server, "listening" }, { self, "listening" })
  end,
  example = [[
kam.main(function(self)
  local server = self:addChildren(kam.HTTPServer { function(request) return "Hello " .. request.query.name end,
    port = 0 })
  self:link({ server, "listening" }, { self, "inbox" })
  local at = self:recv()
  local curl = kam.UnixProcess { "curl", "-s", ("http://localhost:%d/?name=Ann"):format(at.port) }
  local got = self:addInbox "got"
  self:link({ curl, "outbox" }, { self, got })
  self:addChildren(curl)
  print(self:recv(got))
  server:stop()
end):run()
--> Hello Ann
]],
}
