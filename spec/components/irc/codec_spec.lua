-- IRCDecode and IRCEncode: RFC 2812, section 2.3.1, and the tags of IRCv3.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local function decoded(line) return kam.try(kam.IRCDecode(), { line })[1] end
local function encoded(msg) return kam.try(kam.IRCEncode(), { msg })[1] end

describe("IRCDecode", function()
  it("reads who, what and the parameters, the last with spaces", function()
    assert.same({ source = "ann!~a@example.org", nick = "ann", user = "~a", host = "example.org",
      command = "PRIVMSG", params = { "#lua", "good: morning  all " } },
      decoded ":ann!~a@example.org PRIVMSG #lua :good: morning  all ")
    assert.same({ source = "irc.example.org", nick = "irc.example.org", user = "", host = "",
      command = "001", params = { "kam", "welcome" } }, decoded ":irc.example.org 001 kam welcome")
    assert.same({ command = "PING", params = { "" } }, decoded "ping :")
    assert.same({ command = "AWAY", params = {} }, decoded "AWAY")
    assert.same({ command = "USER", params = { "a", "0", "*", ":b" } }, decoded "USER  a  0   *   ::b")
    assert.same({ "a", "b" }, decoded("MODE a b  ").params)
  end)

  it("takes the fifteenth parameter with all that follows", function()
    local params = decoded("X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 the rest :of it").params
    assert.equal(15, #params)
    assert.equal("the rest :of it", params[15])
  end)

  it("reads tags, and what is escaped in them", function()
    local msg = decoded "@time=12:00;+x/y=a\\:b\\sc\\\\d\\r\\ne\\q\\;empty=;bare :s PRIVMSG #a :b"
    assert.same({ time = "12:00", ["+x/y"] = "a;b c\\d\r\neq", empty = "", bare = "" }, msg.tags)
    assert.equal("s", msg.source)
    assert.same({ "#a", "b" }, msg.params)
    assert.is_nil(decoded("@ PING a").tags)
  end)

  it("drops empty lines, and says what is none", function()
    assert.same({}, kam.try(kam.IRCDecode(), { "", "  " }))
    for _, line in ipairs { ":only.a.source", "@tag", ":a ", "@a :b", "12 x", "1234", "PRIV-MSG a", "PING\1", "A1" } do
      assert.matches("a line has no command", cuts.fails(kam.IRCDecode(), { line }))
    end
    for _, line in ipairs { "PING \0", "PING a\rb", "PING a\nQUIT" } do
      assert.matches("a zero byte, or an end of line", cuts.fails(kam.IRCDecode(), { line }))
    end
  end)

  it("goes on behind a wrong line if error is linked", function()
    local lines, wrong = {}, {}
    kit.runs(kam.Graphline { SRC = kam.DataSource { "?", "PING a" }, IRC = kam.IRCDecode(),
      OUT = kit.into(lines), WRONG = kit.into(wrong), linkages = { "SRC -> IRC -> OUT", "IRC.error -> WRONG" } })
    assert.same({ { command = "PING", params = { "a" } } }, lines)
    assert.same({ { text = "?", error = "a line has no command" } }, wrong)
  end)

  it("gives the same in any cut, behind LineSplit", function()
    local out = cuts.same(":a!b@c PRIVMSG #x :one\r\n\r\nPING :two\n@k=v NOTICE y z", function()
      return kam.Pipeline { kam.LineSplit { crlf = true }, kam.IRCDecode() }
    end)
    assert.equal(3, #out)
    assert.same({ "y", "z" }, out[3].params)
  end)
end)

describe("IRCEncode", function()
  it("writes what IRCDecode reads", function()
    for _, msg in ipairs {
      { command = "PRIVMSG", params = { "#lua", "good morning" } },
      { command = "PING", params = { "" } },
      { command = "QUIT", params = {} },
      { command = "TOPIC", params = { "#a", ":b" } },
      { command = "NOTICE", params = { "a", "b" }, tags = { x = "a;b c\\d\r\n", y = "" } },
    } do
      assert.same(msg, decoded(encoded(msg)))
    end
    assert.equal(":kam PRIVMSG #a b", encoded { command = "PRIVMSG", source = "kam", params = { "#a", "b" } })
    assert.equal("USER a 0 * :b c", encoded { command = "USER", params = { "a", 0, "*", "b c" } })
  end)

  it("refuses what would be another message", function()
    local function refused(pattern, msg) assert.matches(pattern, cuts.fails(kam.IRCEncode(), { msg })) end
    for _, text in ipairs { "a\r\nQUIT", "a\nb", "a\rb", "a\0b" } do
      refused("parameter 2 has an end of line", { command = "PRIVMSG", params = { "#a", text } })
      refused("parameter 1 has an end of line", { command = "PRIVMSG", params = { text, "b" } })
    end
    for _, word in ipairs { "", ":a", "a b" } do
      refused("parameter 1 is no word", { command = "PRIVMSG", params = { word, "b" } })
    end
    refused("a command is letters", { command = "QUIT\r\n" })
    refused("a command is letters", { params = { "a" } })
    refused("a source has a space", { command = "A", source = "a b" })
    refused("at most 15 parameters, got 16", { command = "A", params = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
      14, 15, 16 } })
    refused("is no name of a tag", { command = "A", tags = { ["a b"] = "" } })
    refused("a tag has a zero byte", { command = "A", tags = { a = "\0" } })
    refused("tags have 8194 bytes", { command = "A", tags = { a = ("x"):rep(8190) } })
  end)

  it("writes lines of up to 512 bytes with their ends", function()
    assert.equal(510, #encoded { command = "PRIVMSG", params = { "#a", ("x"):rep(499) } })
    assert.matches("a line has 511 bytes, at most 510",
      cuts.fails(kam.IRCEncode(), { { command = "PRIVMSG", params = { "#a", ("x"):rep(500) } } }))
  end)
end)
