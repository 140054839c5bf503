-- apps/grey/lists.lua: who may relay, what is not delayed, and the files of lists.
local kit = require "spec.lua.kit"
local library = require "kam.library"
local place = require "spec.lua.place"
package.path = library.root .. "/apps/grey/?.lua;" .. package.path
local lists = require "lists"

-- The lists of a configuration that has no errors.
local function of(config)
  local l, problems = lists.new(config)
  assert.equal(0, problems.errors, problems:text())
  return l, problems
end

local function told(config) return (select(2, lists.new(config)):text()) end

describe("who may relay", function()
  it("is an address, a network, or the beginning of an address", function()
    local l = of { allowed_senders = { "127.0.0.1", "2001:db8::/32" }, allowed_sender_nets = { "192.168.2", "10.1." } }
    assert.equal("127.0.0.1", l:relay "127.0.0.1")
    assert.equal("127.0.0.1", l:relay "::ffff:127.0.0.1")
    assert.equal("2001:db8::/32", l:relay "2001:db8:1::5")
    assert.equal("192.168.2.0/24", l:relay "192.168.2.77")
    assert.equal("10.1.0.0/16", l:relay "10.1.0.3")
    for _, ip in ipairs { "127.0.0.2", "192.168.20.1", "192.168.255.1", "10.10.0.1", "100.1.0.0", "::1", "x" } do
      assert.is_nil(l:relay(ip), ip)
    end
  end)

  it("is never a name", function()
    kit.has(told { allowed_senders = { "mail.example.org" } }, "no address")
  end)

  it("is told to be risky when it is everybody, or ambiguous", function()
    kit.has(told { allowed_senders = { "0.0.0.0/0" } }, "open relay")
    kit.has(told { allowed_senders = { "::/0" } }, "open relay")
    kit.has(told { allowed_sender_nets = { "8" } }, "8.0.0.0/8", "many owners", "80 to 89")
    kit.has(told { allowed_sender_nets = { "192.168.2" } }, "192.168.20 to 192.168.29", "mend: 192.168.2.0/24")
    assert.equal("", told { allowed_sender_nets = { "10.0.0.0/8", "fd00::/8", "192.168.2." } })
    kit.has(told { allowed_domains = { "*" } }, "open relay")
  end)
end)

describe("a client", function()
  local l = of { whitelisted_clients = { "192.0.2.1", "198.51.100.0/24", "2001:db8::/32", ".pool.example.org", "example.net",
    "mail*.example.com", [[/^mx\d+\.(north|south)\.example\.(de|fr)$/]], "203.0.113" } }

  it("is found by address, network, name, and pattern", function()
    for _, one in ipairs { { "192.0.2.1" }, { "198.51.100.9" }, { "2001:db8::7" }, { "203.0.113.8" }, { "9.9.9.9",
      "a.pool.example.org" },
      { "9.9.9.9", "A.B.POOL.example.ORG." }, { "9.9.9.9", "example.net" }, { "9.9.9.9", "x.example.net" },
      { "9.9.9.9", "mail-7.example.com" }, { "9.9.9.9", "mx12.north.example.de" }, { "9.9.9.9", "mx1.south.example.fr" } } do
      assert.equal("client whitelisted", (l:client(one[1], one[2])), table.concat(one, " "))
    end
  end)

  it("is not found otherwise", function()
    for _, one in ipairs { { "192.0.2.2" }, { "9.9.9.9" }, { "9.9.9.9", "pool.example.org" }, { "9.9.9.9", "xexample.net" },
      { "9.9.9.9", "example.net.evil.example" }, { "9.9.9.9", "mail.example.com.evil.example" }, { "9.9.9.9",
        "mx.north.example.de" },
      { "9.9.9.9", "mx1.east.example.de" }, { "9.9.9.9", "xmx1.north.example.de" }, { "unknown" } } do
      assert.is_nil((l:client(one[1], one[2])), table.concat(one, " "))
    end
  end)

  it("is told with the entry", function()
    assert.same({ "client whitelisted", ".pool.example.org" }, { l:client("9.9.9.9", "a.pool.example.org") })
  end)
end)

