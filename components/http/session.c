/* session: how responses go out. */
#include "components/http/session.h"

#include "components/http/access.h"
#include "core/alarm.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { SLICE = 64 << 10 /* bytes that are compressed at once */ };

/* --- sending --- */

static void queue(struct kam_http_session *h, struct kam_msg m)
{
  assert(h->n_out < KAM_HTTP_QUEUE);
  h->out[h->n_out++] = m;
}

int kam_http_queue(struct kam_http_session *h, const void *bytes, size_t len)
{
  struct kam_bytes *b = kam_bytes_copy(kam_mem_of(&h->comp), bytes, len);
  if (!b)
    return KAM_ENOMEM;
  queue(h, kam_msg_bytes(b));
  return 0;
}

static int queue_text(struct kam_http_session *h, struct kam_text *text)
{
  int err = text->failed ? KAM_ENOMEM : kam_http_queue(h, text->s, text->len);
  kam_text_fini(text);
  return err;
}

/* Sends what is queued: 0 when nothing is left, or what kam_send gave. */
int kam_http_flush(struct kam_http_session *h)
{
  int r = 0;
  while (h->at_out < h->n_out) {
    r = kam_send(&h->comp, KAM_OUTBOX, h->out[h->at_out++]);
    if (r < 0 || r == KAM_WAIT)
      return r;
  }
  h->n_out = h->at_out = 0;
  return 0;
}

/* The line of the log for what was answered. */
static int note(struct kam_http_session *h, int status)
{
  struct kam_text text;
  struct kam_bytes *b;
  if (!h->log)
    return 0;
  kam_text_init(&text, kam_mem_of(&h->comp));
  kam_http_access(&h->in, h->peer, status, h->sent, &text);
  b = text.failed ? NULL : kam_bytes_copy(text.mem, text.s, text.len);
  kam_text_fini(&text);
  if (!b)
    return KAM_ENOMEM;
  kam_msg_drop(kam_http_host(h), h->entry);
  h->entry = kam_msg_bytes(b);
  h->entry.kind |= KAM_LINE;
  return 0;
}

int kam_http_refuse(struct kam_http_session *h, int status, const char *why)
{
  struct kam_text text;
  int err;
  kam_text_init(&text, kam_mem_of(&h->comp));
  kam_http_reply_error(status, why, &h->terms, &text);
  h->phase = ENDS;
  h->sent = 0;
  err = note(h, status);
  return queue_text(h, &text) ? KAM_ENOMEM : err;
}

/* --- answering --- */

int kam_http_cannot(struct kam_http_session *h, const char *why)
{
  if (h->phase == AWAITS)
    kam_http_refuse(h, 500, NULL);
  kam_http_flush(h);
  return kam_failf(&h->comp, "error[E0674]: a response cannot be sent: %s",
                   why);
}

static void free_encoder(struct kam_http_session *h)
{
  kam_msg_drop(kam_http_host(h), h->raw);
  h->raw = (struct kam_msg){0};
  kam_http_encoder_free(h->encoder);
  h->encoder = NULL;
  h->raw_last = false;
}

/* The response is there to its end. */
static void answered(struct kam_http_session *h)
{
  free_encoder(h);
  if (h->pieces) {
    h->phase = SKIPS;
    return;
  }
  h->phase = h->terms.closes || (h->uploads && !h->body_over) ? ENDS : READS;
  h->continued = h->in.streams = false;
  h->due = h->body_began = 0;
  kam_http_next(&h->in);
}

/* A part of the body as it goes to the peer; takes m. */
static int queue_piece(struct kam_http_session *h, struct kam_msg m, size_t len)
{
  char text[24];
  int n, err = 0;
  h->sent += len;
  h->reply.left -= h->reply.framing == KAM_HTTP_LENGTH ? len : 0;
  if (h->reply.framing == KAM_HTTP_CHUNKS) {
    n = snprintf(text, sizeof text, "%zx\r\n", len);
    err = kam_http_queue(h, text, (size_t)n);
  }
  queue(h, m);
  if (h->reply.framing == KAM_HTTP_CHUNKS)
    err = err ? err : kam_http_queue(h, "\r\n", 2);
  return err;
}

/* A part of the body; m has its bytes. What is in m is not looked at: it may be
 * a part of a file. */
static int send_piece(struct kam_http_session *h, struct kam_msg m, size_t len)
{
  if (len == 0 || h->reply.framing == KAM_HTTP_NO_BODY) {
    kam_msg_drop(kam_http_host(h), m);
    return 0;
  }
  if (h->reply.framing == KAM_HTTP_LENGTH && len > h->reply.left) {
    kam_msg_drop(kam_http_host(h), m);
    return kam_http_cannot(h, "it is longer than its content-length");
  }
  if (!h->encoder)
    return queue_piece(h, m, len);
  h->raw = m;
  h->raw_at = 0;
  return 0;
}

