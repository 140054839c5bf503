/* HTTPSession: the server's side of one HTTP/1.1 connection.
 *
 *     bytes ──inbox──> READS ──request──>  a handler
 *     bytes <──outbox── ANSWERS <──response──
 *
 * One request is with the handler at a time; what the peer sends meanwhile
 * waits. After a response with status 101 bytes go both ways as they are. */
#include "components/http/session.h"
#include "components/http/target.h"
#include "core/alarm.h"
#include "core/link.h"

#include <stdio.h>
#include <string.h>

enum { BATCH = 16, LEAST_RATE = 500 /* bytes in a second */ };

enum { IN_RESPONSE = KAM_IN_EXTRA };
enum { OUT_LOG = KAM_OUT_EXTRA, OUT_REQUEST }; /* by name */
/* --- reading --- */

static void write_version(struct kam_http_session *h)
{
  char version[8];
  snprintf(version, sizeof version, "%d.%d", h->in.p.http_major,
           h->in.p.http_minor);
  kam_tape_text(&h->tape, "version");
  kam_tape_text(&h->tape, version);
}

/* Writes the request as its handler gets it; false: its target is none. */
static bool describe(struct kam_http_session *h)
{
  struct kam_http *in = &h->in;
  struct kam_tape *t = &h->tape;
  const char *target = in->text.s + in->target.at;
  struct kam_text room;
  bool ok;
  kam_text_init(&room, kam_mem_of(&h->comp));
  kam_tape_clear(t);
  kam_tape_table(t);
  kam_tape_text(t, "method");
  kam_tape_text(t, llhttp_method_name((llhttp_method_t)in->p.method));
  kam_tape_text(t, "target");
  kam_tape_bytes(t, target, in->target.len);
  ok = kam_http_target(target, in->target.len, &room, t);
  kam_text_fini(&room);
  write_version(h);
  kam_tape_text(t, "headers");
  kam_http_headers(in, t);
  if (h->uploads) {
    kam_tape_text(t, "streams");
    kam_tape_bool(t, true);
  } else {
    kam_tape_text(t, "body");
    kam_tape_bytes(t, in->body.s ? in->body.s : "", in->body.len);
  }
  if (*h->peer) {
    kam_tape_text(t, "peer");
    kam_tape_text(t, h->peer);
  }
  kam_tape_end(t);
  return ok;
}

/* What all responses to this request are written for. */
static void agree(struct kam_http_session *h)
{
  size_t len = 0;
  const char *s =
      h->compress ? kam_http_header(&h->in, "accept-encoding", &len) : NULL;
  h->terms.minor = h->in.p.http_minor == 1;
  h->terms.head = h->in.p.method == HTTP_HEAD;
  h->terms.closes =
      !llhttp_should_keep_alive(&h->in.p) || ++h->served >= h->requests;
  h->terms.accepts = kam_http_accepts(s, len);
  h->sent = 0;
}

/* What the path stands for; of a folder also the rest of the path, which stands
 * on the tape. */
static enum kam_http_route find_route(struct kam_http_session *h,
                                      struct kam_http_fixed *fixed,
                                      struct kam_http_words *rest)
{
  struct kam_http *in = &h->in;
  struct kam_tape *t = &h->tape;
  struct kam_tape_item path;
  struct kam_text room;
  enum kam_http_route route;
  size_t at = 0;
  bool ok;
  if (!h->fixed_bytes)
    return KAM_HTTP_ASKED;
  kam_text_init(&room, kam_mem_of(&h->comp));
  kam_tape_clear(t);
  ok = kam_http_target(in->text.s + in->target.at, in->target.len, &room, t);
  kam_text_fini(&room);
  if (!ok || !kam_tape_next(t, &at, &path) || !kam_tape_next(t, &at, &path))
    return KAM_HTTP_ASKED;
  route = kam_http_fixed_find(h->fixed_bytes, h->fixed_len, path.bytes,
                              path.len, fixed);
  if (route == KAM_HTTP_FOLDER)
    *rest =
        (struct kam_http_words){path.bytes + fixed->at, path.len - fixed->at};
  return route;
}

static int hand_over(struct kam_http_session *h)
{
  struct kam_msg m;
  int err;
  if (!describe(h))
    return kam_http_refuse(h, 400, "not a path");
  err = kam_tape_msg(kam_http_host(h), kam_mem_of(&h->comp), &h->tape, &m);
  if (err)
    return err;
  h->phase = AWAITS;
  h->due = 0;
  kam_alarm_clear(&h->comp);
  err = kam_send(&h->comp, OUT_REQUEST, m);
  return err == KAM_WAIT || err < 0 ? err : 0;
}

