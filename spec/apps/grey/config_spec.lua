-- The configuration: what is read of it, the original's file among them, and what is said of what
-- is wrong.
local place = require "spec.lua.place"

package.path = "apps/grey/?.lua;" .. package.path
local configuration = require "config"

-- As Kamaelia's Grey has it: lists add to defaults, items with a space are tuples, text in the
-- first column after # is a comment.
local original = [[
# The Greylister's configuration
port = 25
servername = mail.example.org
serverid = Kamaelia-SMTP 1.0
smtp_ip = 192.168.2.9
smtp_port = 8025
inactivity_timeout = 60
greylist_log = greylist.log

allowed_senders:
    192.168.2.9
    192.0.2.4

allowed_sender_nets:
    192.168.2
    10

allowed_domains:
    example.org
    example.net

whitelisted_triples:
    192.0.2.9 <ann@example.com> <bob@example.org>

whitelisted_nonstandard_triples:
    listserver 192.0.2. <bob@example.org>
]]

describe("a configuration of grey", function()
  local here
  before_each(function() here = place.new() end)
  after_each(function() here:__close() end)

  local function read(text, more)
    here:write("grey.conf", text)
    for name, other in pairs(more or {}) do here:write(name, other) end
    return configuration.read(here.folder .. "/grey.conf")
  end

  it("has comments behind values, but for texts of the original's file", function()
    local text = "serverid = A #1 server # really\nport = 26 # not 25\nallowed_domains = example.org # ours\n"
    local c, found = read(text)
    assert.same({ "A", 26, { "example.org" }, 0 }, { c.serverid, c.port, c.allowed_domains, found.errors })
    here:write("greylist.conf", text)
    c, found = configuration.read(here.folder .. "/greylist.conf")
    assert.same({ "A #1 server # really", 26, { "example.org" }, 0 }, { c.serverid, c.port, c.allowed_domains, found.errors })
    assert.truthy(found:text():find("serverid: the # and what is behind it belong to the value", 1, true), found:text())
  end)

  it("has an end, and is no folder", function()
    local _, found = read("# " .. ("x"):rep(1 << 20))
    assert.truthy(found:text():find("is longer than 1 MB", 1, true), found:text())
    _, found = read "include /dev/zero\n"
    assert.truthy(found:text():find("/dev/zero is longer than 1 MB", 1, true), found:text())
    _, found = configuration.read(here.folder)
    assert.truthy(found:text():find("cannot read", 1, true), found:text())
    _, found = read ""
    assert.equal(0, found.errors)
  end)

  it("is the original's file, as it is", function()
    local c, found = read(original)
    assert.equal(0, found.errors, found:text())
    assert.same({ 25, "mail.example.org", "Kamaelia-SMTP 1.0", "192.168.2.9", 8025, 60, "greylist.log" },
      { c.port, c.servername, c.serverid, c.smtp_ip, c.smtp_port, c.inactivity_timeout, c.greylist_log })
    assert.same({ "127.0.0.1", "192.168.2.9", "192.0.2.4" }, c.allowed_senders)
    assert.same({ "192.168.2", "10" }, c.allowed_sender_nets)
    assert.same({ { "192.0.2.9", "<ann@example.com>", "<bob@example.org>" } }, c.whitelisted_triples)
    -- beginnings of addresses are told of, as Kamaelia took them for more
    assert.truthy(found:text():find("192.168.2", 1, true))
    assert.equal(2, found.risks, found:text())
  end)

  it("has the original's times by a preset, and what is set stands over that", function()
    local c = read "preset = kamaelia\nallowed_domains = a.example\nretry_window = 8 h\n"
    assert.same({ 3600, 28800, 3000000, 180, 32, 128, 0, false },
      { c.delay, c.retry_window, c.lifetime, c.too_soon, c.ipv4_bits, c.ipv6_bits, c.auto_whitelist, c.plain_senders })
    c = read "allowed_domains = a.example\n"
    assert.same({ 300, 172800, 3024000, 0, 24, 64, 5, true },
      { c.delay, c.retry_window, c.lifetime, c.too_soon, c.ipv4_bits, c.ipv6_bits, c.auto_whitelist, c.plain_senders })
  end)

  it("has units, addresses, lists in one line, comments and other files", function()
    local c, found = read([[
delay = 5 min     # of the clock
retry_window = 2d
lifetime = 5 weeks
size = 20 MB
listen:
  192.0.2.1:25
  [2001:db8::1]:2525
policy_listen = /run/grey.sock
metrics_listen = 127.0.0.1:9125
xclient = no
include more/domains.conf
sender_files = senders
]], { ["more/domains.conf"] = "allowed_domains:\n  # ours\n  a.example\n\n", senders = "news@b.example # weekly\n" })
    assert.equal(0, found.errors, found:text())
    assert.same({ 300, 172800, 3024000, 20 << 20, false }, { c.delay, c.retry_window, c.lifetime, c.size, c.xclient })
    assert.same({ { host = "192.0.2.1", port = 25 }, { host = "2001:db8::1", port = 2525 } }, c.listen)
    assert.same({ path = "/run/grey.sock" }, c.policy_listen)
    assert.same({ host = "127.0.0.1", port = 9125 }, c.metrics_listen)
    assert.same({ "a.example" }, c.allowed_domains)
  end)

  it("is told all that is wrong with it at once, with the line and what would be right", function()
    local _, found = read([[
smtp_prot = 25
port = 70000
delay = tomorrow
pools = sometimes
xclient = perhaps
listen:
    somewhere
delay = 1 h
allowed_domains:
    not a domain
whitelisted_clients:
    300.1.1.1/8
whitelisted_triples:
    192.0.2.1 <a@b.example>
just some words
include nowhere.conf
tls_key = k.pem
too_soon = 2 h
]])
    local said = found:text()
    for line, what in pairs { [1] = "it may be smtp_port", [2] = "port = 25", [3] = "5 min", [4] = "together, pass, off",
      [5] = "neither yes nor no", [7] = "127.0.0.1:25", [10] = "is no domain", [12] = "300.1.1.1", [14] = "a triple is",
      [15] = "neither key = value", [16] = "nowhere.conf", [17] = "no tls_certificate", [18] = "longer than delay" } do
      local at = ("grey.conf:%d\n"):format(line)
      assert.truthy(said:find(at, 1, true), at .. said)
      assert.truthy(said:find(what, 1, true), what .. "\n" .. said)
    end
  end)

  it("is told of what is risky", function()
    for text, what in pairs { ["allowed_sender_nets = 0.0.0.0/0"] = "open relay", ["allowed_domains = *"] = "open relay",
      ["delay = 1 s"] = "allowed_domains is empty", ["whitelisted_clients = 0.0.0.0/1"] = "little use",
      ["delay = 1 s\ndelay = 2 s"] = "was set before" } do
      local _, found = read(text .. "\n")
      assert.equal(0, found.errors, found:text())
      assert.truthy(found:text():find(what, 1, true), text .. "\n" .. found:text())
    end
  end)

  it("is told of numbers that are too large, whatever they do to arithmetic", function()
    for _, text in ipairs { "size = 99999999999999999999", "size = 9999999999 GB", "delay = 99999999999999999999 d",
      "recipients = 99999999999999999999", "port = 99999999999999999999", "hops = 1e3", "size = 0x10" } do
      local _, found = read(text .. "\n")
      assert.equal(1, found.errors, text .. "\n" .. found:text())
    end
    local c, found = read "size = 1024 GB\ndelay = 1 h\n"
    assert.same({ 0, 1 << 40 }, { found.errors, c.size }, found:text())
  end)

  it("must name what is there", function()
    for text, what in pairs { ["tls_certificate = none.pem"] = "no none.pem", ["smtp_ip ="] = "no server is named",
      ["database = /nowhere/at/all.db"] = "no folder /nowhere/at", ["smtp_port = 25"] = "go round for ever",
      ["smtp_port = 26\nlisten = [::1]:26\nsmtp_ip = ::1"] = "go round for ever" } do
      local _, found = read(text .. "\n")
      assert.equal(1, found.errors, text .. "\n" .. found:text())
      assert.truthy(found:text():find(what, 1, true), found:text())
    end
    local _, found = read "user = no-such-user\ngroup = no-such-group\nsmtp_port = 25\nlisten = 192.0.2.1:25\n"
    assert.same({ 0, 3 }, { found.errors, found.risks }, found:text())
  end)

  it("passes over keys that Kamaelia's files have and nobody reads, with a word", function()
    here:write("greylist.conf.dist", "port = 25\nfavourite_colour = blue\n")
    local _, found = configuration.read(here.folder .. "/greylist.conf.dist")
    assert.equal(0, found.errors, found:text())
    assert.truthy(found:text():find("there is no key favourite_colour", 1, true))
  end)

  it("does not run in circles", function()
    local _, found = read "include grey.conf\n"
    assert.truthy(found:text():find("include one another without end", 1, true))
  end)
end)
