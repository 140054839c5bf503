/* server: listening, accepting, and handlers for what was accepted. */
#include "components/network/server.h"

#include "core/alarm.h"
#include "core/kam.h"
#include "core/life.h"
#include "core/warn.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ACCEPTS = 64 }; /* in one turn */

#define REST 100000000u /* when nobody can even be refused */

const struct kam_box_spec kam_server_inboxes[] = {
    {.name = "inbox", .absent = true}, {0}};
const struct kam_box_spec kam_server_outboxes[] = {
    {.name = "outbox", .absent = true},
    {.name = "count",
     .doc = "{ opened =, closed = }: how many connections since the last one",
     .kinds = KAM_TABLE,
     .optional = true},
    {.name = "listening",
     .doc = "the address, when it listens: { host =, port = } or { path = }",
     .optional = true},
    {0}};

void kam_address_text(const struct sockaddr *a, char *buf, size_t size,
                      int *port)
{
  const struct sockaddr_in6 *six = (const void *)a;
  const struct sockaddr_in *four = (const void *)a;
  static const unsigned char mapped[12] = {0, 0, 0, 0, 0,    0,
                                           0, 0, 0, 0, 0xff, 0xff};
  *buf = '\0';
  *port = 0;
  if (a->sa_family == AF_INET) {
    uv_inet_ntop(AF_INET, &four->sin_addr, buf, size);
    *port = ntohs(four->sin_port);
  } else if (a->sa_family == AF_INET6) {
    const unsigned char *b = six->sin6_addr.s6_addr;
    *port = ntohs(six->sin6_port);
    if (memcmp(b, mapped, sizeof mapped) == 0)
      uv_inet_ntop(AF_INET, b + sizeof mapped, buf, size);
    else
      uv_inet_ntop(AF_INET6, b, buf, size);
  }
}

int kam_server_cannot(struct kam_server *sv, const char *what, int err)
{
  char text[512];
  snprintf(text, sizeof text, "error[E0670]: cannot listen on %s: %s", what,
           uv_strerror(err));
  kam_component_fail(&sv->comp, text);
  return KAM_EIO;
}

/* --- accepting --- */

/* What does not fail a server: it tells that it has refused a peer. */
static void tell(struct kam_server *sv, const char *code, const char *why)
{
  char text[200];
  snprintf(text, sizeof text, "a connection was refused: %s", why);
  kam_component_warn(&sv->comp, code, text);
}

/* A new one that takes the descriptor, or NULL. */
static struct kam_connection *new_connection(struct kam_server *sv, int fd)
{
  struct kam_runtime *rt = (struct kam_runtime *)(void *)sv->comp.party.world;
  struct kam_shape *shape;
  struct kam_component *c;
  struct kam_connection *cn;
  int err = kam_shape_of(rt, &kam_connection_kind, &shape);
  if (err || kam_component_new(kam_registry(rt), shape, &c))
    return NULL;
  cn = (struct kam_connection *)c;
  err = sv->is_tcp ? kam_stream_init_tcp(&cn->s, c)
                   : kam_stream_init_pipe(&cn->s, c);
  if (!err)
    err = sv->is_tcp ? uv_tcp_open(&cn->s.uv.tcp, fd)
                     : uv_pipe_open(&cn->s.uv.pipe, fd);
  if (!err)
    return cn;
  kam_stream_close(&cn->s);
  kam_component_stop(c);
  return NULL;
}

/* There is something to tell, if somebody hears it. */
static void recount(struct kam_server *sv)
{
  if (sv->comp.state == KAM_ACTIVE && sv->comp.party.out[KAM_OUT_COUNT].sink)
    kam_party_wake(&sv->comp.party);
}

static void gone(struct kam_connection *cn)
{
  struct kam_server *sv = (struct kam_server *)cn->server;
  *cn->back = cn->next;
  if (cn->next)
    cn->next->back = cn->back;
  sv->n--;
  sv->closed++;
  recount(sv);
  if (sv->per_address)
    kam_peers_remove(&sv->peers, cn->peer);
}

