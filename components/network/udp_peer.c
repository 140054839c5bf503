/* UDPPeer: datagrams, to one peer or to many, and from all.
 *
 *     inbox ──> socket     bytes, for the peer of `to`; { data =, host =, port
 * = } socket ──> outbox    bytes; with `addresses`, the same tables */
#include "components/network/server.h"
#include "core/alarm.h"
#include "core/feed.h"

#include <stdio.h>
#include <string.h>

enum { OUT_LISTENING = KAM_OUT_EXTRA };
enum { BATCH = 64, ROOM = 65536 };

struct udp_peer {
  struct kam_component comp;           /* must be first */
  char *host, *to, *group, *interface; /* options */
  int64_t port, to_port, ttl;
  bool addresses, loop;
  double linger;
  uv_udp_t udp;
  uv_getaddrinfo_t lookup;
  uv_udp_send_t req;
  uv_buf_t buf;
  struct sockaddr_storage peer;   /* of `to` */
  struct kam_msg out;             /* being sent, or waiting for the socket */
  struct kam_msg in;              /* came when its receiver had no room */
  struct kam_tape tape, out_tape; /* the second holds what is being sent */
  char *room;
  int error;
  const char *doing;
  bool open, reads, sends, looks_up, has_peer, told_address, lingers;
};

static const struct kam_host *host_of(struct udp_peer *u)
{
  return &u->comp.party.world->host;
}

static void wake(struct udp_peer *u)
{
  if (u->comp.state < KAM_ENDED)
    kam_party_wake(&u->comp.party);
}

static void broke(struct udp_peer *u, const char *doing, int err)
{
  if (!u->error) {
    u->error = err;
    u->doing = doing;
  }
  wake(u);
}

/* --- beginning --- */

static int address(const char *host, int port, struct sockaddr_storage *a)
{
  memset(a, 0, sizeof *a);
  if (uv_ip4_addr(host, port, (struct sockaddr_in *)a) == 0)
    return 0;
  return uv_ip6_addr(host, port, (struct sockaddr_in6 *)a);
}

static void on_found(uv_getaddrinfo_t *req, int status, struct addrinfo *all)
{
  struct udp_peer *u = req->data;
  if (status == 0) {
    memcpy(&u->peer, all->ai_addr, all->ai_addrlen);
    u->has_peer = true;
  } else if (status != UV_ECANCELED) {
    broke(u, "find", status);
  }
  u->looks_up = false;
  uv_freeaddrinfo(all);
  wake(u);
  kam_component_unhold(&u->comp);
}

/* The peer is of the family that the socket has. */
static int look_up(struct udp_peer *u, int family)
{
  struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_DGRAM};
  char service[8];
  int err;
  if (address(u->to, (int)u->to_port, &u->peer) == 0) {
    u->has_peer = true;
    return 0;
  }
  snprintf(service, sizeof service, "%d", (int)u->to_port);
  u->lookup.data = u;
  err = uv_getaddrinfo(kam_uv(&u->comp), &u->lookup, on_found, u->to, service,
                       &hints);
  if (err)
    return err;
  u->looks_up = true;
  kam_component_hold(&u->comp);
  return 0;
}

static int fail(struct udp_peer *u)
{
  const char *host = *u->host ? u->host : "all addresses";
  if (strcmp(u->doing, "find") == 0)
    return kam_failf(&u->comp, "error[E0671]: cannot find %.200s: %s", u->to,
                     uv_strerror(u->error));
  if (strcmp(u->doing, "send") == 0)
    return kam_failf(&u->comp, "error[E0675]: a datagram cannot be sent: %s",
                     uv_strerror(u->error));
  return kam_failf(&u->comp, "error[E0670]: cannot %s %.200s port %d: %s",
                   u->doing, *u->group ? u->group : host, (int)u->port,
                   uv_strerror(u->error));
}

static int join(struct udp_peer *u)
{
  const char *interface = *u->interface ? u->interface : NULL;
  int err = uv_udp_set_membership(&u->udp, u->group, interface, UV_JOIN_GROUP);
  err = err ? err : uv_udp_set_multicast_loop(&u->udp, u->loop);
  if (!err && interface)
    err = uv_udp_set_multicast_interface(&u->udp, interface);
  return err;
}

static int bind_it(struct udp_peer *u)
{
  struct sockaddr_storage a, any;
  const char *host = *u->host ? u->host : NULL;
  unsigned flags = *u->group ? UV_UDP_REUSEADDR : 0;
  int err;
  if (!host)
    host = strchr(*u->group ? u->group : u->to, ':') ? "::" : "0.0.0.0";
  u->doing = "listen on";
  err = address(host, (int)u->port, &a);
  err = err ? err : uv_udp_bind(&u->udp, (struct sockaddr *)&a, flags);
  if (!err && *u->group) {
    u->doing = "join";
    err = address(u->group, 0, &any);
    err = err ? err : join(u);
  }
  if (!err && u->ttl > 0)
    err = uv_udp_set_multicast_ttl(&u->udp, (int)u->ttl);
  if (!err && *u->to) {
    u->doing = "find";
    err = look_up(u, a.ss_family);
  }
  return err;
}

