-- A system on MiniAxon, run by its solved pieces: the library's DataSource and Collate.
local kam = require "kam"
local Living = require "docs.tutorial.miniaxon.solutions.living"
local Scheduler = require "docs.tutorial.miniaxon.solutions.scheduler"

local source = Living.new(kam.DataSource, { items = { "to", "be" } })
local collate = Living.new(kam.Collate)
local scheduler = Scheduler.new()
for _, process in ipairs { source, Living.link(source, collate), collate } do
  scheduler:activate(process)
end
scheduler:run()
print(table.concat(collate.boxes.outbox[1], " "))
--> to be