static void keep(struct kam_server *sv, struct kam_connection *cn)
{
  cn->server = &sv->comp;
  cn->gone = gone;
  cn->next = sv->all;
  cn->back = &sv->all;
  if (cn->next)
    cn->next->back = &cn->next;
  sv->all = cn;
  sv->n++;
  sv->opened++;
  recount(sv);
}

static int serve(struct kam_server *sv, struct kam_connection *cn,
                 const struct sockaddr *peer);

/* May that peer connect? If not, it is told why. */
static bool is_welcome(struct kam_server *sv, const struct sockaddr *peer)
{
  char text[160], address[64];
  int port;
  if (sv->n >= sv->connections) {
    snprintf(text, sizeof text, "there are %lld, as many as there may be",
             (long long)sv->n);
    tell(sv, "W0011", text);
    return false;
  }
  if (!sv->per_address ||
      kam_peers_count(&sv->peers, kam_peer_of(peer)) < sv->per_address)
    return true;
  kam_address_text(peer, address, sizeof address, &port);
  snprintf(text, sizeof text, "%s has %lld, as many as one may have", address,
           (long long)sv->per_address);
  tell(sv, "W0012", text);
  return false;
}

/* Takes the descriptor of a peer that has connected. */
static void take(struct kam_server *sv, int fd, const struct sockaddr *peer)
{
  struct kam_connection *cn;
  int err;
  if (!is_welcome(sv, peer)) {
    close(fd);
    return;
  }
  cn = new_connection(sv, fd);
  if (!cn)
    close(fd);
  err = cn ? serve(sv, cn, peer) : KAM_ENOMEM;
  if (err == KAM_ENOMEM)
    tell(sv, "W0013", "there is no memory for it");
  if (!cn || !err)
    return;
  kam_stream_close(&cn->s);
  kam_component_stop(&cn->comp);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
  struct kam_server *sv = poll->data;
  struct sockaddr_storage peer;
  int fd = 0, i;
  (void)events;
  if (status < 0) {
    kam_server_cannot(sv, "its socket any more", status);
    return;
  }
  for (i = 0; i < ACCEPTS && fd != UV_EAGAIN && !sv->listener.rests; i++) {
    fd = kam_listener_accept(&sv->listener, &peer);
    if (fd >= 0)
      take(sv, fd, (struct sockaddr *)&peer);
    else if (fd != UV_EAGAIN)
      tell(sv, "W0013", uv_strerror(fd));
  }
  if (sv->listener.rests && kam_alarm_after(&sv->comp, REST))
    kam_component_fail(&sv->comp, kam_err_text(KAM_ENOMEM));
}

int kam_server_start(struct kam_server *sv)
{
  int err = kam_listener_start(&sv->listener, kam_uv(&sv->comp), on_ready);
  sv->listener.poll.data = sv;
  if (sv->listener.started)
    kam_component_hold(&sv->comp);
  return err;
}

/* --- handlers --- */

/* Writes the addresses of a connection, as its handler gets them. */
static void describe(struct kam_connection *cn, bool is_tcp,
                     const struct sockaddr *peer, struct kam_tape *t)
{
  struct sockaddr_storage a;
  int size = sizeof a, port;
  char text[64];
  kam_tape_table(t);
  if (is_tcp) {
    kam_address_text(peer, text, sizeof text, &port);
    kam_tape_text(t, "peer");
    kam_tape_text(t, text);
    kam_tape_text(t, "peerport");
    kam_tape_int(t, port);
  }
  if (is_tcp &&
      uv_tcp_getsockname(&cn->s.uv.tcp, (struct sockaddr *)&a, &size) == 0) {
    kam_address_text((struct sockaddr *)&a, text, sizeof text, &port);
    kam_tape_text(t, "localip");
    kam_tape_text(t, text);
    kam_tape_text(t, "localport");
    kam_tape_int(t, port);
  }
  kam_tape_end(t);
}

