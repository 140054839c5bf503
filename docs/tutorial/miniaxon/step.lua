-- Which version of a piece of MiniAxon a spec looks at: yours, in the folder of its
-- step, or with KAM_SOLUTIONS=1 the solved one.
local folder = "docs.tutorial.miniaxon."

return function(number, name)
  local from = os.getenv "KAM_SOLUTIONS" and "solutions" or tostring(number)
  return require(("%s%s.%s"):format(folder, from, name))
end
