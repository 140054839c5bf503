-- The titles and addresses out of an XML document that may be of any length: a news feed.
local kam = require "kam"

-- A feed to try it on.
kam.Pipeline {
  kam.DataSource {
    "<?xml version='1.0'?><rss version='2.0'><channel><title>Weather &amp; news</title>",
    "<item><title>Rain in the <![CDATA[<north>]]></title><link>https://example.org/1</link></item>",
    "<item><title>Fish &amp; chips</title><enclosure url='https://example.org/2.ogg' length='9'/></item>",
    "</channel></rss>",
  },
  kam.FileWriter "feed.xml",
}:run()

-- XMLParser sends what it comes past, one thing a message; nothing of the document is kept but what
-- is wanted of it. A document that is damaged, too deep or a trap is an error with line and column.
kam.Pipeline {
  kam.FileReader "feed.xml",
  kam.XMLParser { blanks = false },
  kam.main(function(self)
    local path, item = {}, nil
    for event in self:messages() do
      local what, name, attributes = event[1], event[2], event[3]
      if what == "element" then
        path[#path + 1] = name
        if name == "item" then item = {} end
        if item and name == "enclosure" then item.sound = attributes.url end
      elseif what == "chars" then
        if item then item[path[#path]] = name end
      elseif what == "/element" then
        path[#path] = nil
        if name == "item" then
          self:send(item)
          item = nil
        end
      end
    end
  end),
  kam.ConsoleEchoer(),
}:run()
--> { link = "https://example.org/1", title = "Rain in the <north>" }
--> { sound = "https://example.org/2.ogg", title = "Fish & chips" }

-- What is no XML says so, with its place.
kam.Pipeline { kam.OneShot "<p>Tom & Jerry</p>", kam.XMLParser(), kam.NullSink() }:run()
--! XMLParser
--! E0845
--! line 1, column 9
--! exit 1
