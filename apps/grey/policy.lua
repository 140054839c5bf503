-- policy: Grey for a Postfix that delivers itself, and asks (check_policy_service).
local kam = require "kam"

local policy = {}

-- What a verdict is for Postfix.
local function action_of(verdict, told)
  if verdict.action == "accept" then
    return verdict.header and not told and "PREPEND " .. verdict.header or "DUNNO"
  end
  local text = verdict.reply:match "^%d%d%d (.*)$"
  return (verdict.action == "defer" and "DEFER_IF_PERMIT " or "REJECT ") .. text
end

local Judge = kam.component "GreyPolicy" {
  summary = "Answers Postfix's requests by the engine's verdicts.",
  ends = "When its inbox has, or when told.",
  inboxes = { inbox = "requests of a PolicySession" },
  outboxes = {
    outbox = "answers",
    events = { "what is to be logged and counted", optional = true },
  },
  main = function(self)
    local last -- the mail that has its header already
    for r in self:messages() do
      local answer = "DUNNO"
      if r.request == "smtpd_access_policy" and r.recipient and r.recipient ~= "" and r.client_address then
        local name = r.client_name ~= "unknown" and r.client_name or nil
        local verdict = self:ask("grey engine", { client = r.client_address, name = name, helo = r.helo_name or "",
          sender = r.sender or "", recipient = r.recipient, policy = true }, 30)
        if verdict then
          answer = action_of(verdict, r.instance and r.instance == last)
          if answer:find "^PREPEND" then last = r.instance end
          self:send({ event = "recipient", client = r.client_address, helo = r.helo_name, sender = r.sender,
            recipient = r.recipient, action = verdict.action, reason = verdict.reason, wait = verdict.wait },
            "events")
        end
      end
      self:send(answer)
    end
  end,
}

-- A server at an address, { host =, port = } or { path = }, whose events go to counters.
function policy.server(at, counters)
  return kam.ServerCore { host = at.host, port = at.port, path = at.path, halfOpen = true, connections = 1000,
    protocol = function()
      local judge = Judge()
      judge:link({ judge, "events" }, { counters, "inbox" })
      return kam.Graphline { TALK = kam.PolicySession(), JUDGE = judge,
        linkages = { "self -> TALK -> self", "TALK.request -> JUDGE", "JUDGE -> TALK.reply" } }
    end }
end

return policy