static int udp_peer_open(struct kam_component *c)
{
  struct udp_peer *u = (struct udp_peer *)c;
  kam_tape_init(&u->tape);
  kam_tape_init(&u->out_tape);
  if (uv_udp_init(kam_uv(c), &u->udp))
    return KAM_EIO;
  u->udp.data = u;
  u->open = true;
  kam_component_hold(c);
  u->error = bind_it(u);
  return u->error ? fail(u) : 0;
}

/* --- receiving --- */

static void give_room(uv_handle_t *handle, size_t wish, uv_buf_t *buf)
{
  struct udp_peer *u = handle->data;
  (void)wish;
  if (!u->room)
    u->room = kam_mem_alloc(kam_mem_of(&u->comp), ROOM);
  *buf = uv_buf_init(u->room, u->room ? ROOM : 0);
}

static int message_of(struct udp_peer *u, const char *bytes, size_t len,
                      const struct sockaddr *from, struct kam_msg *m)
{
  struct kam_tape *t = &u->tape;
  struct kam_bytes *b;
  char text[64];
  int port;
  if (!u->addresses) {
    b = kam_bytes_copy(kam_mem_of(&u->comp), bytes, len);
    if (b)
      *m = kam_msg_bytes(b);
    return b ? 0 : KAM_ENOMEM;
  }
  kam_address_text(from, text, sizeof text, &port);
  kam_tape_clear(t);
  kam_tape_table(t);
  kam_tape_text(t, "data");
  kam_tape_bytes(t, bytes, len);
  kam_tape_text(t, "host");
  kam_tape_text(t, text);
  kam_tape_text(t, "port");
  kam_tape_int(t, port);
  kam_tape_end(t);
  return kam_tape_msg(host_of(u), kam_mem_of(&u->comp), t, m);
}

static void on_datagram(uv_udp_t *udp, ssize_t n, const uv_buf_t *buf,
                        const struct sockaddr *from, unsigned flags)
{
  struct udp_peer *u = udp->data;
  struct kam_msg m;
  int r;
  if (n < 0)
    broke(u, "listen on", (int)n);
  if (n < 0 || !from || (flags & UV_UDP_PARTIAL))
    return;
  if (message_of(u, buf->base, (size_t)n, from, &m)) {
    broke(u, "listen on", UV_ENOMEM);
    return;
  }
  r = kam_outbox_try(&u->comp.party.out[KAM_OUTBOX], m);
  if (r == KAM_FULL) { /* the kernel keeps some, and then drops */
    u->in = m;
    uv_udp_recv_stop(udp);
    u->reads = false;
    wake(u);
  } else if (r < 0) {
    broke(u, "listen on", UV_ENOMEM);
  }
}

static int receive(struct udp_peer *u)
{
  struct kam_msg m = u->in;
  int r = KAM_SENT;
  if (kam_is_held(&u->comp))
    return 0;
  if (m.tag != KAM_NOTHING) {
    u->in = (struct kam_msg){0};
    r = kam_send(&u->comp, KAM_OUTBOX, m);
  }
  if (r < 0 || r == KAM_WAIT || u->reads)
    return r < 0 ? r : 0;
  r = uv_udp_recv_start(&u->udp, give_room, on_datagram);
  if (r)
    broke(u, "listen on", r);
  u->reads = r == 0;
  return 0;
}

/* --- sending --- */

static void on_sent(uv_udp_send_t *req, int status)
{
  struct udp_peer *u = req->data;
  kam_msg_drop(host_of(u), u->out);
  u->out = (struct kam_msg){0};
  u->sends = false;
  if (!u->open) /* it was closed meanwhile */
    kam_tape_fini(&u->out_tape);
  if (status < 0 && status != UV_ECANCELED)
    broke(u, "send", status);
  wake(u);
  kam_component_unhold(&u->comp);
}

static bool is_key(const struct kam_tape_item *item, const char *name)
{
  return item->type == KAM_TAPE_BYTES && item->len == strlen(name) &&
         memcmp(item->bytes, name, item->len) == 0;
}

/* A table { data =, host =, port = }: where it goes, and what. False: it is
 * none. */
