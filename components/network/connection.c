/* connection: how an accepted stream lives and ends. */
#include "components/network/connection.h"

#include "core/alarm.h"
#include "core/life.h"

/* How long the peer, or the handler, may take to notice that the other has
 * gone. */
#define LINGER 2000000000u

enum { LEAST_RATE = 500 }; /* bytes in a second that a peer takes */

enum {
  TALKS,
  HEARD,   /* the peer sends no more */
  LINGERS, /* the handler has ended: what still comes is not wanted */
  BROKEN   /* the socket is closed: what the handler sends is not wanted */
};

static uint64_t in(double seconds)
{
  return (uint64_t)(seconds * 1e9);
}

/* --- time --- */

/* When it has been without a byte for too long: while some are to go to the
 * peer, those that come from it do not count. */
static uint64_t idle_due(const struct kam_connection *cn)
{
  uint64_t from = cn->looked;
  if (!cn->s.write && cn->s.active > from)
    from = cn->s.active;
  return from + in(cn->terms->idle);
}

/* When it has to be looked at next, or 0. */
static uint64_t due(const struct kam_connection *cn)
{
  uint64_t at = cn->deadline;
  if (cn->phase >= LINGERS)
    return at;
  if (cn->terms->total > 0)
    at = cn->began + in(cn->terms->total);
  if (cn->terms->idle > 0 && (!at || idle_due(cn) < at))
    at = idle_due(cn);
  return at;
}

static int wait_until_due(struct kam_connection *cn)
{
  uint64_t at = due(cn);
  if (!at || kam_alarm_armed(&cn->comp))
    return 0;
  return kam_alarm_set(&cn->comp, at);
}

/* Looks at what the peer has taken; gives how much that is since the last
 * look. */
static uint64_t look(struct kam_connection *cn)
{
  uint64_t before = cn->taken;
  cn->taken = cn->s.written - kam_stream_left(&cn->s);
  cn->looked = kam_now(&cn->comp);
  return cn->taken - before;
}

static bool is_late(struct kam_connection *cn)
{
  uint64_t at = due(cn), now = kam_now(&cn->comp);
  if (!at || now < at)
    return false;
  if (cn->phase >= LINGERS || kam_stream_left(&cn->s) == 0 ||
      (cn->terms->total > 0 && now >= cn->began + in(cn->terms->total)))
    return true;
  return (double)look(cn) < cn->terms->idle * LEAST_RATE;
}

/* From now on it has only that long. */
static void linger(struct kam_connection *cn, int phase)
{
  cn->phase = (uint8_t)phase;
  cn->deadline = kam_now(&cn->comp) + LINGER;
  kam_alarm_clear(&cn->comp);
}

/* --- ends --- */

/* The handler gets no more; ask: and is to end, when it has dealt with that. */
static void end_handler(struct kam_connection *cn, bool ask)
{
  struct kam_component *handler =
      kam_component_get(kam_registry_of(&cn->comp.party), cn->handler);
  struct kam_link *l = cn->comp.party.out[KAM_OUTBOX].port.to;
  if (l)
    kam_link_end(l);
  if (handler && ask)
    kam_component_ask(handler);
}

static void break_off(struct kam_connection *cn)
{
  if (kam_stream_left(&cn->s))
    kam_stream_reset(&cn->s);
  else
    kam_stream_close(&cn->s);
  if (cn->phase < HEARD)
    end_handler(cn, true);
  linger(cn, BROKEN);
}

static void discard_all(struct kam_connection *cn)
{
  struct kam_msg m;
  while (kam_take(&cn->comp, KAM_INBOX, &m))
    kam_msg_drop(&cn->comp.party.world->host, m);
}

static int broken_step(struct kam_connection *cn)
{
  struct kam_component *handler;
  discard_all(cn);
  if (kam_over(&cn->comp, KAM_INBOX))
    return KAM_DONE;
  if (is_late(cn)) {
    handler = kam_component_get(kam_registry_of(&cn->comp.party), cn->handler);
    if (handler)
      kam_component_stop(handler);
    return KAM_DONE;
  }
  return KAM_PAUSE;
}

