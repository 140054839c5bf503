-- MiniAxon, step 1: a microprocess is a coroutine with a name.
local Microprocess = {}
Microprocess.__index = Microprocess

-- One that will run main(self), a step at a time.
function Microprocess.new(name, main)
  return setmetatable({ name = name, thread = coroutine.create(main) }, Microprocess)
end

-- Runs it up to its next yield: true while there is more of it.
function Microprocess:step()
  -- Yours to write: resume self.thread, with self as the argument of its main. If that
  -- fails, raise an error that names the microprocess. Then say whether its
  -- coroutine.status is still something else than "dead".
  error("a hole: Microprocess:step in docs/tutorial/miniaxon/1/microprocess.lua", 0)
end

return Microprocess