describe("patterns", function()
  it("that cannot be read, or may cost much, are refused", function()
    for text, why in pairs { ["/(a+)+b/"] = "repeated", ["/a{3}/"] = "repeats nothing", ["/(a/"] = "not closed",
      ["/[a/"] = "not closed",
      ["/.*.*.*.*x/"] = "repeats more than 3", ["*a*b*c*d"] = "repeats more than 3", ["/\\1/"] = "not supported",
        ["//"] = "empty",
      ["/(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)/"] = "alternatives", ["/a^b/"] = "only at the beginning" } do
      kit.has(told { whitelisted_clients = { text } }, why)
    end
  end)

  it("agree with python's regular expressions", function()
    if not os.execute "command -v python3 >/dev/null" then pending "needs python3" return end
    local patterns = require "patterns"
    local pieces = { "a", "b", ".", "\\.", "\\d", "[ab]", "[^a.]", "[0-9-]", "(a|b)", "(?:ab|1)?", "a*", "[a1]+", "b?", "-", "%",
      "\\w" }
    local subjects = { "", "a", "b", "ab", "aab", "a.b", "1", "a1", "-", "%", "b-1", "abab", "a.1.b", "11" }
    local lines = {}
    for _ = 1, 400 do
      local out, repeats = {}, 0
      for i = 1, math.random(1, 5) do
        out[i] = pieces[math.random(#pieces)]
        if out[i]:find "^.*[*+]$" then repeats = repeats + 1 end
      end
      local text = (math.random(2) == 1 and "^" or "") .. table.concat(out) .. (math.random(2) == 1 and "$" or "")
      if math.random(4) == 1 then text = text .. "|" .. pieces[math.random(#pieces)] end
      if repeats <= 3 and text ~= "^" then lines[#lines + 1] = text end
    end
    local here <close> = place.new()
    here:write("patterns", table.concat(lines, "\n"))
    here:write("subjects", table.concat(subjects, "\n"))
    here:write("ask.py", [[
import re
for p in open("patterns").read().split("\n"):
    print("".join("1" if re.search(p, s) else "0" for s in open("subjects").read().split("\n")))
]])
    local out, err = here:run "python3 ask.py"
    assert.equal("", err)
    local at = 0
    for wanted in out:gmatch "%d+" do
      at = at + 1
      local list = assert(patterns.of("/" .. lines[at] .. "/"), lines[at])
      local got = {}
      for i, subject in ipairs(subjects) do got[i] = patterns.found(list, subject) and "1" or "0" end
      assert.equal(wanted, table.concat(got), lines[at])
    end
    assert.equal(#lines, at)
  end)
end)

describe("senders and recipients", function()
  local l = of { whitelisted_senders = { "news@example.org", ".lists.example.org", "@example.com", "*-bounces@example.net",
    "<>" },
    whitelisted_recipients = { "postmaster@", "abuse@example.org", "example.fr", "/^spam-.*@example\\.de$/" } }

  it("are found by address, user, domain and pattern", function()
    for _, text in ipairs { "news@example.org", "NEWS@EXAMPLE.ORG", "x@a.lists.example.org", "x@example.com",
      "list-bounces@example.net", "" } do
      assert.equal("sender whitelisted", (l:sender(text)), text)
    end
    for _, text in ipairs { "postmaster@anything.example", "postmaster", "abuse@example.org", "abuse+7@example.org",
      "x@example.fr",
      "x@y.example.fr", "spam-trap@example.de" } do
      assert.equal("recipient whitelisted", (l:recipient(text)), text)
    end
  end)

  it("are not found otherwise", function()
    for _, text in ipairs { "news2@example.org", "x@lists.example.org", "x@a.example.com", "bounces@example.net",
      "news@example.org.evil.example" } do
      assert.is_nil((l:sender(text)), text)
    end
    for _, text in ipairs { "abuse@example.de", "notabuse@example.org", "x@xexample.fr", "ham@example.de" } do
      assert.is_nil((l:recipient(text)), text)
    end
  end)
end)

describe("triples", function()
  it("are found, with or without < and >", function()
    local l = of { whitelisted_triples = { { "192.0.2.1", "<a@example.org>", "<b@example.net>" }, { "198.51.100.0/24", "<>",
      "c@example.net" } },
      whitelisted_nonstandard_triples = { { "mail.example.org", "203.0.113.", "<d@example.net>" } } }
    assert.equal("triple whitelisted", (l:triple("192.0.2.1", "A@example.org", "b@example.net", "x")))
    assert.equal("triple whitelisted", (l:triple("198.51.100.7", "", "c@example.net", "x")))
    assert.equal("triple whitelisted", (l:triple("203.0.113.7", "who@ever.example", "d@example.net", "mail.example.org")))
    assert.is_nil((l:triple("192.0.2.2", "a@example.org", "b@example.net", "x")))
    assert.is_nil((l:triple("192.0.2.1", "a@example.org", "c@example.net", "x")))
    assert.is_nil((l:triple("203.0.113.7", "a@example.org", "d@example.net", "MAIL.example.org")))
  end)

  it("of other than three words are refused", function()
    kit.has(told { whitelisted_triples = { "192.0.2.1" } }, "a triple is an address, a sender and a recipient", "mend: ")
    kit.has(told { whitelisted_nonstandard_triples = { { "a", "b" } } }, "a nonstandard triple")
    kit.has(told { whitelisted_triples = { { "x", "<a@b>", "<c@d>" } } }, "no address")
  end)
end)

describe("a file of a list", function()
  local here

  before_each(function() here = place.new() end)
  after_each(function() here:__close() end)

  it("is read as postgrey's are", function()
    here:write("clients",
      "# comment\n\nmail.example.org # with a remark\n192.0.2\n198.51.100.0/24\n/^mx\\d+\\.example\\.net$/\r\n")
    local l = of { whitelist_files = { here.folder .. "/clients" } }
    for _, one in ipairs { { "9.9.9.9", "mail.example.org" }, { "192.0.2.7" }, { "198.51.100.3" }, { "9.9.9.9",
      "mx1.example.net" } } do
      assert.truthy(l:client(one[1], one[2]))
    end
    assert.is_nil((l:client "9.9.9.9"))
  end)

  it("may say of each entry what it is of", function()
    here:write("all", "client 192.0.2.1\nsender a@example.org\nrecipient abuse@\n")
    local l = of { whitelist_files = { here.folder .. "/all" } }
    assert.truthy(l:client "192.0.2.1")
    assert.truthy(l:sender "a@example.org")
    assert.truthy(l:recipient "abuse@example.net")
  end)

  it("has pools, whose clients count as one, or pass, or are nothing special", function()
    here:write("pools", "pool example.org\n  192.0.2.0/24\n\t.out.example.org\n# between\n  198.51.100.7\n"
      .. "pool example.net\n  203.0.113.0/24\n")
    local path = { here.folder .. "/pools" }
    local l = of { pool_files = path, pools = "together" }
    assert.equal("example.org", l:pool "192.0.2.9")
    assert.equal("example.org", l:pool("9.9.9.9", "a.out.example.org"))
    assert.equal("example.org", l:pool "198.51.100.7")
    assert.equal("example.net", l:pool "203.0.113.1")
    assert.is_nil(l:pool "9.9.9.9")
    assert.is_nil((l:client "192.0.2.9"))
    l = of { pool_files = path, pools = "pass" }
    assert.is_nil(l:pool "192.0.2.9")
    assert.equal("client of a pool", (l:client "192.0.2.9"))
    l = of { pool_files = path, pools = "off" }
    assert.is_nil(l:pool "192.0.2.9")
    assert.is_nil((l:client "192.0.2.9"))
  end)

  it("that has errors is told with their lines, all at once", function()
    here:write("bad", "192.0.2.0/33\nok.example.org\ntwo words\nbad..example.org\n192.0.2.1/24\n")
    local text = told { whitelist_files = { here.folder .. "/bad", here.folder .. "/none" } }
    kit.has(text, "bad:1", "bad:3", "bad:4", "bad:5", "mend: 192.0.2.0/24", "cannot read", "none")
    kit.lacks(text, "bad:2")
  end)

  it("is told to be risky where it lets almost all pass", function()
    here:write("risky", "com\n16.0.0.0/4\n::/0\n")
    local text = told { whitelist_files = { here.folder .. "/risky" } }
    kit.has(text, "top-level domain", "16.0.0.0/4", "risky:3")
  end)
end)
