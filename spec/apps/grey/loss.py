"""loss.py CONF PORT SINK POINTS SEED [FOLDER]: mails through Grey, each with one fault at one point.

A client that tries again, as a mail server does, and a server behind that keeps a ledger. At a
byte of what the client has sent, or the server has got, Grey is killed, the connection is cut on
either side, the server goes away with all its connections, or the disk of the store (FOLDER, small)
is full. Prints what was counted; and, a line each, what must not be:

    lost       the client was told 250, and the server has not got it
    relayed    a mail for somebody who is not ours came through
    twice      the server has a mail more than once, although nobody lost a reply to it
"""
import os, random, re, signal, socket, struct, subprocess, sys, threading, time

conf, port, sink_port, points, seed = sys.argv[1], *map(int, sys.argv[2:6])
folder = sys.argv[6] if len(sys.argv) > 6 else None
random.seed(seed)
ledger, told, unsure, lock = {}, {}, set(), threading.Lock()
fault = None  # (kind, byte) until it has happened
happened = {}

class Cut(Exception): pass

def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()

# --- Grey ---

grey = None
def start_grey():
    global grey
    grey = subprocess.Popen(["kam", "grey", "-c", conf], stderr=open("said", "ab"))
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
            return
        except OSError: time.sleep(0.02)
    raise SystemExit("Grey does not listen")

def kill_grey():
    grey.send_signal(signal.SIGKILL)
    grey.wait()

# --- the disk ---

def fill():
    try:
        with open(folder + "/filler", "wb", buffering=0) as f:
            while True: f.write(b"x" * 4096)
    except OSError: pass

def free():
    if folder and os.path.exists(folder + "/filler"): os.unlink(folder + "/filler")

# --- what happens at a byte ---

def strike(kinds, at):
    """Is it time for one of these faults? Gives its kind."""
    global fault
    with lock:
        if not fault or fault[0] not in kinds or at < fault[1]: return None
        kind, fault = fault[0], None
        happened[kind] = happened.get(kind, 0) + 1
    if kind.startswith("kill grey"): kill_grey()
    return kind

# --- the server behind ---

listener, peers = None, set()

def listen():
    global listener
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for _ in range(200):
        try:
            s.bind(("127.0.0.1", sink_port))
            break
        except OSError: time.sleep(0.02)
    s.listen(100)
    listener = s
    threading.Thread(target=accept, args=(s,), daemon=True).start()

def accept(s):
    while True:
        try: c = s.accept()[0]
        except OSError: return
        peers.add(c)
        threading.Thread(target=serve, args=(c,), daemon=True).start()

def go_away():
    global listener
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for c in list(peers):
        try: reset(c)
        except OSError: pass

def serve(c):
    got, sent, pending = 0, 0, None
    def answer(text):
        nonlocal sent
        data = text.encode() + b"\r\n"
        with lock: here = fault and fault[0] == "cut behind, its reply" and fault[1] < sent + len(data)
        if here:
            n = max(0, fault[1] - sent)
            c.sendall(data[:n])
            strike(["cut behind, its reply"], sent + len(data))
            raise Cut
        c.sendall(data)
        sent += len(data)
    try:
        answer("220 sink")
        rest, data, mail = b"", None, {}
        while True:
            d = c.recv(4096)
            if not d: break
            got += len(d)
            kind = strike(["cut behind", "server gone", "kill grey, behind"], got)
            if kind == "server gone": go_away()
            if kind: raise Cut
            rest += d
            while b"\r\n" in rest:
                line, rest = rest.split(b"\r\n", 1)
                if data is not None:
                    if line == b".":
                        pending = int(re.search(rb"Subject: (\d+)", data).group(1))
                        with lock: ledger.setdefault(pending, []).append(mail["to"])
                        data = None
                        answer("250 2.0.0 taken")
                        pending = None
                    else: data += line + b"\r\n"
                    continue
                word = line[:4].upper()
                if word == b"EHLO": answer("250-sink\r\n250 8BITMIME")
                elif word == b"MAIL": mail = {"to": []}; answer("250 2.1.0 ok")
                elif word == b"RCPT": mail["to"].append(line.decode()); answer("250 2.1.5 ok")
                elif word == b"DATA": data = b""; answer("354 go")
                elif word == b"QUIT": answer("221 bye"); return
                else: answer("250 ok")
    except (Cut, OSError):
        try: reset(c)
        except OSError: pass
    finally:
        if pending is not None: unsure.add(pending)
        peers.discard(c)
        try: c.close()
        except OSError: pass