/* The request is there, with its body. */
static int serve(struct kam_http_session *h)
{
  struct kam_http_fixed fixed;
  struct kam_http_words rest;
  enum kam_http_route route = find_route(h, &fixed, &rest);
  bool gets = h->in.p.method == HTTP_GET || h->in.p.method == HTTP_HEAD;
  agree(h);
  if (route == KAM_HTTP_FIXED && gets)
    return kam_http_answer_fixed(h, &fixed);
  if (route == KAM_HTTP_FOLDER && gets)
    return kam_http_answer_file(h, &fixed, rest);
  h->uploads = h->body_over = route == KAM_HTTP_STREAMED;
  h->body_told = false;
  return hand_over(h);
}

/* A body begins: it is read here, or by the handler. */
static int meet_body(struct kam_http_session *h)
{
  struct kam_http_fixed fixed;
  struct kam_http_words rest;
  bool streams = find_route(h, &fixed, &rest) == KAM_HTTP_STREAMED;
  int status =
      kam_http_bound(&h->in, (uint64_t)(streams ? h->upload : h->body));
  if (status)
    return kam_http_refuse(h, status, h->in.why);
  h->in.streams = h->uploads = streams;
  h->body_over = h->body_told = false;
  if (h->in.expects) {
    int err = kam_http_queue(h, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    if (err)
      return err;
  }
  if (!streams)
    return 0;
  agree(h);
  return hand_over(h);
}

/* The next piece of what the peer sends; false: there is none now. */
static bool next_piece(struct kam_http_session *h)
{
  struct kam_feed *f = &h->feed;
  if (f->msg.tag != KAM_NOTHING && f->at < f->len)
    return true;
  kam_feed_fini(&h->comp, f);
  if (!kam_take(&h->comp, KAM_INBOX, &f->msg))
    return false;
  f->data = kam_msg_view(kam_http_host(h), f->msg, &f->len);
  f->at = 0;
  return true;
}

/* By when more must be there: a first byte, all of the head, or as much of the
 * body as the least rate would have brought. */
static void expect_more(struct kam_http_session *h)
{
  uint64_t now = kam_now(&h->comp);
  double time = h->in.begun ? h->head_time : h->idle_time;
  if (h->in.has_head && !h->body_began)
    h->body_began = now;
  if (h->due && h->in.begun && !h->in.has_head)
    return;
  if (h->in.has_head)
    now = h->body_began + h->in.received * (1000000000u / LEAST_RATE);
  h->due = time > 0 ? now + (uint64_t)(time * 1e9) : 0;
  kam_alarm_clear(&h->comp);
}

static int read_on(struct kam_http_session *h)
{
  struct kam_feed *f = &h->feed;
  bool begun = h->in.begun;
  size_t used;
  int r = kam_http_read(&h->in, (const char *)f->data + f->at, f->len - f->at,
                        &used);
  f->at += used;
  if (r == KAM_HTTP_NOMEM)
    return KAM_ENOMEM;
  if (r == KAM_HTTP_WHOLE)
    return serve(h);
  if (r == KAM_HTTP_BODY)
    return meet_body(h);
  if (r != KAM_HTTP_MORE)
    return kam_http_refuse(h, r, h->in.why);
  if (!begun)
    h->due = 0;
  expect_more(h);
  return 0;
}

/* --- waiting --- */

static int wait(struct kam_http_session *h)
{
  if (h->phase != READS)
    return KAM_PAUSE;
  if (!h->due)
    expect_more(h);
  if (!h->due)
    return KAM_PAUSE;
  if (kam_now(&h->comp) >= h->due) {
    h->phase = ENDS;
    if (!h->in.begun)
      return KAM_AGAIN;
    return kam_http_refuse(h, 408, "no whole request in time") ? KAM_ENOMEM
                                                               : KAM_AGAIN;
  }
  if (!kam_alarm_armed(&h->comp) && kam_alarm_set(&h->comp, h->due))
    return KAM_ENOMEM;
  return KAM_PAUSE;
}

static int read_step(struct kam_http_session *h)
{
  int err;
  if (next_piece(h)) {
    err = read_on(h);
    return err < 0 ? err : err == KAM_WAIT ? KAM_BLOCKED : KAM_AGAIN;
  }
  if (kam_over(&h->comp, KAM_INBOX))
    return KAM_DONE;
  return wait(h);
}

/* The handler has ended. */
static int abandoned(struct kam_http_session *h)
{
  int err = h->phase == AWAITS ? kam_http_refuse(h, 500, NULL) : 0;
  h->phase = ENDS;
  return err ? err : KAM_AGAIN;
}

static int answer_step(struct kam_http_session *h)
{
  struct kam_msg m;
  int err;
  if (kam_http_encodes(h)) {
    err = kam_http_encode_on(h);
    return err ? err : KAM_AGAIN;
  }
  if (!kam_take(&h->comp, IN_RESPONSE, &m))
    return kam_over(&h->comp, IN_RESPONSE) ? abandoned(h) : KAM_PAUSE;
  err = kam_http_answer(h, m);
  return err < 0 ? err : err == KAM_WAIT ? KAM_BLOCKED : KAM_AGAIN;
}

/* --- a body that goes to the handler as it comes --- */

/* The next of it as a message, if there is one: 0 or a negative code. */
static int next_of_body(struct kam_http_session *h, struct kam_msg *m)
{
  struct kam_feed *f = &h->feed;
  struct kam_bytes *b;
  size_t used = 0;
  bool more;
  int r = KAM_HTTP_MORE;
  while (r == KAM_HTTP_MORE && !h->body_over) {
    more = next_piece(h);
    if (!more && !h->in.piece) {
      if (kam_over(&h->comp, KAM_INBOX))
        h->phase = ENDS;
      return 0;
    }
    r = kam_http_read(&h->in, more ? (const char *)f->data + f->at : "",
                      more ? f->len - f->at : 0, &used);
    f->at += more ? used : 0;
    h->due = 0;
    kam_alarm_clear(&h->comp);
    h->body_over = r == KAM_HTTP_WHOLE;
  }
  if (h->body_over) {
    if (!h->body_told)
      *m = kam_msg_bool(false);
    h->body_told = true;
    return 0;
  }
  if (r == KAM_HTTP_NOMEM)
    return KAM_ENOMEM;
  if (r == KAM_HTTP_PIECE && h->in.received > h->in.max_body)
    return kam_http_refuse(h, 413, "too long a body");
  if (r != KAM_HTTP_PIECE)
    return kam_http_refuse(h, r, h->in.why);
  b = kam_bytes_copy(kam_mem_of(&h->comp), h->in.piece, h->in.piece_len);
  if (!b)
    return KAM_ENOMEM;
  *m = kam_msg_bytes(b);
  return 0;
}

/* Nothing has come, from neither side. */
static int wait_for_body(struct kam_http_session *h)
{
  uint64_t now = kam_now(&h->comp);
  if (h->body_over || h->lanes.m[1].tag != KAM_NOTHING || h->head_time <= 0)
    return KAM_PAUSE;
  if (!h->due)
    h->due = now + (uint64_t)(h->head_time * 1e9);
  if (now >= h->due)
    return kam_http_refuse(h, 408, "no more of the body in time") ? KAM_ENOMEM
                                                                  : KAM_AGAIN;
  if (!kam_alarm_armed(&h->comp) && kam_alarm_set(&h->comp, h->due))
    return KAM_ENOMEM;
  return KAM_PAUSE;
}

/* The body on its way in, and the response on its way out: neither waits while
 * the other has to. */
static int upload_step(struct kam_http_session *h)
{
  struct kam_component *c = &h->comp;
  struct kam_msg *m = h->lanes.m;
  int r = 0;
  if (m[0].tag == KAM_NOTHING && h->at_out < h->n_out)
    m[0] = h->out[h->at_out++];
  if (h->at_out == h->n_out)
    h->at_out = h->n_out = 0;
  if (m[1].tag == KAM_NOTHING && h->phase != ENDS)
    r = next_of_body(h, &m[1]);
  if (r)
    return r;
  if (m[0].tag != KAM_NOTHING || m[1].tag != KAM_NOTHING || kam_is_held(c)) {
    r = kam_lanes_send(c, &h->lanes);
    if (r != KAM_PAUSE)
      return r;
  }
  if (m[0].tag != KAM_NOTHING || h->n_out)
    return m[0].tag != KAM_NOTHING ? KAM_PAUSE : KAM_AGAIN;
  if (h->phase == ENDS || (h->body_told && m[1].tag == KAM_NOTHING)) {
    h->uploads = kam_is_held(c);
    return h->uploads ? KAM_PAUSE : KAM_AGAIN;
  }
  r = h->phase == READS ? KAM_PAUSE : answer_step(h);
  return r != KAM_PAUSE ? r : wait_for_body(h);
}

/* --- another protocol --- */

/* The rest of what is in hand, as a message of its own. */
static int rest_of_piece(struct kam_http_session *h, struct kam_msg *m)
{
  struct kam_feed *f = &h->feed;
  struct kam_bytes *b;
  if (!next_piece(h))
    return 0;
  b = kam_bytes_copy(kam_mem_of(&h->comp), f->data + f->at, f->len - f->at);
  if (!b)
    return KAM_ENOMEM;
  f->at = f->len;
  *m = kam_msg_bytes(b);
  return 0;
}

static int tunnel_step(struct kam_http_session *h)
{
  struct kam_component *c = &h->comp;
  struct kam_msg *m = h->lanes.m;
  struct kam_link *l = c->party.out[OUT_REQUEST].port.to;
  size_t len;
  if (m[1].tag == KAM_NOTHING && rest_of_piece(h, &m[1]))
    return KAM_ENOMEM;
  if (m[0].tag == KAM_NOTHING && kam_take(c, IN_RESPONSE, &m[0]) &&
      !kam_msg_view(kam_http_host(h), m[0], &len))
    return kam_http_cannot(h, "it is no string, after status 101");
  if (m[0].tag != KAM_NOTHING || m[1].tag != KAM_NOTHING || kam_is_held(c))
    return kam_lanes_send(c, &h->lanes);
  if (l && kam_over(c, KAM_INBOX))
    kam_link_end(l);
  return kam_over(c, IN_RESPONSE) ? KAM_DONE : KAM_PAUSE;
}

/* --- */

static int send_entry(struct kam_http_session *h)
{
  int r = kam_send(&h->comp, OUT_LOG, h->entry);
  h->entry = (struct kam_msg){0};
  return r < 0 || r == KAM_WAIT ? r : 0;
}

static int one_step(struct kam_http_session *h)
{
  int r;
  if (h->uploads)
    return upload_step(h);
  if (h->phase != TUNNELS && kam_is_held(&h->comp))
    return KAM_BLOCKED;
  r = kam_http_flush(h);
  if (!r && h->entry.tag != KAM_NOTHING)
    r = send_entry(h);
  if (r)
    return r < 0 ? r : KAM_BLOCKED;
  switch ((enum kam_http_phase)h->phase) {
  case READS:
    return read_step(h);
  case AWAITS:
  case STREAMS:
  case SKIPS:
    return h->file ? kam_http_file_on(h) : answer_step(h);
  case TUNNELS:
    return tunnel_step(h);
  case ENDS:
    break;
  }
  return KAM_DONE;
}

static int http_session_step(struct kam_component *c)
{
  struct kam_http_session *h = (struct kam_http_session *)c;
  int i, r = KAM_AGAIN;
  if (kam_is_held(c) && h->phase != TUNNELS && !h->uploads &&
      c->party.told != KAM_SHUTDOWN)
    return KAM_BLOCKED;
  if (c->party.told == KAM_SHUTDOWN) {
    if (h->phase == AWAITS) /* its handler has failed */
      r = kam_http_refuse(h, 500, NULL);
    kam_http_flush(h);
    if (h->entry.tag != KAM_NOTHING)
      send_entry(h);
    return KAM_DONE;
  }
  for (i = 0; i < BATCH && r == KAM_AGAIN; i++)
    r = one_step(h);
  return r;
}

static int http_session_open(struct kam_component *c)
{
  struct kam_http_session *h = (struct kam_http_session *)c;
  kam_http_init(&h->in, kam_mem_of(c));
  h->in.max_body = (uint64_t)h->body;
  h->in.stops_at_body = true;
  h->terms.compress = (uint64_t)h->compress;
  if (h->pages.tag != KAM_NOTHING)
    h->terms.pages =
        kam_msg_view(kam_http_host(h), h->pages, &h->terms.pages_len);
  if (h->fixed.tag != KAM_NOTHING)
    h->fixed_bytes = kam_msg_view(kam_http_host(h), h->fixed, &h->fixed_len);
  h->lanes.out[0] = KAM_OUTBOX;
  h->lanes.out[1] = OUT_REQUEST;
  kam_tape_init(&h->tape);
  return 0;
}

static void http_session_close(struct kam_component *c)
{
  struct kam_http_session *h = (struct kam_http_session *)c;
  kam_http_answer_fini(h);
  kam_lanes_fini(c, &h->lanes);
  kam_feed_fini(c, &h->feed);
  kam_http_fini(&h->in);
  kam_tape_fini(&h->tape);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "bytes from the peer, in any cut",
     .kinds = KAM_BYTES},
    {.name = "response", .doc = "responses, and bytes that go on"},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "bytes for the peer", .kinds = KAM_BYTES},
    {.name = "request",
     .doc = "requests: { method =, target =, path =, query =, version =, "
            "headers =, body = }"},
    {.name = "log",
     .doc = "with `accessLog`, a line for each request",
     .kinds = KAM_LINE,
     .optional = true},
    {0}};

