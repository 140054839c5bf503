/* HTTPClientSession: the client's side of one HTTP/1.1 connection.
 *
 *     who asks ──request──> WRITES ──outbox──> bytes
 *     who asks <──response── READS <──inbox── bytes
 *
 * The two ways do not wait for each other (lanes). Requests that have no answer
 * yet stand in a ring, so that each answer is read as what it answers. After
 * status 101, or CONNECT, bytes go both ways as they are. */
#include "components/http/message.h"
#include "components/http/request.h"
#include "core/alarm.h"
#include "core/feed.h"
#include "core/lanes.h"
#include "core/link.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { IN_REQUEST = KAM_IN_EXTRA };
enum { OUT_RESPONSE = KAM_OUT_EXTRA };
enum {
  BATCH = 16,
  QUEUE = 4,   /* a head, and a framed piece of a body */
  ASKED = 64,  /* requests without an answer */
  INTERIM = 50 /* answers with a status of 1xx, to one request */
};
enum { PATIENCE = 1000000000 /* ns, with a peer that is to ask for a body */ };

/* What an answer is to. */
enum asked { HEAD = 1, CONNECT = 2, UPGRADE = 4, STREAM = 8, OURS = 16 };

/* How far the request in hand is. */
enum place {
  BETWEEN, /* there is none */
  WAITS,   /* the body, for the peer to ask for it */
  INSIDE,  /* pieces of its body follow */
  LAST     /* no more requests are sent */
};

struct http_client_session {
  struct kam_component comp; /* must be first */
  int64_t body, pipeline;    /* options */
  char *host, *tunnel, *authorization;
  bool icy;
  struct kam_http in;
  struct kam_feed feed; /* the message in hand */
  struct kam_tape tape;
  struct kam_http_request req;
  struct kam_msg out[QUEUE]; /* for the peer, in order */
  unsigned n_out, at_out;
  struct kam_msg body_held; /* until the peer asks for it */
  struct kam_msg up[2];     /* for who asks, in order */
  struct kam_lanes lanes;
  uint64_t go_at; /* when the body is sent although nobody asked for it */
  unsigned char asked[ASKED];
  unsigned first, n_asked, interim;
  unsigned icy_at; /* letters of "ICY " that have come */
  uint8_t place;
  bool told;    /* the head of this answer is with who asks */
  bool again;   /* there is more to be read of what was read last */
  bool ends;    /* the connection carries no more */
  bool tunnels; /* another protocol */
};

static const struct kam_host *host_of(struct http_client_session *h)
{
  return &h->comp.party.world->host;
}

/* --- what goes to the peer --- */

static int queue_bytes(struct http_client_session *h, const void *bytes,
                       size_t len)
{
  struct kam_bytes *b = kam_bytes_copy(kam_mem_of(&h->comp), bytes, len);
  if (!b)
    return KAM_ENOMEM;
  assert(h->n_out < QUEUE);
  h->out[h->n_out++] = kam_msg_bytes(b);
  return 0;
}

static int queue_text(struct http_client_session *h, struct kam_text *text)
{
  int err = text->failed ? KAM_ENOMEM : queue_bytes(h, text->s, text->len);
  kam_text_fini(text);
  return err;
}

static int cannot(struct http_client_session *h, const char *why)
{
  return kam_failf(&h->comp, "error[E0697]: a request cannot be sent: %s", why);
}

static void ask(struct http_client_session *h, unsigned char what)
{
  assert(h->n_asked < ASKED);
  h->asked[(h->first + h->n_asked++) % ASKED] = what;
}

/* A part of the body, framed; m has its bytes, or is nothing. */
static int send_piece(struct http_client_session *h, struct kam_msg m,
                      const void *bytes, size_t len)
{
  char text[24];
  int n, err = 0;
  bool chunked = h->req.framing == KAM_HTTP_CHUNKS;
  if (len == 0 || (!chunked && len > h->req.left)) {
    kam_msg_drop(host_of(h), m);
    return len ? cannot(h, "its body is longer than its content-length") : 0;
  }
  h->req.left -= chunked ? 0 : len;
  n = snprintf(text, sizeof text, "%zx\r\n", len);
  if (chunked)
    err = queue_bytes(h, text, (size_t)n);
  if (m.tag == KAM_NOTHING)
    err = err ? err : queue_bytes(h, bytes, len);
  else
    h->out[h->n_out++] = m;
  if (chunked)
    err = err ? err : queue_bytes(h, "\r\n", 2);
  return err;
}