/* A handler for it, which the maker makes: 0 or a negative code. */
static int serve(struct kam_server *sv, struct kam_connection *cn,
                 const struct sockaddr *peer)
{
  const struct kam_host *host = &sv->comp.party.world->host;
  struct kam_component *handler = NULL;
  struct kam_tape t;
  int err;
  kam_tape_init(&t);
  describe(cn, sv->is_tcp, peer, &t);
  err = host->serve ? host->serve(host->ctx, sv->protocol, &t, &handler)
                    : KAM_EFAILED;
  kam_tape_fini(&t);
  if (!err && !handler->file) {
    handler->file = sv->comp.file;
    handler->line = sv->comp.line;
  }
  err = err ? err : kam_component_adopt(&sv->comp, handler);
  err = err ? err : kam_component_adopt(&sv->comp, &cn->comp);
  err = err ? err : kam_connection_join(cn, handler);
  if (!err && sv->per_address) {
    cn->peer = kam_peer_of(peer);
    err = kam_peers_add(&sv->peers, kam_mem_of(&sv->comp), cn->peer);
  }
  if (err)
    return err;
  cn->terms = &sv->terms;
  cn->comp.file = sv->comp.file;
  cn->comp.line = sv->comp.line;
  keep(sv, cn);
  kam_component_activate(handler);
  kam_component_activate(&cn->comp);
  return 0;
}

static void on_closed(uv_handle_t *handle)
{
  struct kam_server *sv = handle->data;
  kam_component_unhold(&sv->comp);
}

/* Ends those that there are; what they still say is dealt with. */
static int drain(struct kam_server *sv)
{
  struct kam_connection *cn;
  kam_listener_close(&sv->listener, on_closed);
  for (cn = sv->all; cn; cn = cn->next)
    kam_connection_drain(cn);
  return KAM_DONE;
}

static int tell_address(struct kam_server *sv, kam_address_fn describe_it)
{
  struct kam_component *c = &sv->comp;
  struct kam_tape t;
  struct kam_msg m;
  int err;
  sv->told_address = true;
  kam_tape_init(&t);
  kam_tape_table(&t);
  describe_it(sv, &t);
  kam_tape_end(&t);
  err = kam_tape_msg(&c->party.world->host, kam_mem_of(c), &t, &m);
  kam_tape_fini(&t);
  return err ? err : kam_send(c, KAM_OUT_LISTENING, m);
}

static void put_number(struct kam_tape *t, const char *name, int64_t n)
{
  kam_tape_text(t, name);
  kam_tape_int(t, n);
}

static int tell_count(struct kam_server *sv)
{
  struct kam_component *c = &sv->comp;
  struct kam_tape t;
  struct kam_msg m;
  int err;
  if (!c->party.out[KAM_OUT_COUNT].sink || (!sv->opened && !sv->closed))
    return 0;
  kam_tape_init(&t);
  kam_tape_table(&t);
  put_number(&t, "opened", sv->opened);
  put_number(&t, "closed", sv->closed);
  kam_tape_end(&t);
  sv->opened = sv->closed = 0;
  err = kam_tape_msg(&c->party.world->host, kam_mem_of(c), &t, &m);
  kam_tape_fini(&t);
  return err ? err : kam_send(c, KAM_OUT_COUNT, m);
}

int kam_server_step(struct kam_component *c, kam_address_fn address)
{
  struct kam_server *sv = (struct kam_server *)c;
  int r = sv->told_address ? tell_count(sv) : tell_address(sv, address);
  if (r == KAM_WAIT)
    return KAM_BLOCKED;
  if (r < 0)
    return r;
  if (c->party.told)
    return drain(sv);
  if (sv->listener.rests && kam_alarm_rang(c))
    kam_listener_go_on(&sv->listener);
  return KAM_PAUSE;
}

void kam_server_close(struct kam_component *c)
{
  struct kam_server *sv = (struct kam_server *)c;
  kam_listener_close(&sv->listener, on_closed);
  kam_peers_fini(&sv->peers, kam_mem_of(c));
}