static const struct kam_option_spec options[] = {
    KAM_INT(struct kam_http_session, body, 1 << 20, 0, 1e12,
            "bytes that the body of a request may have"),
    KAM_INT(struct kam_http_session, upload, 1 << 30, 0, 1e12,
            "bytes that a body may have that goes to its handler as it comes"),
    KAM_INT(struct kam_http_session, requests, 1000, 1, 1e12,
            "how many a connection may carry"),
    {.name = "headTime",
     .doc = "seconds in which a request's head must be there, and in which, "
            "plus one for each 500 bytes, its body; 0: any time",
     .type = KAM_OPTION_NUMBER,
     .offset = offsetof(struct kam_http_session, head_time),
     .fallback = {.type = KAM_OPTION_NUMBER, .n = 10},
     .max = 1e6},
    {.name = "idleTime",
     .doc = "seconds that a peer may take until its next request; 0: any time",
     .type = KAM_OPTION_NUMBER,
     .offset = offsetof(struct kam_http_session, idle_time),
     .fallback = {.type = KAM_OPTION_NUMBER, .n = 60},
     .max = 1e6},
    KAM_TEXT(struct kam_http_session, peer, "",
             "the peer's address, for the requests"),
    KAM_INT(struct kam_http_session, compress, 0, 0, 1e12,
            "bytes from which on a body of text is compressed, if the peer "
            "takes that; 0: never"),
    {.name = "accessLog",
     .doc = "each request is told in the outbox log, in the combined format",
     .type = KAM_OPTION_BOOLEAN,
     .offset = offsetof(struct kam_http_session, log),
     .fallback = {.type = KAM_OPTION_BOOLEAN}},
    KAM_VALUE(struct kam_http_session, fixed,
              "what it answers by itself, packed as in fixed.h"),
    KAM_VALUE(struct kam_http_session, pages,
              "the same for statuses of errors instead of paths"),
    {0}};