static bool read_table(struct udp_peer *u, struct kam_msg m,
                       struct sockaddr_storage *a)
{
  struct kam_tape_item key, value;
  char host[64] = "";
  int64_t port = 0;
  size_t at = 0;
  kam_tape_clear(&u->out_tape);
  u->buf.base = NULL;
  if (kam_tape_of(host_of(u), m, &u->out_tape) ||
      !kam_tape_next(&u->out_tape, &at, &key) || key.type != KAM_TAPE_TABLE)
    return false;
  while (kam_tape_next(&u->out_tape, &at, &key) && key.type != KAM_TAPE_END) {
    kam_tape_next(&u->out_tape, &at, &value);
    if (is_key(&key, "data") && value.type == KAM_TAPE_BYTES)
      u->buf = uv_buf_init((char *)(uintptr_t)value.bytes, (unsigned)value.len);
    else if (is_key(&key, "host") && value.type == KAM_TAPE_BYTES &&
             value.len < sizeof host)
      memcpy(host, value.bytes, value.len), host[value.len] = '\0';
    else if (is_key(&key, "port") && value.type == KAM_TAPE_INT)
      port = value.i;
    else
      return false;
  }
  return u->buf.base && port > 0 && port < 65536 &&
         address(host, (int)port, a) == 0;
}

/* Sends a datagram: 0, KAM_WAIT: the socket has no room, or a negative code. */
static int send_one(struct udp_peer *u, struct kam_msg m)
{
  struct sockaddr_storage a = u->peer;
  size_t len;
  const char *bytes = kam_msg_view(host_of(u), m, &len);
  int r;
  if (bytes)
    u->buf = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)len);
  if (bytes ? !u->has_peer : !read_table(u, m, &a)) {
    kam_msg_drop(host_of(u), m);
    return kam_failf(&u->comp,
                     bytes ? "bytes need a peer: give it host and port as to "
                             "and toPort, or send { data =, host =, port = }"
                           : "a message is bytes, or { data =, host =, port = "
                             "} with an address");
  }
  r = uv_udp_try_send(&u->udp, &u->buf, 1, (struct sockaddr *)&a);
  if (r == UV_EAGAIN) {
    u->out = m;
    u->req.data = u;
    r = uv_udp_send(&u->req, &u->udp, &u->buf, 1, (struct sockaddr *)&a,
                    on_sent);
    u->sends = r == 0;
    if (!r) {
      kam_component_hold(&u->comp);
      return KAM_WAIT;
    }
    u->out = (struct kam_msg){0};
  }
  kam_msg_drop(host_of(u), m);
  if (r < 0)
    broke(u, "send", r);
  return 0;
}

static int send_on(struct udp_peer *u)
{
  struct kam_msg m;
  int i, r;
  for (i = 0; i < BATCH && !u->error; i++) {
    if (u->sends || u->looks_up || !kam_take(&u->comp, KAM_INBOX, &m))
      return KAM_PAUSE;
    r = send_one(u, m);
    if (r)
      return r < 0 ? r : KAM_PAUSE;
  }
  return KAM_AGAIN;
}

/* --- */

static int tell_address(struct udp_peer *u)
{
  struct sockaddr_storage a;
  int size = sizeof a, port;
  char text[64];
  struct kam_msg m;
  int err;
  u->told_address = true;
  if (uv_udp_getsockname(&u->udp, (struct sockaddr *)&a, &size))
    return KAM_EIO;
  kam_address_text((struct sockaddr *)&a, text, sizeof text, &port);
  kam_tape_clear(&u->tape);
  kam_tape_table(&u->tape);
  kam_tape_text(&u->tape, "host");
  kam_tape_text(&u->tape, text);
  kam_tape_text(&u->tape, "port");
  kam_tape_int(&u->tape, port);
  kam_tape_end(&u->tape);
  err = kam_tape_msg(host_of(u), kam_mem_of(&u->comp), &u->tape, &m);
  return err ? err : kam_send(&u->comp, OUT_LISTENING, m);
}

/* All is sent: it listens on for as long as it is to. */
static int end_step(struct udp_peer *u)
{
  if (!(u->comp.party.in[KAM_INBOX].port.flags & KAM_PORT_FED) &&
      !u->comp.party.told)
    return KAM_PAUSE;
  if (u->linger <= 0 || (u->lingers && kam_alarm_rang(&u->comp)))
    return KAM_DONE;
  if (u->lingers)
    return KAM_PAUSE;
  u->lingers = true;
  return kam_alarm_after(&u->comp, (uint64_t)(u->linger * 1e9)) ? KAM_ENOMEM
                                                                : KAM_PAUSE;
}

