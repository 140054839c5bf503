/* WebSocketCodec: the frames of one WebSocket (RFC 6455), by wslay.
 *
 *     bytes ──inbox──> frames ──message──> texts, and { binary = }
 *     bytes <──outbox── frames <──send──── the same
 *
 * What is read in one go may hold many messages; no more is read before they
 * have all been sent on. Its first message may be its part of the handshake:
 * the answer of a server, the request of a client. */
#include "core/alarm.h"
#include "core/feed.h"
#include "core/lanes.h"
#include "core/tape.h"
#include "core/text.h"
#include "core/utf8.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <wslay/wslay.h>

enum { IN_SEND = KAM_IN_EXTRA };
enum { OUT_MESSAGE = KAM_OUT_EXTRA };
enum {
  BATCH = 32,
  KEY = 24,
  ACCEPT = 28,
  CONTROL = 131,
  CONTROLS = 1000,
  ROOM = 64 << 10,
  HEAD = 14
};

struct web_socket_codec {
  struct kam_component comp; /* must be first */
  char *key, *target;        /* options */
  struct kam_msg headers;
  bool client;
  int64_t message, fragments;
  double ping, close_time;
  wslay_event_context_ptr ws;
  struct kam_feed feed; /* the bytes in hand */
  size_t quota;         /* of them, what wslay may have now */
  uint64_t frame;       /* bytes of the frame that it has not yet had */
  unsigned char head[HEAD];
  size_t n_head; /* bytes of the next frame's head that it has had */
  unsigned char control[CONTROL]; /* a control frame, until it is whole */
  size_t n_control, at_control;   /* its bytes, and those that wslay has had */
  struct kam_text out;            /* frames that are to be sent */
  struct kam_lanes lanes;
  struct kam_msg *got; /* messages that have come, to be sent on */
  size_t n_got, at_got, size_got;
  struct kam_tape tape;
  int64_t parts;     /* of the message that is coming */
  unsigned controls; /* since the last message */
  uint64_t deadline; /* of a close that was begun, or of a ping's answer */
  int refused;       /* the status of a close that we send, or 0 */
  bool greeted, pinged, closing, failed, told;
  bool expects;        /* the answer to our request has not come yet */
  char nonce[KEY + 1]; /* of our request */
};

static struct web_socket_codec *of(void *user)
{
  return user;
}

static const struct kam_host *host_of(struct web_socket_codec *w)
{
  return &w->comp.party.world->host;
}

/* --- what wslay asks for --- */