static int send_end(struct http_client_session *h)
{
  h->place = h->req.closes ? LAST : BETWEEN;
  if (h->req.framing == KAM_HTTP_CHUNKS)
    return queue_bytes(h, "0\r\n\r\n", 5);
  return h->req.left ? cannot(h, "its body is shorter than its content-length")
                     : 0;
}

/* The first part of the body, or all of it, behind its head. */
static int send_body(struct http_client_session *h)
{
  struct kam_msg m = h->body_held;
  size_t len = 0;
  int err = 0;
  h->body_held = (struct kam_msg){0};
  h->place = INSIDE;
  if (m.tag != KAM_NOTHING) {
    kam_msg_view(host_of(h), m, &len);
    err = send_piece(h, m, NULL, len);
  }
  return err || h->req.more ? err : send_end(h);
}

static int begin_request(struct http_client_session *h)
{
  struct kam_http_request *r = &h->req;
  struct kam_text text;
  struct kam_bytes *b;
  kam_text_init(&text, kam_mem_of(&h->comp));
  if (kam_http_request_write(r, &h->tape, h->host, &text)) {
    kam_text_fini(&text);
    return cannot(h, r->why);
  }
  ask(h,
      (unsigned char)((r->head ? HEAD : 0) | (r->connects ? CONNECT : 0) |
                      (r->upgrades ? UPGRADE : 0) | (r->streams ? STREAM : 0)));
  if (r->body_len) {
    b = kam_bytes_copy(kam_mem_of(&h->comp), r->body, r->body_len);
    if (!b) {
      kam_text_fini(&text);
      return KAM_ENOMEM;
    }
    h->body_held = kam_msg_bytes(b);
  }
  if (queue_text(h, &text))
    return KAM_ENOMEM;
  h->go_at = kam_now(&h->comp) + PATIENCE;
  h->place = WAITS;
  return r->expects ? 0 : send_body(h);
}

/* What comes behind a request that said more. */
static int go_on(struct http_client_session *h)
{
  struct kam_http_request rest;
  int err = kam_http_request_read(&rest, &h->tape);
  if (err)
    return cannot(h, rest.why);
  err = send_piece(h, (struct kam_msg){0}, rest.body, rest.body_len);
  return err || rest.more ? err : send_end(h);
}

static int take_request(struct http_client_session *h)
{
  struct kam_msg m;
  size_t len;
  const void *bytes;
  int err;
  if (!kam_take(&h->comp, IN_REQUEST, &m))
    return 0;
  bytes = kam_msg_view(host_of(h), m, &len);
  if (bytes && h->place == INSIDE)
    return send_piece(h, m, bytes, len);
  kam_tape_clear(&h->tape);
  err = bytes ? KAM_EKIND : kam_tape_of(host_of(h), m, &h->tape);
  kam_msg_drop(host_of(h), m);
  if (err == KAM_ENOMEM)
    return err;
  if (err)
    return cannot(h, "it is no table");
  return h->place == INSIDE ? go_on(h) : begin_request(h);
}

static int take_tunnelled(struct http_client_session *h)
{
  struct kam_msg *m = &h->lanes.m[0];
  size_t len;
  if (!kam_take(&h->comp, IN_REQUEST, m) || kam_msg_view(host_of(h), *m, &len))
    return 0;
  return cannot(h, "it is no string, in another protocol");
}

/* Puts what is next into the lane to the peer: 0 or a negative code. */
static int fill_out(struct http_client_session *h)
{
  int err = 0;
  if (h->at_out == h->n_out) {
    h->at_out = h->n_out = 0;
    if (h->ends)
      return 0;
    if (h->tunnels)
      return take_tunnelled(h);
    if (h->place == WAITS && kam_now(&h->comp) >= h->go_at)
      err = send_body(h);
    else if (h->place == INSIDE ||
             (h->place == BETWEEN && h->n_asked < (unsigned)h->pipeline))
      err = take_request(h);
  }
  if (!err && h->at_out < h->n_out)
    h->lanes.m[0] = h->out[h->at_out++];
  return err;
}

/* --- what comes from the peer --- */

