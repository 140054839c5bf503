-- prelude: readies the library for a fuzz target in Lua, and gives its function.
local root, target, watch = ...

package.path = ("%s/lua/?.lua;%s/lua/?/init.lua;%s/?.lua;%s"):format(root, root, root, package.path)

-- Components have coroutines of their own, and each begins without a hook.
local component = require "kam.component"
local new = component.new
function component.new(name)
  local build = new(name)
  return function(declaration)
    local main = declaration.main
    if main then
      declaration.main = function(self)
        watch()
        return main(self)
      end
    end
    return build(declaration)
  end
end

return dofile(("%s/spec/fuzz/fuzz_%s.lua"):format(root, target))