static ssize_t give(wslay_event_context_ptr ws, uint8_t *buf, size_t len,
                    int flags, void *user)
{
  struct web_socket_codec *w = of(user);
  struct kam_feed *f = &w->feed;
  size_t left = w->n_control - w->at_control;
  (void)flags;
  if (left > 0 && w->quota > 0) {
    len = len < left ? len : left;
    memcpy(buf, w->control + w->at_control, len);
    w->at_control += len;
    return (ssize_t)len;
  }
  if (w->quota == 0 || w->n_control > 0) {
    wslay_event_set_error(ws, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  len = len < w->quota ? len : w->quota;
  memcpy(buf, f->data + f->at, len);
  f->at += len;
  w->quota -= len;
  return (ssize_t)len;
}

static ssize_t take(wslay_event_context_ptr ws, const uint8_t *data, size_t len,
                    int flags, void *user)
{
  struct web_socket_codec *w = of(user);
  (void)flags;
  kam_text_put(&w->out, data, len);
  if (!w->out.failed)
    return (ssize_t)len;
  wslay_event_set_error(ws, WSLAY_ERR_CALLBACK_FAILURE);
  return -1;
}

static int mask(wslay_event_context_ptr ws, uint8_t *buf, size_t len,
                void *user)
{
  (void)ws;
  (void)user;
  return RAND_bytes(buf, (int)len) == 1 ? 0 : -1;
}

static void end(struct web_socket_codec *w, uint16_t code, const char *why)
{
  if (w->closing)
    return;
  w->closing = true;
  w->deadline = kam_now(&w->comp) + (uint64_t)(w->close_time * 1e9);
  kam_alarm_clear(&w->comp);
  wslay_event_queue_close(w->ws, code, (const uint8_t *)why, strlen(why));
}

/* What breaks the protocol or its bounds: the last frame is ours, and what
 * wslay would send is not sent. */
static void refuse(struct web_socket_codec *w, int status)
{
  if (!w->refused)
    w->refused = status;
}

static void on_frame(wslay_event_context_ptr ws,
                     const struct wslay_event_on_frame_recv_start_arg *arg,
                     void *user)
{
  struct web_socket_codec *w = of(user);
  (void)ws;
  if (wslay_is_ctrl_frame(arg->opcode)) {
    if (++w->controls > CONTROLS)
      refuse(w, WSLAY_CODE_POLICY_VIOLATION);
    return;
  }
  w->controls = 0;
  w->parts = arg->opcode == WSLAY_CONTINUATION_FRAME ? w->parts + 1 : 1;
  if (w->parts > w->fragments)
    refuse(w, WSLAY_CODE_POLICY_VIOLATION);
}

/* RFC 6455 5.5.1: nothing, or a status and a reason in UTF-8. */
static void check_close(struct web_socket_codec *w,
                        const struct wslay_event_on_msg_recv_arg *arg)
{
  if (arg->msg_length == 1)
    refuse(w, WSLAY_CODE_PROTOCOL_ERROR);
  else if (arg->msg_length > 2 &&
           !kam_utf8_valid(arg->msg + 2, arg->msg_length - 2))
    refuse(w, WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA);
}

/* A message as it is sent on: a text, or { binary = }. */
static int make(struct web_socket_codec *w,
                const struct wslay_event_on_msg_recv_arg *arg,
                struct kam_msg *m)
{
  struct kam_tape *t = &w->tape;
  kam_tape_clear(t);
  if (arg->opcode == WSLAY_BINARY_FRAME) {
    kam_tape_table(t);
    kam_tape_text(t, "binary");
  }
  kam_tape_bytes(t, arg->msg ? (const char *)arg->msg : "", arg->msg_length);
  if (arg->opcode == WSLAY_BINARY_FRAME)
    kam_tape_end(t);
  return kam_tape_msg(host_of(w), kam_mem_of(&w->comp), t, m);
}

static void on_message(wslay_event_context_ptr ws,
                       const struct wslay_event_on_msg_recv_arg *arg,
                       void *user)
{
  struct web_socket_codec *w = of(user);
  struct kam_mem *mem = kam_mem_of(&w->comp);
  size_t size = w->size_got ? w->size_got * 2 : 4;
  struct kam_msg *got;
  (void)ws;
  if (arg->opcode == WSLAY_CONNECTION_CLOSE)
    check_close(w, arg);
  if (wslay_is_ctrl_frame(arg->opcode) || w->closing || w->refused)
    return;
  if (w->n_got == w->size_got) {
    got = kam_mem_realloc(mem, w->got, w->size_got * sizeof *got,
                          size * sizeof *got);
    if (!got) {
      w->failed = true;
      return;
    }
    w->got = got;
    w->size_got = size;
  }
  if (make(w, arg, &w->got[w->n_got]))
    w->failed = true;
  else
    w->n_got++;
}

/* --- sending --- */

/* What a server answers to a key (RFC 6455 4.2.2), ended by a zero: false if
 * OpenSSL has no SHA-1. */
static bool accept_of(const char *key, char accept[ACCEPT + 1])
{
  static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  char text[KEY + sizeof guid];
  unsigned char hash[EVP_MAX_MD_SIZE], encoded[64];
  unsigned len = 0;
  snprintf(text, sizeof text, "%.*s%s", KEY, key, guid);
  if (!EVP_Digest(text, strlen(text), hash, &len, EVP_sha1(), NULL))
    return false;
  EVP_EncodeBlock(encoded, hash, (int)len);
  memcpy(accept, encoded, ACCEPT);
  accept[ACCEPT] = '\0';
  return true;
}

static void put(struct kam_tape *t, const char *key, const char *value)
{
  kam_tape_text(t, key);
  kam_tape_text(t, value);
}

static int answer(struct web_socket_codec *w)
{
  struct kam_tape *t = &w->tape;
  char accept[ACCEPT + 1];
  if (!accept_of(w->key, accept))
    return kam_failf(&w->comp, "SHA-1 is not to be had from OpenSSL");
  kam_tape_clear(t);
  kam_tape_table(t);
  kam_tape_text(t, "status");
  kam_tape_int(t, 101);
  kam_tape_text(t, "headers");
  kam_tape_table(t);
  put(t, "Upgrade", "websocket");
  put(t, "Connection", "Upgrade");
  put(t, "Sec-WebSocket-Accept", accept);
  kam_tape_end(t);
  kam_tape_end(t);
  return kam_tape_msg(host_of(w), kam_mem_of(&w->comp), t, &w->lanes.m[0]);
}

/* Headers of the user's; what is no text has no meaning there. */
static int put_headers(struct web_socket_codec *w, struct kam_tape *t)
{
  struct kam_tape given;
  struct kam_tape_item key, value;
  size_t at = 0;
  int err;
  if (w->headers.tag == KAM_NOTHING)
    return 0;
  kam_tape_init(&given);
  err = kam_tape_of(host_of(w), w->headers, &given);
  if (!err && (!kam_tape_next(&given, &at, &key) || key.type != KAM_TAPE_TABLE))
    at = given.len; /* an empty one is a list */
  while (!err && kam_tape_next(&given, &at, &key) && key.type != KAM_TAPE_END) {
    if (!kam_tape_next(&given, &at, &value) || key.type != KAM_TAPE_BYTES ||
        value.type != KAM_TAPE_BYTES) {
      err = kam_failf(&w->comp, "headers are texts by their names");
      break;
    }
    kam_tape_bytes(t, key.bytes, key.len);
    kam_tape_bytes(t, value.bytes, value.len);
  }
  kam_tape_fini(&given);
  return err;
}

static int request(struct web_socket_codec *w)
{
  struct kam_tape *t = &w->tape;
  unsigned char bytes[16], encoded[KEY + 8];
  int err;
  if (RAND_bytes(bytes, sizeof bytes) != 1)
    return kam_failf(&w->comp, "no random bytes are to be had from OpenSSL");
  EVP_EncodeBlock(encoded, bytes, sizeof bytes);
  memcpy(w->nonce, encoded, KEY);
  w->expects = true;
  kam_tape_clear(t);
  kam_tape_table(t);
  put(t, "target", w->target);
  kam_tape_text(t, "headers");
  kam_tape_table(t);
  put(t, "Upgrade", "websocket");
  put(t, "Connection", "Upgrade");
  put(t, "Sec-WebSocket-Version", "13");
  put(t, "Sec-WebSocket-Key", w->nonce);
  err = put_headers(w, t);
  kam_tape_end(t);
  kam_tape_end(t);
  return err ? err
             : kam_tape_msg(host_of(w), kam_mem_of(&w->comp), t,
                            &w->lanes.m[0]);
}

/* Our part of the handshake, if there is one. */
static int greet(struct web_socket_codec *w)
{
  w->greeted = true;
  return *w->target ? request(w) : *w->key ? answer(w) : 0;
}

static bool is(const struct kam_tape_item *item, const char *text)
{
  return item->type == KAM_TAPE_BYTES && item->len == strlen(text) &&
         memcmp(item->bytes, text, item->len) == 0;
}

/* Looks for the status and our header in a response. */
static void look_at(const struct kam_tape *t, int64_t *status, char *accept)
{
  struct kam_tape_item key, value;
  size_t at = 0, inner;
  if (!kam_tape_next(t, &at, &key) || key.type != KAM_TAPE_TABLE)
    return;
  while (kam_tape_next(t, &at, &key) && key.type != KAM_TAPE_END) {
    inner = at;
    kam_tape_next(t, &inner, &value);
    if (is(&key, "status") && value.type == KAM_TAPE_INT)
      *status = value.i;
    if (is(&key, "headers") && value.type == KAM_TAPE_TABLE)
      while (kam_tape_next(t, &inner, &key) && key.type != KAM_TAPE_END &&
             kam_tape_next(t, &inner, &value))
        if (is(&key, "sec-websocket-accept") && value.type == KAM_TAPE_BYTES &&
            value.len == ACCEPT)
          memcpy(accept, value.bytes, ACCEPT);
    kam_tape_skip(t, &at);
  }
}

/* The answer to our request; anything else is none. */
static int check_answer(struct web_socket_codec *w, struct kam_msg m)
{
  struct kam_tape *t = &w->tape;
  char wanted[ACCEPT + 1], accept[ACCEPT + 1] = "";
  int64_t status = 0;
  w->expects = false;
  kam_tape_clear(t);
  if (!kam_tape_of(host_of(w), m, t))
    look_at(t, &status, accept);
  if (status == 0)
    return kam_failf(&w->comp, "error[E0680]: no WebSocket: what came first is "
                               "no response");
  if (status != 101)
    return kam_failf(&w->comp,
                     "error[E0680]: no WebSocket: the server answers "
                     "with status %lld",
                     (long long)status);
  if (!accept_of(w->nonce, wanted) || strcmp(accept, wanted) != 0)
    return kam_failf(&w->comp, "error[E0680]: no WebSocket: what the server "
                               "answers does not fit what it was asked");
  return 0;
}

/* What a message holds, for a frame: a text, or the field binary. */
static const char *content(struct web_socket_codec *w, struct kam_msg m,
                           size_t *len, uint8_t *opcode)
{
  struct kam_tape_item key, value;
  const char *s = kam_msg_view(host_of(w), m, len);
  size_t at = 0;
  *opcode = WSLAY_TEXT_FRAME;
  if (s)
    return kam_utf8_valid(s, *len) ? s : NULL;
  kam_tape_clear(&w->tape);
  if (kam_tape_of(host_of(w), m, &w->tape) ||
      !kam_tape_next(&w->tape, &at, &key) || key.type != KAM_TAPE_TABLE ||
      !kam_tape_next(&w->tape, &at, &key) || key.type != KAM_TAPE_BYTES ||
      key.len != 6 || memcmp(key.bytes, "binary", 6) != 0 ||
      !kam_tape_next(&w->tape, &at, &value) || value.type != KAM_TAPE_BYTES)
    return NULL;
  *opcode = WSLAY_BINARY_FRAME;
  *len = value.len;
  return value.bytes;
}

static int frame(struct web_socket_codec *w, struct kam_msg m)
{
  struct wslay_event_msg msg = {0};
  const char *s = content(w, m, &msg.msg_length, &msg.opcode);
  int err = 0;
  msg.msg = (const uint8_t *)s;
  if (!s)
    err = kam_failf(&w->comp,
                    "a message is a text in UTF-8, or { binary = \"…\" }");
  else if (!w->closing && wslay_event_queue_msg(w->ws, &msg))
    err = KAM_ENOMEM;
  kam_msg_drop(host_of(w), m);
  return err;
}

static void write_refusal(struct web_socket_codec *w)
{
  unsigned char head[] = {0x88, w->client ? 0x82 : 2, 0, 0, 0, 0};
  unsigned char status[] = {(unsigned char)(w->refused >> 8),
                            (unsigned char)w->refused};
  w->told = true;
  kam_text_put(&w->out, head, w->client ? 6 : 2); /* a mask of zeros */
  kam_text_put(&w->out, status, 2);
}

/* Takes the frames that wslay has as one message, if there is room. */
static int load_frames(struct web_socket_codec *w)
{
  struct kam_bytes *b;
  if (w->lanes.m[0].tag != KAM_NOTHING || w->expects)
    return 0;
  if (w->refused && !w->told)
    write_refusal(w);
  else if (!w->refused && wslay_event_want_write(w->ws) &&
           wslay_event_send(w->ws))
    return KAM_ENOMEM;
  if (w->out.len == 0)
    return 0;
  b = kam_bytes_copy(kam_mem_of(&w->comp), w->out.s, w->out.len);
  if (!b)
    return KAM_ENOMEM;
  w->lanes.m[0] = kam_msg_bytes(b);
  w->out.len = 0;
  if (w->out.size > 4096)
    kam_text_fini(&w->out);
  return 0;
}

static void load_message(struct web_socket_codec *w)
{
  if (w->lanes.m[1].tag != KAM_NOTHING)
    return;
  if (w->at_got < w->n_got)
    w->lanes.m[1] = w->got[w->at_got++];
  else
    w->n_got = w->at_got = 0;
}

/* --- reading --- */

/* The length of a frame whose head is at s, n bytes of it: 0: more of it is
 * needed. */
static uint64_t frame_length(const unsigned char *s, size_t n)
{
  size_t size = n < 2 ? 0 : s[1] & 127, head, i;
  uint64_t payload = size;
  head = size == 127 ? 10 : size == 126 ? 4 : 2;
  if (n < head)
    return 0;
  if (head > 2)
    for (payload = 0, i = 2; i < head; i++)
      payload = payload << 8 | s[i];
  if (payload > INT64_MAX) /* none may be so long: wslay's to refuse */
    payload = INT64_MAX;
  return head + (s[1] & 128 ? 4 : 0) + payload;
}

/* One frame at a time: what wslay has to say of it is out before the next,
 * which may be one after which it says no more. */
static void allow_frame(struct web_socket_codec *w)
{
  struct kam_feed *f = &w->feed;
  size_t left = f->len - f->at, n = w->n_head;
  uint64_t length;
  if (w->frame == 0) {
    size_t more = left < HEAD - n ? left : HEAD - n;
    memcpy(w->head + n, f->data + f->at, more);
    length = frame_length(w->head, n + more);
    w->n_head = length ? 0 : n + more;
    w->frame = length ? length - n : more;
  }
  w->quota = left < w->frame ? left : (size_t)w->frame;
  w->frame -= w->quota;
}

/* What wslay says of a control frame depends on how it is cut, so that it gets
 * it whole. True: it is. */
static bool take_control(struct web_socket_codec *w)
{
  struct kam_feed *f = &w->feed;
  bool whole = false;
  while (f->at < f->len && !whole) {
    uint64_t length;
    w->control[w->n_control++] = f->data[f->at++];
    length = frame_length(w->control, w->n_control);
    /* one that is too long is wslay's to refuse */
    whole = length && (w->n_control >= length || length > CONTROL);
  }
  w->quota = whole;
  return whole;
}

static bool is_control(const struct web_socket_codec *w)
{
  const struct kam_feed *f = &w->feed;
  return w->n_control > 0 ||
         (w->frame == 0 && w->n_head == 0 && (f->data[f->at] & 8));
}

/* Lets wslay have what comes next. True: there is something for it. */
static bool allow(struct web_socket_codec *w)
{
  if (w->feed.at == w->feed.len)
    return false;
  if (is_control(w))
    return take_control(w);
  allow_frame(w);
  return true;
}

/* True: there was something to read. */
static bool read_on(struct web_socket_codec *w)
{
  struct kam_feed *f = &w->feed;
  if (f->at == f->len) {
    kam_feed_fini(&w->comp, f);
    if (!kam_take(&w->comp, KAM_INBOX, &f->msg))
      return false;
    if (w->expects) {
      if (check_answer(w, f->msg))
        w->failed = true;
      return true;
    }
    f->data = kam_msg_view(host_of(w), f->msg, &f->len);
    if (!f->data) {
      kam_failf(&w->comp, "what comes from a peer is bytes");
      w->failed = true;
      return true;
    }
  }
  w->pinged = false;
  if (!w->closing)
    w->deadline = 0;
  if (!allow(w))
    return true;
  if (wslay_event_recv(w->ws))
    refuse(w, WSLAY_CODE_PROTOCOL_ERROR);
  else if (wslay_event_want_write(w->ws) && wslay_event_send(w->ws))
    w->failed = true;
  w->n_control = w->at_control = 0;
  if (!wslay_event_want_read(w->ws) || w->refused)
    f->at = f->len;
  return true;
}

/* --- time --- */

static int wait(struct web_socket_codec *w)
{
  struct wslay_event_msg ping = {.opcode = WSLAY_PING};
  uint64_t now = kam_now(&w->comp);
  if (!w->deadline && w->ping > 0)
    w->deadline = now + (uint64_t)(w->ping * 1e9);
  if (!w->deadline)
    return KAM_PAUSE;
  if (now < w->deadline)
    return kam_alarm_armed(&w->comp) || !kam_alarm_set(&w->comp, w->deadline)
               ? KAM_PAUSE
               : KAM_ENOMEM;
  if (w->closing || w->pinged) /* nobody is there any more */
    return KAM_DONE;
  w->pinged = true;
  w->deadline = 0;
  kam_alarm_clear(&w->comp);
  return wslay_event_queue_msg(w->ws, &ping) ? KAM_ENOMEM : KAM_AGAIN;
}

/* --- */

/* Takes what is to be sent, while what was is gone. */
static int take_message(struct web_socket_codec *w)
{
  struct kam_component *c = &w->comp;
  struct kam_msg m;
  int err;
  if (w->lanes.m[0].tag != KAM_NOTHING || w->refused || w->expects)
    return KAM_PAUSE;
  if (kam_take(c, IN_SEND, &m)) {
    err = frame(w, m);
    return err < 0 ? err : KAM_AGAIN;
  }
  if (kam_over(c, IN_SEND) && (c->party.in[IN_SEND].port.flags & KAM_PORT_FED))
    end(w, WSLAY_CODE_NORMAL_CLOSURE, "");
  return wslay_event_want_write(w->ws) ? KAM_AGAIN : KAM_PAUSE;
}

static bool is_closed(const struct web_socket_codec *w)
{
  return w->told || (wslay_event_get_close_sent(w->ws) &&
                     !wslay_event_get_read_enabled(w->ws));
}

/* Is there room for what may be read? */
static bool can_read(const struct web_socket_codec *w)
{
  return w->lanes.m[1].tag == KAM_NOTHING && w->n_got == 0 && !w->refused &&
         w->out.len < ROOM;
}

static int one_step(struct web_socket_codec *w)
{
  struct kam_component *c = &w->comp;
  int r = w->greeted ? load_frames(w) : greet(w);
  bool idle;
  if (r < 0 || w->failed)
    return w->comp.failure ? KAM_EFAILED : KAM_ENOMEM;
  load_message(w);
  r = kam_lanes_send(c, &w->lanes);
  if (r != KAM_PAUSE)
    return r;
  idle = w->lanes.m[0].tag == KAM_NOTHING && w->lanes.m[1].tag == KAM_NOTHING &&
         !kam_is_held(c);
  if (idle && is_closed(w))
    return KAM_DONE;
  r = take_message(w);
  if (r != KAM_PAUSE)
    return r;
  if (can_read(w) && read_on(w))
    return KAM_AGAIN;
  if (!idle)
    return KAM_PAUSE;
  if (!kam_over(c, KAM_INBOX))
    return wait(w);
  if (w->closing)
    return KAM_DONE;
  end(w, WSLAY_CODE_GOING_AWAY,
      ""); /* the server ends, if it is not the peer */
  return KAM_AGAIN;
}

static int web_socket_codec_step(struct kam_component *c)
{
  struct web_socket_codec *w = (struct web_socket_codec *)c;
  int i, r = KAM_AGAIN;
  if (c->party.told == KAM_SHUTDOWN) {
    end(w, WSLAY_CODE_GOING_AWAY, "");
    if (!load_frames(w))
      kam_lanes_send(c, &w->lanes);
    return KAM_DONE;
  }
  for (i = 0; i < BATCH && r == KAM_AGAIN; i++)
    r = one_step(w);
  return r;
}

static int web_socket_codec_open(struct kam_component *c)
{
  static const struct wslay_event_callbacks callbacks = {
      .recv_callback = give,
      .send_callback = take,
      .genmask_callback = mask,
      .on_frame_recv_start_callback = on_frame,
      .on_msg_recv_callback = on_message};
  struct web_socket_codec *w = (struct web_socket_codec *)c;
  int err = w->client ? wslay_event_context_client_init(&w->ws, &callbacks, w)
                      : wslay_event_context_server_init(&w->ws, &callbacks, w);
  w->lanes.out[0] = KAM_OUTBOX;
  w->lanes.out[1] = OUT_MESSAGE;
  kam_text_init(&w->out, kam_mem_of(c));
  kam_tape_init(&w->tape);
  if (err)
    return KAM_ENOMEM;
  wslay_event_config_set_max_recv_msg_length(w->ws, (uint64_t)w->message);
  return 0;
}

static void web_socket_codec_close(struct kam_component *c)
{
  struct web_socket_codec *w = (struct web_socket_codec *)c;
  for (; w->at_got < w->n_got; w->at_got++)
    kam_msg_drop(host_of(w), w->got[w->at_got]);
  kam_mem_free(kam_mem_of(c), w->got, w->size_got * sizeof *w->got);
  kam_lanes_fini(c, &w->lanes);
  kam_feed_fini(c, &w->feed);
  kam_text_fini(&w->out);
  kam_tape_fini(&w->tape);
  if (w->ws)
    wslay_event_context_free(w->ws);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "bytes from the peer, in any cut; with `target`, the answer first"},
    {.name = "send", .doc = "texts for the peer, and { binary = \"…\" }"},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "bytes for the peer; with `key`, its answer first, with `target` "
            "our request"},
    {.name = "message", .doc = "texts from the peer, and { binary = \"…\" }"},
    {0}};