# --- the client ---

def attempt(i, to):
    """One attempt: the code that it ended with; None if there was none."""
    sent, got, dotted, answer = 0, 0, False, None
    s = socket.socket()
    s.settimeout(20)
    try:
        s.bind(("127.0.0.2", 0))
        s.connect(("127.0.0.1", port))
        rest = b""
        def say(text):
            nonlocal sent
            data = text.encode() + b"\r\n" if text else b""
            with lock: here = fault and fault[0] in ("cut before", "kill grey") and fault[1] < sent + len(data)
            if here:
                s.sendall(data[:max(0, fault[1] - sent)])
                if strike(["cut before", "kill grey"], sent + len(data)) == "cut before": raise Cut
                data = b""
            s.sendall(data)
            sent += len(data)
        def hear():
            nonlocal got, rest
            while True:
                m = re.match(rb"(?:\d\d\d-[^\n]*\n)*(\d\d\d) [^\n]*\n", rest)
                if m:
                    rest = rest[m.end():]
                    return int(m.group(1))
                d = s.recv(4096)
                if not d: raise Cut
                got += len(d)
                if strike(["cut before, Grey's reply", "kill grey, at its reply"], got): raise Cut
                rest += d
        hear()
        for line in ("EHLO client.example", "MAIL FROM:<c%d@client.example>" % (i % 7), "RCPT TO:<%s>" % to, "DATA"):
            say(line)
            code = hear()
            if code >= 400: return code
        say("Subject: %d\r\n\r\nmail %d\r\n..\r\n%s" % (i, i, "x" * 100))
        dotted = True
        say(".")
        code = hear()
        if code == 250: told[i] = told.get(i, 0) + 1
        dotted, answer = False, code
        say("QUIT")
        return code
    except (Cut, OSError):
        if dotted: unsure.add(i)
        try: reset(s)
        except OSError: pass
        return answer
    finally: s.close()

kinds = ["cut before", "cut before, Grey's reply", "kill grey", "kill grey, at its reply", "kill grey, behind", "cut behind",
    "cut behind, its reply", "server gone"] + (["full disk"] if folder else [])
listen()
start_grey()
attempts = 0
for i in range(points):
    ours = i % 5 != 4
    kind = kinds[i % len(kinds)]
    if kind == "full disk":
        fill()
        happened[kind] = happened.get(kind, 0) + 1
    else: fault = (kind, random.randint(0, 420))
    for n in range(40):
        attempts += 1
        code = attempt(i, "u%d@%s" % (i % 11, "test.example" if ours else "foreign.example"))
        free()
        fault = None
        if grey.poll() is not None: start_grey()
        if listener.fileno() < 0: listen()
        if code == 250 or code and code >= 500: break
        time.sleep(0.01)
    if ours and code != 250: print("never taken", i, code)
grey.terminate()
grey.wait()
time.sleep(0.2)
bad = 0
for i in told:
    if i not in ledger: print("lost", i); bad += 1
for i, copies in ledger.items():
    if i % 5 == 4: print("relayed", i); bad += 1
    if len(copies) > 1 and i not in unsure: print("twice", i, len(copies)); bad += 1
twice = sum(len(c) > 1 for c in ledger.values())
print("%d points, %d bad" % (points, bad))
print("attempts %d, faults %s, delivered %d, twice where a reply was lost %d" % (attempts, happened, len(ledger), twice),
    file=sys.stderr)
