# free_port.py: prints a port of 127.0.0.1 that is free, and stays so: it is none of those that the
# kernel gives to outgoing connections. A client that waits for a server on one of these, trying
# again and again, may in the end be connected with itself.
import random
import socket

with open("/proc/sys/net/ipv4/ip_local_port_range") as given:
    first = int(given.read().split()[0])
while True:
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", random.randrange(10000, max(first, 20000))))
        except OSError:
            continue
        print(s.getsockname()[1])
        break