static int send_copy(struct kam_http_session *h, const void *bytes, size_t len)
{
  struct kam_bytes *b;
  if (len == 0)
    return 0;
  b = kam_bytes_copy(kam_mem_of(&h->comp), bytes, len);
  return b ? send_piece(h, kam_msg_bytes(b), len) : KAM_ENOMEM;
}

/* Compresses, and sends what it comes to. */
static int encode(struct kam_http_session *h, const void *bytes, size_t len,
                  bool flush, bool end)
{
  struct kam_text text;
  struct kam_bytes *b;
  bool ok;
  kam_text_init(&text, kam_mem_of(&h->comp));
  ok = kam_http_encode(h->encoder, bytes, len, flush, end, &text);
  b = ok && text.len ? kam_bytes_copy(text.mem, text.s, text.len) : NULL;
  ok = ok && (b || text.len == 0);
  kam_text_fini(&text);
  if (!ok)
    return KAM_ENOMEM;
  return b ? queue_piece(h, kam_msg_bytes(b), b->len) : 0;
}

static int send_end(struct kam_http_session *h)
{
  int err = 0;
  if (h->raw.tag != KAM_NOTHING) {
    h->raw_last = true;
    return 0;
  }
  if (h->encoder) {
    err = encode(h, "", 0, false, true);
    kam_http_encoder_free(h->encoder);
    h->encoder = NULL;
    h->raw_last = true;
    return err;
  }
  if (h->reply.framing == KAM_HTTP_LENGTH && h->reply.left)
    return kam_http_cannot(h, "it is shorter than its content-length");
  if (h->reply.framing == KAM_HTTP_CHUNKS)
    err = kam_http_queue(h, "0\r\n\r\n", 5);
  err = err ? err : note(h, h->reply.status);
  answered(h);
  return err;
}

/* The next slice of what is to be compressed. */
static int encode_slice(struct kam_http_session *h)
{
  size_t len, left;
  const char *bytes = kam_msg_view(kam_http_host(h), h->raw, &len);
  bool last;
  int err;
  if (!bytes)
    return kam_http_cannot(h, "its file has become shorter");
  left = len - h->raw_at;
  last = left <= SLICE;
  err = encode(h, bytes + h->raw_at, last ? left : SLICE, last && !h->raw_last,
               false);
  h->raw_at += SLICE;
  if (last) {
    kam_msg_drop(kam_http_host(h), h->raw);
    h->raw = (struct kam_msg){0};
  }
  return err;
}

static int begin_body(struct kam_http_session *h)
{
  struct kam_http_reply *r = &h->reply;
  int err;
  h->phase = STREAMS;
  if (r->coding && r->framing == KAM_HTTP_CHUNKS &&
      !(h->encoder = kam_http_encoder_new(r->coding)))
    return KAM_ENOMEM;
  err = send_copy(h, r->body, r->body_len);
  return err || r->more ? err : send_end(h);
}

/* A head, with the first part of the body or all of it. */
static int begin_response(struct kam_http_session *h)
{
  struct kam_http_reply *r = &h->reply;
  struct kam_text text;
  int err;
  if (h->uploads && !h->body_over) /* nobody may want the rest */
    h->terms.closes = true;
  kam_text_init(&text, kam_mem_of(&h->comp));
  if (kam_http_reply_write(r, &h->tape, &h->terms, &text)) {
    kam_text_fini(&text);
    return kam_http_cannot(h, r->why);
  }
  if (r->status == 101) {
    h->phase = TUNNELS;
    err = note(h, 101);
    return queue_text(h, &text) ? KAM_ENOMEM : err;
  }
  if (!r->more && !r->coding && r->framing != KAM_HTTP_NO_BODY) {
    kam_text_put(&text, r->body, r->body_len); /* in one piece */
    h->sent += r->body_len;
    r->body_len = r->left = 0;
  }
  err = queue_text(h, &text);
  return err ? err : begin_body(h);
}

/* What comes behind a head that said more. */
static int go_on(struct kam_http_session *h)
{
  struct kam_http_reply rest;
  int err = kam_http_reply_read(&rest, &h->tape);
  if (err)
    return kam_http_cannot(h, rest.why);
  err = send_copy(h, rest.body, rest.body_len);
  return err || rest.more ? err : send_end(h);
}

/* A component begins to answer, or has ended. */
static int mark(struct kam_http_session *h, bool begins)
{
  h->pieces = begins;
  if (begins)
    return 0;
  if (h->phase == AWAITS) { /* it has sent nothing */
    kam_tape_clear(&h->tape);
    kam_tape_text(&h->tape, "");
    return begin_response(h);
  }
  if (h->phase == STREAMS)
    return send_end(h);
  answered(h);
  return 0;
}