KAM_COMPONENT(http_session) = {
    .name = "HTTPSession",
    .family = "http",
    .summary = "Speaks HTTP/1.1 with one peer: requests out, responses in.",
    .doc =
        "The handler gets one request after the other, and answers each. A "
        "response is a string, or { status =, type =, headers =, body = }. "
        "With `more = true` the body goes on in the messages behind it: "
        "strings, or tables with `body`, the last one without `more`. What "
        "is between { pieces = true } and { pieces = false } is one response, "
        "such as a component sends: a table first, or the body alone. A "
        "response with status 101 ends the talk in HTTP: bytes then go both "
        "ways as they are. What is no request, or too long, or too slow, is "
        "answered with a status of 400 and more, and the connection ends. If "
        "the handler ends or fails without an answer, the peer gets status "
        "500. A path that `fixed` marks so is handed over before its body: the "
        "request has streams = true, the body follows in strings, and then "
        "comes false.",
    .ends = "When its inbox has, or after a response that closes.",
    .example =
        "kam.Graphline {\n"
        "  PEER = kam.OneShot \"GET /hello?name=Ann HTTP/1.0\\r\\n\\r\\n\",\n"
        "  HTTP = kam.HTTPSession(),\n"
        "  HANDLER = kam.map(function(request) return \"Hello \" .. "
        "request.query.name end),\n"
        "  LINES = kam.LineSplit { crlf = true },\n"
        "  LAST = kam.main(function(self)\n"
        "    for line in self:messages() do\n"
        "      if not line:find \"^Date\" then print(line) end\n"
        "    end\n"
        "  end),\n"
        "  linkages = { \"PEER -> HTTP\", \"HTTP.request -> HANDLER\", "
        "\"HANDLER -> HTTP.response\", \"HTTP -> LINES -> LAST\" },\n"
        "}:run()\n"
        "--> HTTP/1.1 200 OK\n"
        "--> Content-Type: text/plain; charset=utf-8\n"
        "--> Content-Length: 9\n"
        "--> Connection: close\n"
        "--> \n"
        "--> Hello Ann\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct kam_http_session),
    .ends_early = true,
    .duplex = true,
    .open = http_session_open,
    .step = http_session_step,
    .close = http_session_close,
};
