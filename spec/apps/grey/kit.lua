-- kit: Grey between a client and a sink, for specs: all of them real programs.
local place = require "spec.lua.place"

local kit = {}

-- Begins a script: grey with the lines of a configuration on a free port $port, before
-- smtp-sink at $sink. What follows may use them; `stop` ends both, and shows grey's exit.
kit.begin = "free() { " .. place.free_port .. "; }\n" .. [[
up() { # port: waits until somebody listens
  python3 -c 'import socket, sys, time
for i in range(500):
  try: socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close(); break
  except OSError: time.sleep(0.02)' "$1"
}
PATH=$PATH:/usr/sbin
port=$(free) sink=$(free)
as=; [ "$(id -u)" != 0 ] || as='-u nobody'
chmod 755 .
begin_sink() {
  mkdir -p sunk; chmod 777 sunk
  smtp-sink $as -d "$PWD/sunk/" "$@" 127.0.0.1:$sink 100 2> sink.said & sink_pid=$!
  up $sink
}
begin_grey() {
  { echo "port = $port"; echo "smtp_port = $sink"; cat grey.conf; } > whole.conf
  kam grey -c whole.conf 2>> said & grey_pid=$!
  up $port
}
stop() {
  kill -TERM $grey_pid; wait $grey_pid; echo "exit $?"
  kill $sink_pid 2> /dev/null; wait $sink_pid 2> /dev/null
}
]]

-- Sends mails by Python's smtplib; each word of its arguments is from=, to= (with commas),
-- source=, size= or text=. Prints the replies, or what went wrong.
kit.send = [[
import smtplib, sys
port = int(sys.argv[1])
for word in sys.argv[2:]:
  given = dict(p.split("=", 1) for p in word.split(";"))
  try:
    s = smtplib.SMTP("127.0.0.1", port, "client.example", 20, (given.get("source", "127.0.0.2"), 0))
    text = given.get("text", "Subject: x\r\n\r\nhello\r\n") + "x" * int(given.get("size", 0))
    refused = s.sendmail(given.get("from", "a@client.example"), given["to"].split(","), text)
    print("taken", {to: code for to, (code, why) in refused.items()})
  except smtplib.SMTPRecipientsRefused as e:
    print("refused", {to: code for to, (code, why) in e.recipients.items()})
  except smtplib.SMTPResponseException as e: print("answered", e.smtp_code, e.smtp_error.decode())
  except Exception as e: print(type(e).__name__, e)
  try: s.quit()
  except Exception: pass
]]

-- A place with grey.conf and send.py.
function kit.place(conf)
  return place.new { ["grey.conf"] = conf, ["send.py"] = kit.send }
end

-- Can it be had at all?
function kit.missing()
  return not os.execute "PATH=$PATH:/usr/sbin command -v smtp-sink >/dev/null" and "needs Postfix's smtp-sink"
end

return kit
