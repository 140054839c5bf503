-- kam completion: what bash makes of it.
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

describe("kam completion bash", function()
  local here

  before_each(function() here = place.new() end)
  after_each(function() here:__close() end)

  -- What bash offers when the last of the words is being typed.
  local function offers(...)
    local words = { "kam", ... }
    for i, word in ipairs(words) do words[i] = ("'%s'"):format(word) end
    here:write("ask.bash", ('eval "$(kam completion bash)"\nCOMP_WORDS=(%s)\nCOMP_CWORD=%d\n_kam\n'
      .. 'printf "%%s\\n" "${COMPREPLY[@]}"\n'):format(table.concat(words, " "), #words - 1))
    local out, err, status = here:run "bash ask.bash"
    assert.equal("", err)
    assert.equal(0, status)
    return out
  end

  it("completes commands, and files", function()
    here:write("explore.lua", "")
    kit.has(offers "expl", "explain", "explore.lua")
  end)

  it("completes the names of components", function()
    assert.equal("Chunker\n", offers("doc", "Chunke"))
  end)

  it("completes codes and flags", function()
    assert.equal("E0205\n", offers("explain", "E0205"))
    assert.equal("--seed\n", offers("run", "--se"))
  end)

  it("completes a component after a pipe", function()
    assert.equal("ConsoleReader | Chunker\n", offers("run", "ConsoleReader | Chunke"))
  end)

  it("is refused for a shell that it does not know", function()
    local _, err, status = here:run "kam completion csh"
    assert.equal(2, status)
    kit.has(err, "bash")
  end)
end)