/* Has the handler nothing more to say? One without an outbox never had. */
static bool is_silent(const struct kam_connection *cn)
{
  const struct kam_inbox *b = &cn->comp.party.in[KAM_INBOX];
  bool speaks = b->port.flags & KAM_PORT_FED;
  return speaks ? kam_over(&cn->comp, KAM_INBOX)
                : cn->phase >= HEARD || cn->comp.party.told;
}

static int talk(struct kam_connection *cn)
{
  bool more, writes = cn->s.write != NULL;
  int err = kam_stream_read(&cn->s);
  if (err)
    return err;
  if (cn->s.over && !cn->s.error && cn->phase == TALKS && !cn->s.chunk &&
      !kam_is_held(&cn->comp)) {
    end_handler(cn, !cn->terms->half_open || cn->drains);
    cn->phase = HEARD;
  }
  more = kam_stream_write(&cn->s);
  if (cn->s.write && !writes)
    look(cn);
  if (cn->s.error || is_late(cn)) {
    if (cn->phase == LINGERS)
      return KAM_DONE;
    break_off(cn);
    return KAM_AGAIN;
  }
  if (more)
    return KAM_AGAIN;
  if (!cn->s.write && cn->phase != LINGERS && is_silent(cn)) {
    kam_stream_shut(&cn->s);
    cn->s.discards = true;
    linger(cn, LINGERS);
  }
  if (cn->phase == LINGERS && cn->s.over)
    return KAM_DONE;
  return KAM_PAUSE;
}

static int connection_step(struct kam_component *c)
{
  struct kam_connection *cn = (struct kam_connection *)c;
  int r;
  if (c->party.told == KAM_SHUTDOWN)
    return KAM_DONE;
  r = cn->phase == BROKEN ? broken_step(cn) : talk(cn);
  if (r == KAM_PAUSE && wait_until_due(cn))
    return KAM_ENOMEM;
  return r;
}

static void connection_close(struct kam_component *c)
{
  struct kam_connection *cn = (struct kam_connection *)c;
  kam_stream_close(&cn->s);
  if (cn->gone)
    cn->gone(cn);
}

void kam_connection_drain(struct kam_connection *cn)
{
  cn->drains = true;
  if (cn->s.reading) {
    uv_read_stop(&cn->s.uv.stream);
    cn->s.reading = false;
  }
  cn->s.over = true;
  kam_party_wake(&cn->comp.party);
}

/* --- its handler --- */

/* One that a chassis passes to none of its children is nobody's. */
static struct kam_port *in_of(struct kam_component *c)
{
  struct kam_inbox *b = kam_component_inbox(c, "inbox");
  if (!b || b->port.spec->absent || (kam_is_passive(c) && !b->port.to))
    return NULL;
  return &b->port;
}

static struct kam_port *out_of(struct kam_component *c)
{
  struct kam_outbox *o = kam_component_outbox(c, "outbox");
  if (!o || o->port.spec->absent || (kam_is_passive(c) && !o->port.from))
    return NULL;
  return &o->port;
}

int kam_connection_join(struct kam_connection *cn,
                        struct kam_component *handler)
{
  struct kam_port *in_port = in_of(handler);
  struct kam_port *out_port = out_of(handler);
  int err = 0;
  cn->handler = kam_component_id(handler);
  cn->began = kam_now(&cn->comp);
  if (in_port) {
    in_port->flags |= KAM_PORT_NULLED; /* a peer may say more than is wanted */
    err =
        kam_link_new(&cn->comp.party.out[KAM_OUTBOX].port, in_port, NULL, NULL);
  } else { /* what the peer says is not for anybody */
    cn->comp.party.out[KAM_OUTBOX].port.flags |= KAM_PORT_NULLED;
  }
  if (!err && out_port)
    err =
        kam_link_new(out_port, &cn->comp.party.in[KAM_INBOX].port, NULL, NULL);
  return err;
}

static const struct kam_box_spec inboxes[] = {{.name = "inbox",
                                               .doc = "bytes for the peer",
                                               .kinds = KAM_BYTES | KAM_LINE},
                                              {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "bytes from the peer", .kinds = KAM_BYTES}, {0}};

const struct kam_kind kam_connection_kind = {
    .name = "connection",
    .family = "network",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .size = sizeof(struct kam_connection),
    .effects = true,
    .ends_early = true,
    .duplex = true,
    .step = connection_step,
    .close = connection_close,
};