static int udp_peer_step(struct kam_component *c)
{
  struct udp_peer *u = (struct udp_peer *)c;
  int r;
  if (c->party.told == KAM_SHUTDOWN)
    return KAM_DONE;
  if (!u->told_address) {
    r = tell_address(u);
    return r < 0 ? r : r == KAM_WAIT ? KAM_BLOCKED : KAM_AGAIN;
  }
  r = receive(u);
  if (r < 0)
    return r;
  r = send_on(u);
  if (r < 0)
    return r;
  if (u->error)
    return fail(u);
  if (r == KAM_PAUSE && !u->sends && !u->looks_up && kam_over(c, KAM_INBOX))
    return end_step(u);
  return r;
}

static void on_closed(uv_handle_t *handle)
{
  struct udp_peer *u = handle->data;
  kam_component_unhold(&u->comp);
}

static void udp_peer_close(struct kam_component *c)
{
  struct udp_peer *u = (struct udp_peer *)c;
  if (u->looks_up)
    uv_cancel((uv_req_t *)&u->lookup);
  if (u->open)
    uv_close((uv_handle_t *)&u->udp, on_closed);
  u->open = false;
  if (!u->sends)
    kam_msg_drop(host_of(u), u->out);
  kam_msg_drop(host_of(u), u->in);
  u->in = (struct kam_msg){0};
  kam_mem_free(kam_mem_of(c), u->room, u->room ? ROOM : 0);
  u->room = NULL;
  kam_tape_fini(&u->tape);
  if (!u->sends)
    kam_tape_fini(&u->out_tape);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc =
         "datagrams: bytes for the peer of `to`, or { data =, host =, port = "
         "}"},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "datagrams that came: bytes; with `addresses`, { data =, host =, "
            "port = }"},
    {.name = "listening",
     .doc = "the address that it is bound to: { host =, port = }",
     .optional = true},
    {0}};

static const struct kam_option_spec options[] = {
    KAM_TEXT(struct udp_peer, to, "", "the peer that bytes are for"),
    {.name = "toPort",
     .doc = "its port",
     .type = KAM_OPTION_INTEGER,
     .offset = offsetof(struct udp_peer, to_port),
     .fallback = {.type = KAM_OPTION_INTEGER},
     .max = 65535},
    KAM_TEXT(struct udp_peer, host, "", "the address to bind to; \"\": all"),
    KAM_INT(struct udp_peer, port, 0, 0, 65535,
            "the port to bind to; 0: a free one, which listening tells"),
    KAM_TEXT(struct udp_peer, group, "", "a multicast group to join"),
    KAM_TEXT(struct udp_peer, interface, "",
             "the address of the interface for the group"),
    KAM_INT(struct udp_peer, ttl, 0, 0, 255,
            "how many routers a multicast datagram may pass, plus 1; 0: 1"),
    KAM_FLAG(struct udp_peer, loop, true,
             "what is sent to the group comes back to this machine"),
    KAM_FLAG(struct udp_peer, addresses, false,
             "what comes is sent on with the address of who sent it"),
    KAM_NUM(struct udp_peer, linger, 0, 0, 1e6,
            "seconds that it goes on to receive after its inbox has ended"),
    {0}};

KAM_COMPONENT(udp_peer) = {
    .name = "UDPPeer",
    .family = "network",
    .summary =
        "Sends and receives datagrams, to one peer, to many, to a group.",
    .doc =
        "Each message is one datagram. Bytes go to the peer that `to` and "
        "`toPort` name; a table { data =, host =, port = } to its own, whose "
        "host is an address. Datagrams may be lost, doubled, and change their "
        "order on the way; while the receiver takes no more, the kernel keeps "
        "some, and then drops. An address that cannot be had, and a datagram "
        "that cannot be sent, because it is too long or there is no way, "
        "fail the component.",
    .ends = "When its inbox has ended and all is sent, after `linger` seconds; "
            "one that nothing feeds, when it is told.",
    .example =
        "kam.main(function(self)\n"
        "  local server = self:addChildren(kam.UDPPeer { host = \"127.0.0.1\", "
        "addresses = true })\n"
        "  local at = self:addInbox \"at\"\n"
        "  self:link({ server, \"listening\" }, { self, at })\n"
        "  self:link({ server, \"outbox\" }, { self, \"inbox\" })\n"
        "  local to = self:recv(at)\n"
        "  self:addChildren(kam.Pipeline { kam.OneShot \"hello\", "
        "kam.UDPPeer { to.host, to.port } })\n"
        "  local got = self:recv()\n"
        "  print(got.data, got.host)\n"
        "  server:stop()\n"
        "end):run()\n"
        "--> hello\t127.0.0.1\n",
    .first = "to toPort",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct udp_peer),
    .effects = true,
    .ends_early = true,
    .duplex = true,
    .open = udp_peer_open,
    .step = udp_peer_step,
    .close = udp_peer_close,
};
