/* TCPServer: a handler for each TCP connection. */
#include "components/network/server.h"

#include "core/tape.h"

#include <stdio.h>

struct tcp_server {
  struct kam_server server; /* must be first */
  int64_t port;             /* options */
  char *host;
};

/* Listens on one address; 0 or libuv's error. */
static int bind_to(struct tcp_server *t, const char *host)
{
  union {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
  } a;
  int err = uv_ip4_addr(host, (int)t->port, &a.four);
  if (err)
    err = uv_ip6_addr(host, (int)t->port, &a.six);
  return err ? err
             : kam_listener_bind(&t->server.listener, &a.any,
                                 (int)t->server.backlog);
}

static int tcp_server_open(struct kam_component *c)
{
  struct tcp_server *t = (struct tcp_server *)c;
  char what[300];
  int err;
  kam_listener_init(&t->server.listener);
  t->server.is_tcp = true;
  err = bind_to(t, *t->host ? t->host : "::");
  if (!*t->host && (err == UV_EAFNOSUPPORT || err == UV_EADDRNOTAVAIL))
    err = bind_to(t, "0.0.0.0"); /* the family that there is */
  if (!err)
    kam_listener_tune(&t->server.listener, t->server.no_delay,
                      t->server.keep_alive);
  if (!err)
    err = kam_server_start(&t->server);
  if (!err)
    return 0;
  snprintf(what, sizeof what, "%s%sport %d", t->host, *t->host ? " " : "",
           (int)t->port);
  return kam_server_cannot(&t->server, what, err);
}

/* Where it listens: the port may have been chosen by the kernel. */
static void describe(struct kam_server *sv, struct kam_tape *t)
{
  struct sockaddr_storage a;
  socklen_t size = sizeof a;
  int port = 0;
  char text[64] = "";
  if (getsockname(sv->listener.fd, (struct sockaddr *)&a, &size) == 0)
    kam_address_text((struct sockaddr *)&a, text, sizeof text, &port);
  kam_tape_text(t, "host");
  kam_tape_text(t, text);
  kam_tape_text(t, "port");
  kam_tape_int(t, port);
}

static int tcp_server_step(struct kam_component *c)
{
  return kam_server_step(c, describe);
}

static const struct kam_option_spec options[] = {
    KAM_SERVER_OPTIONS(struct kam_server),
    KAM_INT(struct tcp_server, port, 1601, 0, 65535,
            "the port to listen on; 0: a free one, which listening tells"),
    KAM_TEXT(struct tcp_server, host, "",
             "the address to listen on; \"\": all that the machine has"),
    {.name = "perAddress",
     .doc = "how many of one address, or IPv6 network of 64 bits, there may be "
            "at once; 0: any number",
     .type = KAM_OPTION_INTEGER,
     .offset = offsetof(struct kam_server, per_address),
     .fallback = {.type = KAM_OPTION_INTEGER},
     .max = 10000000},
    {.name = "noDelay",
     .doc = "small messages leave at once, and are not gathered by the kernel",
     .type = KAM_OPTION_BOOLEAN,
     .offset = offsetof(struct kam_server, no_delay),
     .fallback = {.type = KAM_OPTION_BOOLEAN, .b = true}},
    {.name = "keepAlive",
     .doc = "the kernel asks silent peers after a minute whether they live",
     .type = KAM_OPTION_BOOLEAN,
     .offset = offsetof(struct kam_server, keep_alive),
     .fallback = {.type = KAM_OPTION_BOOLEAN, .b = true}},
    {0}};

KAM_COMPONENT(tcp_server) = {
    .name = "TCPServer",
    .family = "network",
    .summary = "Listens on a TCP port, and makes a handler for each peer.",
    .doc =
        "The handler's inbox gets the bytes that the peer sends, in any cut, "
        "and its outbox sends to the peer; where one of them is full, the "
        "other side waits, over the network too. The handler's end closes the "
        "connection, behind what it sent. When the peer sends no more, the "
        "handler's inbox ends, and it is asked to end, unless `halfOpen`. One "
        "that fails is reported and closes its own connection, no other. An "
        "address that cannot be listened on fails the server.",
    .ends = "When it is told; connections may end what they do.",
    .example = "kam.main(function(self)\n"
               "  local server = self:addChildren(kam.TCPServer { "
               "kam.PassThrough, port = 0 })\n"
               "  self:link({ server, \"listening\" }, { self, \"inbox\" })\n"
               "  local at = self:recv()\n"
               "  kam.Pipeline { kam.OneShot \"hello\\n\", kam.TCPClient { "
               "\"localhost\", at.port },\n"
               "    kam.ConsoleEchoer { eol = \"\" } }:activate()\n"
               "  self:sleep(0.2)\n"
               "  server:stop()\n"
               "end):run()\n"
               "--> hello\n",
    .first = "protocol",
    .inboxes = kam_server_inboxes,
    .outboxes = kam_server_outboxes,
    .options = options,
    .size = sizeof(struct tcp_server),
    .effects = true,
    .separate = true,
    .drains = true,
    .open = tcp_server_open,
    .step = tcp_server_step,
    .close = kam_server_close,
};