static const struct kam_option_spec options[] = {
    KAM_TEXT(struct web_socket_codec, key, "",
             "the Sec-WebSocket-Key of a request, which is answered first"),
    KAM_TEXT(struct web_socket_codec, target, "",
             "the path and query that a client asks for first, as a request of "
             "HTTPClientSession, to whose response it waits"),
    KAM_VALUE(struct web_socket_codec, headers,
              "more headers of that request, as { Cookie = \"…\" }"),
    KAM_FLAG(struct web_socket_codec, client, false,
             "it is the client's side: what it sends is masked"),
    KAM_INT(struct web_socket_codec, message, 4 << 20, 1, 1e12,
            "bytes that a message may have"),
    KAM_INT(struct web_socket_codec, fragments, 1024, 1, 1e12,
            "frames that a message may come in"),
    {.name = "ping",
     .doc = "seconds of silence after which the peer is asked whether it "
            "lives, and in which it must answer; 0: never",
     .type = KAM_OPTION_NUMBER,
     .offset = offsetof(struct web_socket_codec, ping),
     .fallback = {.type = KAM_OPTION_NUMBER, .n = 30},
     .max = 1e6},
    {.name = "closeTime",
     .doc = "seconds that the peer may take to answer a close",
     .type = KAM_OPTION_NUMBER,
     .offset = offsetof(struct web_socket_codec, close_time),
     .fallback = {.type = KAM_OPTION_NUMBER, .n = 2},
     .max = 1e6},
    {0}};

