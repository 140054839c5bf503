-- XMLParser: what is XML and what is not, in any cut, and as python3's expat sees it.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local function parse(text, given) return cuts.same(text, function() return kam.XMLParser(given) end) end

-- What is within <a>...</a>.
local function within(text, given)
  local list = parse("<a>" .. text .. "</a>", given)
  assert.is_nil(list.failed)
  return table.move(list, 3, #list - 2, 1, {})
end

local function attributes(tag) return parse(tag)[2][3] end

-- Text in UTF-16 of one byte order, with its mark.
local function wide(text, form)
  local out = { form:pack(0xfeff) }
  for _, code in utf8.codes(text) do out[#out + 1] = form:pack(code) end
  return table.concat(out)
end

describe("XMLParser", function()
  it("sends the events of a document", function()
    assert.same({
      { "document" }, { "element", "news", {} }, { "element", "item", { n = "1", lang = "de" } }, { "chars", "Schnee" },
      { "/element", "item" }, { "element", "x:empty", {} }, { "/element", "x:empty" }, { "/element", "news" },
      { "/document" },
    }, parse '<?xml version="1.0"?>\n<news><item n="1" lang=\'de\'>Schnee</item><x:empty/></news>\n')
  end)

  it("sends a text as one, whatever is in it", function()
    assert.same({ { "chars", "a <b> & \"'A€é\nz" } },
      within "a &lt;b&gt; &amp; &quot;&apos;&#65;&#x20ac;<!-- no --><![CDATA[é]]>\r\n<?no no?>z")
    assert.same({ { "chars", "1" }, { "element", "b", {} }, { "chars", "<&2" }, { "/element", "b" }, { "chars", "3" } },
      within "1<b><![CDATA[<&2]]></b>3")
  end)

  it("sends white space, or passes over it", function()
    assert.same({ { "chars", "\n " }, { "element", "b", {} }, { "/element", "b" }, { "chars", "\t" } },
      within "\n <b/>\t")
    assert.same({ { "element", "b", {} }, { "chars", " x " }, { "/element", "b" } },
      within("\n <b> x </b>\t", { blanks = false }))
    assert.same({}, within(" <!-- --> ", { blanks = false }))
  end)

  it("reads the values of attributes as XML says", function()
    assert.same({ a = "<&> é", b = "x y", c = "'" }, attributes "<t a='&lt;&amp;> &#233;' b='x\ny' c=\"'\"/>")
    assert.same({}, attributes "<t/>")
  end)

  it("adds what the document itself declares of attributes", function()
    assert.same({ a = "1", b = "x" }, attributes [[<!DOCTYPE t [<!ATTLIST t a CDATA "1" b CDATA "2">]><t b="x"/>]])
  end)

  it("reads UTF-8, UTF-16, ISO-8859-1 and ASCII", function()
    local wanted = { { "document" }, { "element", "é", { a = "ü" } }, { "chars", "ß" }, { "/element", "é" },
      { "/document" } }
    local text = "<é a='ü'>ß</é>"
    assert.same(wanted, parse(text))
    assert.same(wanted, parse("\xef\xbb\xbf" .. text))
    assert.same(wanted, parse(wide(text, "<I2")))
    assert.same(wanted, parse(wide(text, ">I2")))
    assert.same(wanted, parse("<?xml version='1.0' encoding='ISO-8859-1'?><\xe9 a='\xfc'>\xdf</\xe9>"))
    assert.same("x", parse("<?xml version='1.0' encoding='US-ASCII'?><a>x</a>")[3][2])
    kit.has(parse("<?xml version='1.0' encoding='ISO-8859-15'?><a/>").failed, "E0845", "encoding")
  end)

  it("sends an event as soon as what it stands for has come", function()
    local h <close> = kam.handle(kam.XMLParser())
    h:put "<a><b n='1"
    assert.same({ "document" }, h:get())
    assert.same({ "element", "a", {} }, h:get())
    h:put "'>"
    assert.same({ "element", "b", { n = "1" } }, h:get())
    h:put "text"
    h:put "</b"
    h:put ">"
    assert.same({ "chars", "text" }, h:get())
    assert.same({ "/element", "b" }, h:get())
  end)

  local wrong = {
    { "", "line 1, column 1", "no element" },
    { "  \n", "line 2, column 1", "no element" },
    { "text", "line 1, column 1" },
    { "<a>", "line 1, column 4", "no element found" },
    { "<a></b>", "line 1, column 6", "mismatched tag" },
    { "<a>\n <b>\n</a>", "line 3, column 3", "mismatched tag" },
    { "<a/><b/>", "line 1, column 5", "junk after" },
    { "<a/>text", "line 1, column 5", "junk after" },
    { "<a b=1/>", "line 1, column 6", "not well-formed" },
    { "<a b/>", "line 1, column 5", "not well-formed" },
    { "<a b='1' b='2'/>", "line 1, column 10", "duplicate attribute" },
    { "<a b='<'/>", "line 1, column 7", "not well-formed" },
    { "<a>Tom & Jerry</a>", "line 1, column 9", "not well-formed" },
    { "<a>&nbsp;</a>", "line 1, column 4", "undefined entity" },
    { "<a>]]></a>", "line 1" },
    { "<a><!-- -- --></a>", "line 1, column 11", "not well-formed" },
    { "<a>\1</a>", "line 1, column 4", "not well-formed" },
    { "<a>&#0;</a>", "line 1, column 4", "invalid character" },
    { "<a>&#xd800;</a>", "line 1, column 4", "invalid character" },
    { "<a>\xff</a>", "line 1, column 4", "not well-formed" },
    { "<a>\xc0\xaf</a>", "line 1, column 4", "not well-formed" },
    { "<a>\xed\xa0\x80</a>", "line 1, column 4", "not well-formed" },
    { "<é>\n<ü></é>", "line 2, column 6", "mismatched tag" },
    { "<1/>", "line 1, column 2", "not well-formed" },
    { " <?xml version='1.0'?><a/>", "line 1, column 2", "not at start" },
    { "<a", "line 1, column 1", "unclosed token" },
    { "<a>&am", "line 1, column 4", "unclosed token" },
    { "<a><![CDATA[x", "line 1" },
    { "<!DOCTYPE html><p>a<br>b</p>", "line 1, column 27", "mismatched tag" },
  }
  for i, case in ipairs(wrong) do
    it(("refuses %q, and says where it is wrong (%d)"):format(case[1], i), function()
      kit.has(parse(case[1]).failed, "XMLParser", "E0845", case[2], case[3] or "")
    end)
  end

  describe("with limits", function()
    it("takes elements to its depth", function()
      local function deep(n) return ("<a>"):rep(n) .. ("</a>"):rep(n) end
      assert.equal(2 + 2 * 5, #parse(deep(5), { depth = 5 }))
      kit.has(parse(deep(6), { depth = 5 }).failed, "E0846", "line 1, column 16", "5 elements")
      assert.equal(2 + 2 * 256, #kam.try(kam.XMLParser(), { deep(256) }))
      kit.has(cuts.fails(kam.XMLParser(), { deep(100000) }), "E0846", "256")
    end)

    it("takes texts to its limit", function()
      assert.same({ { "chars", "123456<890" } }, within("123<!-- -->456&lt;8<![CDATA[90]]>", { limit = 12 }))
      kit.has(parse("<a>\n1234567890<!-- -->123</a>", { limit = 12 }).failed, "E0658", "line 1, column 4", "a text", "12 bytes")
    end)

    it("takes tags and comments to its limit", function()
      assert.same({ b = "34567" }, parse("<a b='34567'/>", { limit = 14 })[2][3])
      kit.has(parse("<a b='345678'/>", { limit = 14 }).failed, "E0658", "line 1, column 1", "14 bytes")
      kit.has(parse("<a><!-- 5678901234567 --></a>", { limit = 14 }).failed, "E0658", "14 bytes")
    end)

    it("does not keep what is longer than its limit", function()
      local long = ("x"):rep(1 << 16)
      for _, start in ipairs { "<a b='", "<a><!-- ", "<a>", "<!DOCTYPE ", "<a><?b ", "<" } do
        local list = { start }
        for i = 2, 64 do list[i] = long end
        kit.has(cuts.fails(kam.XMLParser(), list), "E0658", "1048576 bytes")
      end
    end)

    it("reads a long tag that comes byte by byte in a time that goes with its length", function()
      local text = "<a b='" .. (">"):rep(100000) .. "'/>"
      local start = os.clock()
      assert.equal(100000, #kam.try(kam.XMLParser(), cuts.pieces(text, 1))[2][3].b)
      assert.is_true(os.clock() - start < 10)
    end)
  end)

  describe("with entities", function()
    local laughs = { '<!DOCTYPE a [<!ENTITY e0 "ha">' }
    for i = 1, 30 do laughs[#laughs + 1] = ('<!ENTITY e%d "&e%d;&e%d;">'):format(i, i - 1, i - 1) end
    laughs = table.concat(laughs)

    it("refuses documents that declare them", function()
      kit.has(parse('<!DOCTYPE a [<!ENTITY x "y">]><a/>').failed, "E0847", "line 1", "entity x", "entities = true")
      kit.has(parse('<!DOCTYPE a [<!ENTITY % x "y">]><a/>').failed, "E0847", "entity x")
      kit.has(cuts.fails(kam.XMLParser(), { laughs .. "]><a>&e30;</a>" }), "E0847", "entity e0")
    end)

    it("reads them on request", function()
      assert.same({ { "document" }, { "element", "a", { b = "yy!" } }, { "chars", "-y-" }, { "element", "c", {} },
        { "/element", "c" }, { "/element", "a" }, { "/document" } },
        parse('<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;"><!ENTITY t "<c/>">]><a b="&z;!">-&x;-&t;</a>',
          { entities = true }))
    end)

    it("refuses a few that become very much", function()
      for _, rest in ipairs { "]><a>&e30;</a>", "]><a b='&e30;'/>" } do
        local why = cuts.fails(kam.XMLParser { entities = true, limit = 1 << 30 }, { laughs .. rest })
        kit.has(why, "E0847", "too much")
      end
      kit.has(cuts.fails(kam.XMLParser { entities = true }, { laughs .. "]><a>&e30;</a>" }), "E0658", "a text")
      kit.has(parse('<!DOCTYPE a [<!ENTITY x "&y;"><!ENTITY y "&x;">]><a>&x;</a>', { entities = true }).failed,
        "E0845", "recursive")
    end)

    it("reads nothing that is elsewhere", function()
      for _, text in ipairs {
        '<!DOCTYPE a [<!ENTITY x SYSTEM "/etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "/etc/passwd"> %x;]><a/>',
        '<!DOCTYPE a [<!ENTITY x PUBLIC "p" "http://localhost/x">]><a b="c"/>',
      } do
        kit.has(parse(text).failed, "E0847")
        kit.has(parse(text, { entities = true }).failed, "E0847", "elsewhere", "not read")
      end
    end)

    it("passes over a DTD elsewhere, but not over an entity that it would declare", function()
      local head = '<!DOCTYPE a PUBLIC "p" "http://localhost/x.dtd"><a'
      assert.same({ b = "&<\"'>!" }, parse(head .. " b='&amp;&lt;&quot;&apos;&gt;&#33;'/>")[2][3])
      kit.has(parse(head .. ">&nbsp;</a>").failed, "E0847", "&nbsp;")
      kit.has(parse(head .. " b='a&nbsp;b'/>").failed, "E0847", "&nbsp;")
      kit.has(parse(wide(head .. " b='a&nbsp;b'/>", "<I2")).failed, "E0847", "&nbsp;")
      local own = '<!DOCTYPE a SYSTEM "x" [<!ENTITY own "1">]><a b="&own;%s"/>'
      assert.same({ b = "1" }, parse(own:format "", { entities = true })[2][3])
      kit.has(parse(own:format "&owner;", { entities = true }).failed, "E0847", "&owner;")
    end)
  end)
end)

describe("XML and python3", function()
  local has_python = os.execute "python3 -c 'import xml.parsers.expat' 2>/dev/null"

  -- A random document, a zero byte, and python's events of it as JSON.
  local maker = [==[
import json, random, sys, xml.parsers.expat
r = random.Random(3)
parts = ['a', ' ', '\n', 'é', '€', '&lt;', '&amp;', '&#10;', '&#x1f600;', '"', "'"]
def text(): return ''.join(r.choice(parts) for _ in range(r.randrange(9)))
def value(): return text().replace('"', '')
def name(): return r.choice(['a', 'b:c', 'é', '_x', 'y-1.z'])
def content(d):
    out = []
    for _ in range(r.randrange(6)):
        k = r.randrange(8)
        if k < 3 and d < 8: out.append(element(d + 1))
        elif k < 6: out.append(text())
        elif k == 6: out.append('<!-- ' + r.choice(['a', '<b>', '&']) + ' -->')
        else: out.append('<![CDATA[' + r.choice(['', '<', '&amp;', ']]', '>']) + ']]>')
    return ''.join(out)
def element(d):
    n = name()
    at = ''.join(' %s="%s"' % (a, value()) for a in sorted({name() for _ in range(r.randrange(3))}))
    return '<%s%s>%s</%s>' % (n, at, content(d), n) if r.random() < .8 else '<%s%s/>' % (n, at)
doc = '<?xml version="1.0" encoding="UTF-8"?>\n<root>' + ''.join(element(0) for _ in range(400)) + '</root>\n'
events = []
p = xml.parsers.expat.ParserCreate()
p.buffer_text = True
p.StartElementHandler = lambda n, a: events.append(['element', n, a])
p.EndElementHandler = lambda n: events.append(['/element', n])
def chars(t):
    if events[-1][0] == 'chars': events[-1][1] += t
    else: events.append(['chars', t])
p.CharacterDataHandler = chars
p.Parse(doc.encode(), True)
sys.stdout.buffer.write((doc + '\0' + json.dumps([['document']] + events + [['/document']])).encode())
]==]

  it("agree about a random document", function()
    if not has_python then pending "needs python3" return end
    local text, json = cuts.command("python3 -", maker):match "^(.-)%z(.*)$"
    local wanted = kam.try(kam.JSONDecode(), { json })[1]
    assert.is_true(#wanted > 500)
    for _, n in ipairs { 1, 7, 1000, #text } do
      assert.same(wanted, kam.try(kam.XMLParser(), cuts.pieces(text, n)))
    end
  end)
end)
