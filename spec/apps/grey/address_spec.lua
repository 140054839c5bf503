-- apps/grey/address.lua: no spelling of another's address is taken for one of ours.
local library = require "kam.library"
package.path = library.root .. "/apps/grey/?.lua;" .. package.path
local address = require "address"
local lists = require "lists"

local config = { allowed_domains = { "example.org", ".sub.example.org", "b\xC3\xBCcher.example", "[192.0.2.25]" } }
local ours = lists.new(config)

-- What a client may give as a recipient so that it looks like one of ours.
local foreign = {
  "user@evil.example", "user@EVIL.EXAMPLE", "user@example.org.evil.example", "user@evil-example.org", "user@notexample.org",
  "user@exampleXorg", "user@org", "user@sub.example.org", "user@a.example.org",
  -- sent on by what receives it
  "user%evil.example@example.org", "evil.example!user@example.org", "user@evil.example@example.org",
  '"user@evil.example"@example.org', '"user%evil.example"@example.org', '"evil.example!user"@example.org',
  "@example.org:user@evil.example", "@evil.example:user@example.org", "@example.org,@evil.example:user@example.org",
  "user%evil.example%other@example.org", '"user\\@evil.example"@example.org', '"user@evil.example\\""@example.org',
  "=?utf-8?q?user=40evil.example=3E?=@example.org", '"<user@evil.example>,"@example.org',
  -- two of them, or one with something behind
  "user@evil.example,user@example.org", "user@example.org,user@evil.example", "user@evil.example user@example.org",
  "user@example.org user@evil.example", "user@evil.example>user@example.org", "user@example.org>,<user@evil.example",
  "user@evil.example\0@example.org", "user@example.org\0.evil.example", "user@example.org\r\nRCPT TO:<user@evil.example>",
  "user@evil.example(@example.org)", "user@example.org(.evil.example)", "user@evil.example;@example.org",
  "user::evil.example@example.org", "evil.example::user@example.org", "user\\@evil.example@example.org",
  -- ends and beginnings of domains
  "user@example.org.", "user@.example.org", "user@example..org", "user@-example.org", "user@example.org-",
    "user@example.org%evil",
  "user@example.org:25", "user@example.org/evil", "user@example.org#evil", "user@example.org?evil", "user@ example.org",
  -- addresses of machines
  "user@[192.0.2.26]", "user@[192.0.2.25", "user@192.0.2.25", "user@[192.0.2.25].evil.example", "user@[IPv6:::1]",
    "user@3221225997",
  "user@[192.0.2.025]", "user@[192.0.2.25]@evil.example",
  -- letters that look or are mapped alike
  "user@\xEF\xBD\x85xample.org", "user@example\xE3\x80\x82org", "user@\xD0\xB5xample.org", "user@exa\xC2\xADmple.org",
  "user@example.org\xE2\x80\x8B", "user@bu\xCC\x88cher.example", "user@b\xC3\x9Ccher.example", "user@example.\xFFrg",
  "user@xn--bucher-kva.example", "user\xFF@example.org",
  -- no address
  "", "user", "example.org", "@", "@example.org", "user@", '"user@example.org', '""@example.org', '"us"er@example.org',
    "postmaster@",
  ("u"):rep(400) .. "@example.org", "user@" .. ("e"):rep(64) .. ".example.org", "us er@example.org", "postmaster%evil.example",
}

local mine = {
  "user@example.org", "USER@EXAMPLE.ORG", "user+tag@example.org", "u.s-e_r=x@example.org",
    '"user"@example.org',
  "user@x.sub.example.org", "user@y.x.sub.example.org", "user@b\xC3\xBCcher.example", "user@xn--bcher-kva.example",
  "user@XN--BCHER-KVA.example", "user@[192.0.2.25]", "postmaster", "Postmaster", "POSTMASTER@example.org",
    "j\xC3\xB6rg@example.org",
  "o'neil/x@example.org", "a..b.@example.org",
}

describe("a recipient", function()
  for _, text in ipairs(foreign) do
    it(("%q is not one of ours"):format(text:sub(1, 60)), function()
      local yes, why = ours:ours(text)
      assert.is_false(yes)
      assert.is_string(why)
    end)
  end

  for _, text in ipairs(mine) do
    it(("%q is one of ours"):format(text), function()
      assert.same({ true }, { ours:ours(text) })
    end)
  end

  it("is never one of ours when its domain is not, whatever signs it is made of", function()
    local signs = { "user", "evil", ".", "@", "example.org", "%", "!", '"',
      "\\", ":", ",", "\0", " ", "\xC3\xBC", "[", "]", "<", ">", "x" }
    for _ = 1, 20000 do
      local out = {}
      for i = 1, math.random(1, 8) do out[i] = signs[math.random(#signs)] end
      local text = table.concat(out)
      if ours:ours(text) then
        assert(text:find '^[^@%%!:,<>%z]+@example%.org$' or text:find "^[^@]+@[a-z.]*%.sub%.example%.org$", text)
      end
    end
  end)
end)

describe("a mail address", function()
  it("has one form", function()
    for text, wanted in pairs { ["User@Example.ORG"] = "user@example.org", ['"User"@example.org'] = "user@example.org",
      ["u@b\xC3\xBCcher.example"] = "u@xn--bcher-kva.example", ["POSTMASTER"] = "postmaster" } do
      assert.equal(wanted, address.parse(text).text)
    end
    assert.equal("not an address", address.key "Not An Address")
  end)

  it("has the domain in ASCII as the published examples have it", function()
    for text, wanted in pairs { ["m\xC3\xBCnchen.example"] = "xn--mnchen-3ya.example",
      ["\xE4\xBE\x8B\xE3\x81\x88.jp"] = "xn--r8jz45g.jp", -- RFC 3492's way, as registered
      ["\xE4\xBB\x96\xE4\xBB\xAC\xE4\xB8\xBA\xE4\xBB\x80\xE4\xB9\x88\xE4\xB8\x8D\xE8\xAF\xB4\xE4\xB8\xAD\xE6\x96\x87"]
        = "xn--ihqwcrb4cv8a8dqg056pqjye" } do -- RFC 3492, 7.1 (B)
      assert.equal(wanted, address.domain(text))
    end
  end)

  it("is told why it is none", function()
    local function why(text) return (select(2, address.parse(text))) end
    assert.equal("its domain ends in a dot", why "a@example.org.")
    assert.equal("it has a source route", why "@a:b@c")
    assert.equal("it has no domain", why "user")
    assert.equal("it has control characters", why "us\0er@example.org")
  end)
end)