static int misread(struct http_client_session *h, const char *why)
{
  return kam_failf(&h->comp, "error[E0695]: a response cannot be read: %s",
                   why);
}

/* The words behind the status; a text that nothing was written to is none. */
static const char *reason_of(const struct kam_http *in)
{
  return in->text.s ? in->text.s + in->reason.at : "";
}

static int cut_off(struct http_client_session *h)
{
  const struct kam_http *in = &h->in;
  if (in->has_head)
    return kam_failf(&h->comp,
                     "error[E0696]: the connection ended after %llu bytes of a "
                     "body that is longer",
                     (unsigned long long)in->received);
  return kam_failf(&h->comp, "error[E0696]: the connection ended %s",
                   in->begun ? "within the head of a response"
                             : "before a response");
}

static void write_body(struct kam_tape *t, const char *body, size_t len,
                       bool more)
{
  kam_tape_text(t, "body");
  kam_tape_bytes(t, body ? body : "", len);
  if (more) {
    kam_tape_text(t, "more");
    kam_tape_bool(t, true);
  }
}

/* Queues what is on the tape for who asks. */
static int tell(struct http_client_session *h)
{
  struct kam_msg *m = &h->up[h->up[0].tag != KAM_NOTHING];
  return kam_tape_msg(host_of(h), kam_mem_of(&h->comp), &h->tape, m);
}

/* An answer, with its body or the first part of it. */
static int tell_head(struct http_client_session *h, const char *body,
                     size_t len, bool more)
{
  struct kam_tape *t = &h->tape;
  struct kam_http *in = &h->in;
  char version[8];
  snprintf(version, sizeof version, "%d.%d", in->p.http_major,
           in->p.http_minor);
  kam_tape_clear(t);
  kam_tape_table(t);
  kam_tape_text(t, "status");
  kam_tape_int(t, in->p.status_code);
  kam_tape_text(t, "reason");
  kam_tape_bytes(t, reason_of(in), in->reason.len);
  kam_tape_text(t, "version");
  kam_tape_text(t, version);
  kam_tape_text(t, "headers");
  kam_http_headers(in, t);
  write_body(t, body, len, more);
  kam_tape_end(t);
  h->told = true;
  return tell(h);
}

/* The end of a body that came in pieces: an empty table. */
static int tell_end(struct http_client_session *h)
{
  kam_tape_clear(&h->tape);
  kam_tape_table(&h->tape);
  kam_tape_end(&h->tape);
  return tell(h);
}

/* The piece that was read last, as a message of its own. */
static int tell_piece(struct http_client_session *h)
{
  struct kam_http *in = &h->in;
  struct kam_msg *m = &h->up[h->up[0].tag != KAM_NOTHING];
  struct kam_bytes *all = kam_msg_get_bytes(h->feed.msg), *b;
  if (all)
    b = kam_bytes_slice(
        all, (size_t)((const unsigned char *)in->piece - h->feed.data),
        in->piece_len);
  else
    b = kam_bytes_copy(kam_mem_of(&h->comp), in->piece, in->piece_len);
  if (!b)
    return KAM_ENOMEM;
  *m = kam_msg_bytes(b);
  if (all)
    kam_bytes_compact(m);
  return 0;
}

/* One that is behind this is the next. */
static void answered(struct http_client_session *h)
{
  bool unasked = h->place == WAITS; /* its body was not wanted */
  h->ends = !kam_http_goes_on(&h->in) || (unasked && h->n_asked == 1);
  h->first = (h->first + 1) % ASKED;
  h->n_asked--;
  h->interim = 0;
  h->told = false;
  kam_http_next(&h->in);
}

static bool is_tunnel(struct http_client_session *h, unsigned char asked)
{
  int status = h->in.p.status_code;
  return status == 101 || ((asked & CONNECT) && status / 100 == 2);
}

/* Our own CONNECT is answered: nobody hears of it. */
static int open_tunnel(struct http_client_session *h)
{
  const struct kam_http *in = &h->in;
  if (in->p.status_code / 100 != 2)
    return kam_failf(
        &h->comp, "error[E0698]: the proxy makes no way to %s: %d %.*s",
        h->tunnel, in->p.status_code, (int)in->reason.len, reason_of(in));
  h->tunnels = true;
  h->place = BETWEEN;
  answered(h);
  h->ends = false;
  return 0;
}