KAM_COMPONENT(web_socket_codec) = {
    .name = "WebSocketCodec",
    .family = "websocket",
    .summary = "Turns bytes into the messages of a WebSocket, and back.",
    .doc = "Texts are strings, in UTF-8; other messages are tables with the "
           "field `binary`. Pings are answered. Frames that break the protocol "
           "close the WebSocket with the status that RFC 6455 gives; so do "
           "messages that are too long, or in too many parts. When the inbox "
           "`send` has ended, the WebSocket is closed in order.",
    .ends = "When both sides have closed, or when its inbox has ended.",
    .example = "kam.Graphline {\n"
               "  A = kam.DataSource { \"hello\", { binary = \"\\0\\1\" } },\n"
               "  CLIENT = kam.WebSocketCodec { client = true },\n"
               "  SERVER = kam.WebSocketCodec(),\n"
               "  B = kam.each(function(m) print(kam.show(m)) end),\n"
               "  linkages = { \"A -> CLIENT.send\", \"CLIENT -> SERVER\", "
               "\"SERVER -> CLIENT\",\n"
               "    \"SERVER.message -> B\" },\n"
               "}:run()\n"
               "--> hello\n"
               "--> { binary = \"\\x00\\x01\" }\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct web_socket_codec),
    .ends_early = true,
    .duplex = true,
    .open = web_socket_codec_open,
    .step = web_socket_codec_step,
    .close = web_socket_codec_close,
};