/* The first bytes of a component begin a response; more of it follows. */
static int begin_with(struct kam_http_session *h, struct kam_msg m, size_t len)
{
  struct kam_tape *t = &h->tape;
  int err;
  kam_tape_clear(t);
  kam_tape_table(t);
  kam_tape_text(t, "more");
  kam_tape_bool(t, true);
  kam_tape_end(t);
  err = begin_response(h);
  if (!err)
    return send_piece(h, m, len);
  kam_msg_drop(kam_http_host(h), m);
  return err;
}

static size_t length_of(struct kam_http_session *h, struct kam_msg m)
{
  size_t len = m.len;
  if (len == UINT32_MAX)
    kam_msg_view(kam_http_host(h), m, &len);
  return len;
}

int kam_http_answer(struct kam_http_session *h, struct kam_msg m)
{
  struct kam_http_reply r;
  int err;
  if (m.kind & KAM_BYTES && h->phase == AWAITS && h->pieces)
    return begin_with(h, m, length_of(h, m));
  if (m.kind & KAM_BYTES && h->phase == STREAMS)
    return send_piece(h, m, length_of(h, m));
  kam_tape_clear(&h->tape);
  err = kam_tape_of(kam_http_host(h), m, &h->tape);
  kam_msg_drop(kam_http_host(h), m);
  if (err == KAM_ENOMEM)
    return err;
  if (err)
    return kam_http_cannot(h, "it is neither a table nor a string");
  if (!kam_http_reply_read(&r, &h->tape) && r.has_pieces)
    return mark(h, r.pieces);
  if (h->phase == SKIPS)
    return 0;
  return h->phase == AWAITS ? begin_response(h) : go_on(h);
}

int kam_http_answer_fixed(struct kam_http_session *h,
                          const struct kam_http_fixed *fixed)
{
  struct kam_http_reply r;
  struct kam_text text;
  kam_text_init(&text, kam_mem_of(&h->comp));
  kam_http_reply_fixed(&r, fixed, &h->terms, &text);
  if (r.framing != KAM_HTTP_NO_BODY) {
    kam_text_put(&text, r.body, r.body_len);
    h->sent = r.body_len;
  }
  if (note(h, r.status))
    return KAM_ENOMEM;
  answered(h);
  return queue_text(h, &text);
}

int kam_http_encode_on(struct kam_http_session *h)
{
  return h->raw.tag != KAM_NOTHING ? encode_slice(h) : send_end(h);
}

/* --- files --- */

static struct kam_http_words header(const struct kam_http_session *h,
                                    const char *name)
{
  struct kam_http_words w = {0};
  w.s = kam_http_header(&h->in, name, &w.len);
  return w;
}

int kam_http_answer_file(struct kam_http_session *h,
                         const struct kam_http_fixed *folder,
                         struct kam_http_words rest)
{
  struct kam_http_wish wish = {
      .root = folder->root,
      .index = folder->index,
      .gzip = folder->gzip,
      .head = h->terms.head,
      .path = rest,
      .match = header(h, "if-none-match"),
      .since = header(h, "if-modified-since"),
      .range = header(h, "range"),
      .accepts = header(h, "accept-encoding"),
  };
  h->file = kam_http_file_new(&h->comp, &wish);
  h->phase = AWAITS;
  h->due = 0;
  kam_alarm_clear(&h->comp);
  return h->file ? 0 : KAM_ENOMEM;
}

static int file_step(struct kam_http_session *h)
{
  struct kam_msg part;
  int r;
  if (kam_http_encodes(h))
    return kam_http_encode_on(h);
  r = kam_http_file_step(h->file, &h->tape, &part);
  switch (r) {
  case KAM_HTTP_FILE_WAITS:
    return KAM_BLOCKED;
  case KAM_HTTP_FILE_HEAD:
  case KAM_HTTP_FILE_ONLY:
    return begin_response(h);
  case KAM_HTTP_FILE_PART:
    return send_piece(h, part, length_of(h, part));
  case KAM_HTTP_FILE_END:
    return send_end(h);
  default:
    return r;
  }
}

int kam_http_file_on(struct kam_http_session *h)
{
  int r = file_step(h);
  if (h->phase != AWAITS && h->phase != STREAMS) {
    kam_http_file_free(h->file);
    h->file = NULL;
  }
  return r ? r : KAM_AGAIN;
}

void kam_http_answer_fini(struct kam_http_session *h)
{
  free_encoder(h);
  kam_http_file_free(h->file);
  kam_msg_drop(kam_http_host(h), h->entry);
  for (; h->at_out < h->n_out; h->at_out++)
    kam_msg_drop(kam_http_host(h), h->out[h->at_out]);
}