static int is_interim(struct http_client_session *h)
{
  if (++h->interim > INTERIM)
    return misread(h, "too many with a status of 1xx");
  if (h->in.p.status_code == 100 && h->place == WAITS && h->n_asked == 1)
    h->go_at = 0;
  kam_http_next(&h->in);
  return 0;
}

/* An answer is there to its end; len: of the part that was not told yet. */
static int whole(struct http_client_session *h, const char *body, size_t len)
{
  struct kam_http *in = &h->in;
  unsigned char asked = h->asked[h->first];
  int err;
  h->again = false;
  if (in->p.status_code / 100 == 1 && in->p.status_code != 101)
    return is_interim(h);
  if (asked & OURS)
    return open_tunnel(h);
  if (in->p.status_code == 101 && !(asked & UPGRADE))
    return misread(h, "another protocol, which nobody asked for");
  if (is_tunnel(h, asked) && h->n_asked > 1)
    return misread(h, "another protocol, before all requests are answered");
  err = h->told ? tell_end(h) : tell_head(h, body, len, false);
  h->tunnels = is_tunnel(h, asked);
  answered(h);
  h->ends = h->ends && !h->tunnels;
  if (!err && h->ends && h->n_asked)
    return kam_failf(&h->comp,
                     "error[E0696]: the connection ended before %u "
                     "more responses",
                     h->n_asked);
  return err;
}

static int read_more(struct http_client_session *h)
{
  struct kam_feed *f = &h->feed;
  size_t used;
  int r = kam_http_read(&h->in, (const char *)f->data + f->at, f->len - f->at,
                        &used);
  f->at += used;
  h->again = r == KAM_HTTP_PIECE;
  if (r == KAM_HTTP_NOMEM)
    return KAM_ENOMEM;
  return r > KAM_HTTP_NOMEM ? misread(h, h->in.why) : r;
}

/* Reads on in the message in hand. A body that is there as a whole with its
 * head goes with it, in one message. */
static int read_on(struct http_client_session *h)
{
  struct kam_http *in = &h->in;
  const char *body = NULL;
  size_t len = 0;
  unsigned char asked = h->asked[h->first];
  int r, err;
  if (h->n_asked == 0)
    return misread(h, "it answers no request");
  in->to_head = asked & HEAD;
  in->to_connect = asked & CONNECT;
  in->streams = asked & STREAM;
  r = read_more(h);
  if (r == KAM_HTTP_PIECE && !h->told) {
    body = in->piece;
    len = in->piece_len;
    r = read_more(h);
  }
  if (r < 0)
    return r;
  if (r == KAM_HTTP_WHOLE && !in->streams)
    return whole(h, in->body.s, in->body.len);
  if (r == KAM_HTTP_WHOLE)
    return whole(h, body, len);
  err = in->has_head && in->streams && !h->told ? tell_head(h, body, len, true)
                                                : 0;
  return err || r != KAM_HTTP_PIECE ? err : tell_piece(h);
}

/* The next piece of what the peer sends; false: there is none now. */
static bool next_piece(struct http_client_session *h)
{
  struct kam_feed *f = &h->feed;
  if (f->msg.tag != KAM_NOTHING && (f->at < f->len || h->again))
    return true;
  kam_feed_fini(&h->comp, f);
  if (!kam_take(&h->comp, KAM_INBOX, &f->msg))
    return false;
  f->data = kam_msg_view(host_of(h), f->msg, &f->len);
  f->at = 0;
  return true;
}

/* Servers of another age say "ICY 200 OK": it is read as HTTP/1.0. */
static int read_icy(struct http_client_session *h)
{
  static const char word[] = "ICY ";
  struct kam_feed *f = &h->feed;
  size_t used;
  int r;
  while (f->at < f->len && h->icy_at < 4 &&
         f->data[f->at] == (unsigned char)word[h->icy_at]) {
    f->at++;
    h->icy_at++;
  }
  if (f->at == f->len && h->icy_at < 4)
    return 0;
  r = h->icy_at == 4 ? kam_http_read(&h->in, "HTTP/1.0 ", 9, &used)
                     : kam_http_read(&h->in, word, h->icy_at, &used);
  h->icy = false;
  return r > KAM_HTTP_NOMEM ? misread(h, h->in.why) : 0;
}

