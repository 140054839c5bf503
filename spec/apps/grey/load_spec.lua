-- Grey under load: what is under way when it reads its configuration again, is told to end, and
-- begins anew.
local kit = require "spec.apps.grey.kit"

-- So many clients send so many mails, each again until it was taken, as a queue does. Prints how many
-- were taken, and how often a client was cut off behind the end of a mail.
local CLIENTS = [==[
import smtplib, sys, threading, time
port, number, clients = (int(a) for a in sys.argv[1:4])
left, lock, taken, unsure = list(range(number)), threading.Lock(), [0], [0]
def send(i):
  s, ended = None, False
  try:
    s = smtplib.SMTP("127.0.0.1", port, "client.example", 20, ("127.0.0.1", 0))
    s.ehlo()
    for code, _ in (s.mail("a@client.example"), s.rcpt("x@test.example")):
      if code != 250: return False
    ended = True
    code, _ = s.data("Subject: mail %d\r\n\r\n%s" % (i, ("x" * 70 + "\r\n") * 50))
    if code == 250: return True
    ended = False
  except (OSError, smtplib.SMTPException):
    if ended:
      with lock: unsure[0] += 1
  finally:
    try: s.quit()
    except Exception: pass
  return False
def work():
  while True:
    with lock:
      if not left: return
      i = left.pop()
    while not send(i): time.sleep(0.02)
    with lock: taken[0] += 1
threads = [threading.Thread(target=work) for _ in range(clients)]
for t in threads: t.start()
for t in threads: t.join()
print(taken[0], unsure[0])
]==]

describe("grey under load", function()
  if kit.missing() then
    pending(kit.missing())
    return
  end

  it("loses and doubles nothing when it reads its configuration, ends and begins anew", function()
    local here <close> = kit.place "servername = mail.test.example\nmax_per_address = 0\n"
    here:write("clients.py", CLIENTS)
    local out, err = here:run(kit.begin .. [[
      begin_sink; begin_grey
      python3 clients.py $port 1000 16 > sent & clients=$!
      for i in 1 2 3; do
        sleep 0.2; kill -HUP $grey_pid; sleep 0.1
        kill -TERM $grey_pid; wait $grey_pid; echo "exit $?"; begin_grey
      done
      wait $clients
      stop
      read taken unsure < sent; mails=$(ls sunk | wc -l)
      echo "taken $taken, different $(grep -ah '^Subject: mail' sunk/* | sort -u | wc -l)"
      [ $mails -ge 1000 ] && [ $mails -le $((1000 + unsure)) ] && echo "no mail too many"
      grep -c event=reload said]])
    assert.equal("exit 143\nexit 143\nexit 143\nexit 143\ntaken 1000, different 1000\nno mail too many\n3\n", out,
      err .. here:read("said"):sub(-2000))
  end)
end)
