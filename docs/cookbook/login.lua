-- Who is logged in, by a cookie: a random name of a session, which the server keeps until it is
-- old. The cookie says nothing of the user, and a script of the page cannot read it. Behind TLS,
-- add "; Secure".
local kam = require "kam"

local LIFE = 30 * 60 -- seconds without a request
local users = { ann = "secret" } -- a real site keeps hashes that are slow to make, not passwords
local sessions = {} -- by their name: { user =, ends = }

local function random()
  local f <close> = assert(io.open("/dev/urandom", "rb"))
  return (f:read(16):gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

local function drop_old()
  for name, session in pairs(sessions) do
    if session.ends <= kam.now() then sessions[name] = nil end
  end
end

-- The session that a request belongs to, or nil; and its name.
local function session_of(request)
  local name = (";" .. (request.headers.cookie or "")):match ";%s*session=(%x+)"
  local session = sessions[name]
  if not session or session.ends <= kam.now() then return nil end
  session.ends = kam.now() + LIFE
  return session, name
end

local function cookie(value, more)
  return ("session=%s; Path=/; HttpOnly; SameSite=Lax%s"):format(value, more or "")
end

local routes = {}

-- A form: user=ann&password=secret. The name is made only now: nobody can have chosen it before.
routes["/login"] = function(request)
  if request.method ~= "POST" then return { status = 405, headers = { Allow = "POST" } } end
  local form = {}
  for key, value in request.body:gmatch "([^&=]+)=([^&]*)" do form[key] = value end
  if not form.password or users[form.user] ~= form.password then return { status = 403 } end
  drop_old()
  local name = random()
  sessions[name] = { user = form.user, ends = kam.now() + LIFE }
  return { status = 303, headers = { Location = "/", ["Set-Cookie"] = cookie(name) } }
end

routes["/logout"] = function(request)
  local session, name = session_of(request)
  if session then sessions[name] = nil end
  return { headers = { ["Set-Cookie"] = cookie("", "; Max-Age=0") }, body = "bye\n" }
end

routes["/"] = function(request)
  local session = session_of(request)
  if not session then return { status = 401, body = "who are you?\n" } end
  return ("hello %s\n"):format(session.user)
end

kam.main(function(self)
  local server = self:addChildren(kam.HTTPServer { routes = routes, port = 0 })
  self:link({ server, "listening" }, { self, "inbox" })
  local script = [[
    U=http://localhost:%d; C="curl -s -b jar -c jar"
    $C $U/; $C -d 'user=ann&password=guess' $U/login; $C -L -d 'user=ann&password=secret' $U/login
    cp jar old; $C $U/; $C $U/logout; $C $U/; curl -s -b old $U/; rm jar old]]
  local curl = kam.UnixProcess { script:format(self:recv().port), shell = true }
  local got = self:addInbox "got"
  self:link({ curl, "outbox" }, { self, got })
  self:addChildren(curl)
  for bytes in self:messages(got) do io.write(tostring(bytes)) end
  server:stop()
end):run()

--> who are you?
--> 403 Forbidden
--> hello ann
--> hello ann
--> bye
--> who are you?
--> who are you?