/* The rest of what is in hand, as it is. */
static int read_tunnelled(struct http_client_session *h)
{
  struct kam_feed *f = &h->feed;
  struct kam_bytes *b =
      kam_bytes_copy(kam_mem_of(&h->comp), f->data + f->at, f->len - f->at);
  if (!b)
    return KAM_ENOMEM;
  f->at = f->len;
  h->up[0] = kam_msg_bytes(b);
  return 0;
}

/* The peer sends no more. */
static int hung_up(struct http_client_session *h)
{
  struct kam_link *l = h->comp.party.out[OUT_RESPONSE].port.to;
  if (h->tunnels) {
    if (l)
      kam_link_end(l);
    return 0;
  }
  if (h->ends)
    return 0;
  h->ends = true;
  if (h->n_asked && kam_http_ends(&h->in))
    return whole(h, h->in.body.s, h->in.body.len);
  return h->n_asked ? cut_off(h) : 0;
}

/* Puts what is next into the lane to who asks: 1 if it has read something, 0 or
 * a negative code. */
static int fill_in(struct http_client_session *h)
{
  int err = 0;
  bool reads = h->up[0].tag == KAM_NOTHING && !h->ends && next_piece(h);
  if (reads)
    err = h->tunnels ? read_tunnelled(h) : h->icy ? read_icy(h) : read_on(h);
  else if (h->up[0].tag == KAM_NOTHING && kam_over(&h->comp, KAM_INBOX))
    err = hung_up(h);
  if (err)
    return err;
  reads |= h->up[0].tag != KAM_NOTHING;
  h->lanes.m[1] = h->up[0];
  h->up[0] = h->up[1];
  h->up[1] = (struct kam_msg){0};
  return reads;
}

/* --- */

/* Nothing goes, and nothing has come. */
static int rest(struct http_client_session *h)
{
  bool over = kam_over(&h->comp, IN_REQUEST);
  if (h->ends || (over && h->tunnels) || (h->place == LAST && !h->n_asked))
    return KAM_DONE;
  if (over && h->place == INSIDE)
    return cannot(h, "the pieces of its body ended before the last one");
  if (over && h->place != WAITS && h->n_asked == 0)
    return KAM_DONE;
  if (h->place == WAITS && !kam_alarm_armed(&h->comp) &&
      kam_alarm_set(&h->comp, h->go_at))
    return KAM_ENOMEM;
  return KAM_PAUSE;
}

static int one_step(struct http_client_session *h)
{
  struct kam_msg *m = h->lanes.m;
  int r = 0;
  if (m[0].tag == KAM_NOTHING)
    r = fill_out(h);
  if (r == 0 && m[1].tag == KAM_NOTHING)
    r = fill_in(h);
  if (r < 0)
    return r;
  if (m[0].tag != KAM_NOTHING || m[1].tag != KAM_NOTHING ||
      kam_is_held(&h->comp))
    return kam_lanes_send(&h->comp, &h->lanes);
  return r ? KAM_AGAIN : rest(h);
}

static int http_client_session_step(struct kam_component *c)
{
  struct http_client_session *h = (struct http_client_session *)c;
  int i, r = KAM_AGAIN;
  if (c->party.told == KAM_SHUTDOWN)
    return KAM_DONE;
  for (i = 0; i < BATCH && r == KAM_AGAIN; i++)
    r = one_step(h);
  return r;
}

/* Asks a proxy for the way. */
static int ask_for_tunnel(struct http_client_session *h)
{
  struct kam_http_request r;
  struct kam_text text;
  struct kam_tape *t = &h->tape;
  kam_tape_table(t);
  kam_tape_text(t, "method");
  kam_tape_text(t, "CONNECT");
  kam_tape_text(t, "target");
  kam_tape_text(t, h->tunnel);
  if (*h->authorization) {
    kam_tape_text(t, "headers");
    kam_tape_table(t);
    kam_tape_text(t, "Proxy-Authorization");
    kam_tape_text(t, h->authorization);
    kam_tape_end(t);
  }
  kam_tape_end(t);
  kam_text_init(&text, kam_mem_of(&h->comp));
  if (kam_http_request_write(&r, t, h->tunnel, &text)) {
    kam_text_fini(&text);
    return cannot(h, r.why);
  }
  ask(h, CONNECT | OURS);
  h->place = LAST;
  return queue_text(h, &text);
}

static int http_client_session_open(struct kam_component *c)
{
  struct http_client_session *h = (struct http_client_session *)c;
  kam_http_init_responses(&h->in, kam_mem_of(c));
  h->in.max_body = (uint64_t)h->body;
  h->lanes.out[0] = KAM_OUTBOX;
  h->lanes.out[1] = OUT_RESPONSE;
  kam_tape_init(&h->tape);
  return *h->tunnel ? ask_for_tunnel(h) : 0;
}

static void http_client_session_close(struct kam_component *c)
{
  struct http_client_session *h = (struct http_client_session *)c;
  for (; h->at_out < h->n_out; h->at_out++)
    kam_msg_drop(host_of(h), h->out[h->at_out]);
  kam_msg_drop(host_of(h), h->body_held);
  kam_msg_drop(host_of(h), h->up[0]);
  kam_msg_drop(host_of(h), h->up[1]);
  kam_lanes_fini(c, &h->lanes);
  kam_feed_fini(c, &h->feed);
  kam_http_fini(&h->in);
  kam_tape_fini(&h->tape);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "bytes from the peer, in any cut",
     .kinds = KAM_BYTES},
    {.name = "request",
     .doc = "requests: { method =, target =, headers =, type =, body =, "
            "stream = }, and bytes that go on"},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "bytes for the peer", .kinds = KAM_BYTES},
    {.name = "response",
     .doc = "responses: { status =, reason =, version =, headers =, body = }, "
            "and bytes that go on"},
    {0}};

static const struct kam_option_spec options[] = {
    KAM_INT(struct http_client_session, body, 8 << 20, 0, 1e12,
            "bytes that a response's body may have that does not come in "
            "pieces"),
    KAM_INT(struct http_client_session, pipeline, 16, 1, ASKED,
            "how many requests may be sent that have no answer yet"),
    KAM_TEXT(struct http_client_session, host, "",
             "the Host of requests that name none"),
    KAM_TEXT(struct http_client_session, tunnel, "",
             "asks a proxy for the way to that host:port; then bytes go both "
             "ways"),
    KAM_TEXT(struct http_client_session, authorization, "",
             "what the proxy is told as Proxy-Authorization"),
    KAM_FLAG(struct http_client_session, icy, false,
             "takes \"ICY 200 OK\" for HTTP/1.0"),
    {0}};

KAM_COMPONENT(http_client_session) = {
    .name = "HTTPClientSession",
    .family = "http",
    .summary = "Speaks HTTP/1.1 with a server: requests in, responses out.",
    .doc =
        "A request is a table: `method` (GET), `target` (the path and query, "
        "encoded), `headers`, `type` (the Content-Type) and `body`. With `more "
        "= true` the body goes on in the messages behind it: strings, or "
        "tables with `body`, the last one without `more`. With `stream = true` "
        "its response comes in the same way: a table with `more = true`, "
        "strings, and an empty table. Requests are sent as they come, and "
        "answered in that order. Answers with a status of 1xx are passed over; "
        "with the header Expect, a body waits for one for a second at the "
        "most. After status 101, or CONNECT, bytes go both ways as they are. A "
        "request that would say something else on the wire than in its table, "
        "a response that two readers could read in two ways, or that is not "
        "whole when the connection ends, fails the session.",
    .ends = "When its requests have ended and are answered, when the peer has, "
            "or after a response that closes.",
    .example =
        "kam.Graphline {\n"
        "  ASK = kam.OneShot { { target = \"/\" } },\n"
        "  HTTP = kam.HTTPClientSession { host = \"localhost\" },\n"
        "  PEER = kam.map(function(request)\n"
        "    return \"HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\n\" .. "
        "tostring(request):match \"%w+\"\n"
        "  end),\n"
        "  SHOW = kam.each(function(response) print(response.status, "
        "response.body) end),\n"
        "  linkages = { \"ASK -> HTTP.request\", \"HTTP -> PEER -> HTTP\", "
        "\"HTTP.response -> SHOW\" },\n"
        "}:run()\n"
        "--> 200	GET\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct http_client_session),
    .ends_early = true,
    .duplex = true,
    .open = http_client_session_open,
    .step = http_client_session_step,
    .close = http_client_session_close,
};
