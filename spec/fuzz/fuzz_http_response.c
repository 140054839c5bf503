/* fuzz_http_response: what is read of HTTP responses, and what is refused, does
 * not depend on how the bytes are cut, nor on whether bodies come in pieces.
 * The first byte says what the responses answer. */
#include "components/http/message.h"
#include "spec/fuzz/harness.h"

#include <stdlib.h>
#include <string.h>

enum { BODY = 1000 };

/* One after the other, what was understood; and how it ended. */
struct reading {
  struct kam_mem mem;
  struct kam_http http;
  struct kam_text all, body;
  struct kam_tape tape;
  bool over;
};

static void note(struct reading *r)
{
  struct kam_http *h = &r->http;
  struct kam_text *body = h->streams ? &r->body : &h->body;
  kam_tape_clear(&r->tape);
  kam_http_headers(h, &r->tape);
  kam_text_put(&r->all, r->tape.data, r->tape.len);
  if (h->reason.len)
    kam_text_put(&r->all, h->text.s + h->reason.at, h->reason.len);
  kam_text_put(&r->all, body->s, body->len);
  kam_text_printf(&r->all, "|%d %d %d|", h->p.status_code, h->p.http_minor,
                  kam_http_goes_on(h));
  if (h->received != body->len)
    abort();
  r->over = !kam_http_goes_on(h);
  r->body.len = 0;
  kam_http_next(h);
}

/* A piece lies in memory of its own, so that reading behind it is seen. */
static void read_piece(struct reading *r, const unsigned char *bytes,
                       size_t len)
{
  char *piece = malloc(len + (len == 0));
  size_t at = 0, used = 0;
  int got = KAM_HTTP_MORE;
  memcpy(piece, bytes, len);
  while ((at < len || got == KAM_HTTP_PIECE) && !r->over) {
    got = kam_http_read(&r->http, piece + at, len - at, &used);
    at += used;
    if (got == KAM_HTTP_PIECE) {
      if (r->http.piece < piece ||
          r->http.piece + r->http.piece_len > piece + len)
        abort();
      kam_text_put(&r->body, r->http.piece, r->http.piece_len);
    } else if (got == KAM_HTTP_WHOLE) {
      note(r);
    } else if (got != KAM_HTTP_MORE) {
      r->over = true;
      kam_text_puts(&r->all, "refused");
    }
  }
  free(piece);
}

static void begin(struct reading *r, unsigned char how, bool streams)
{
  memset(r, 0, sizeof *r);
  kam_mem_init(&r->mem);
  kam_http_init_responses(&r->http, &r->mem);
  r->http.max_body = BODY;
  r->http.to_head = how & 1;
  r->http.to_connect = how & 2;
  r->http.streams = streams;
  kam_text_init(&r->all, &r->mem);
  kam_text_init(&r->body, &r->mem);
  kam_tape_init(&r->tape);
}

static void finish(struct reading *r)
{
  if (!r->over && kam_http_ends(&r->http))
    note(r);
}

static void end(struct reading *r)
{
  kam_http_fini(&r->http);
  kam_text_fini(&r->all);
  kam_text_fini(&r->body);
  kam_tape_fini(&r->tape);
  kam_mem_fini(&r->mem);
}

static void compare(const struct reading *a, const struct reading *b)
{
  if (a->all.len != b->all.len ||
      (a->all.len && memcmp(a->all.s, b->all.s, a->all.len) != 0))
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  struct reading whole, cut, streamed;
  size_t at, i, n;
  if (in.len == 0)
    return 0;
  begin(&whole, in.bytes[0], in.bytes[0] & 4);
  begin(&cut, in.bytes[0], in.bytes[0] & 4);
  begin(&streamed, in.bytes[0], true);
  read_piece(&whole, in.bytes + 1, in.len - 1);
  for (i = 0, at = 1; at < in.len; i++, at += n) {
    n = piece_len(in.cuts, in.n_cuts, i, in.len - at);
    read_piece(&cut, in.bytes + at, n);
    read_piece(&streamed, in.bytes + at, n);
  }
  finish(&whole);
  finish(&cut);
  finish(&streamed);
  compare(&whole, &cut);
  if (whole.http.refused != 413) /* too long a body, if it is not streamed */
    compare(&whole, &streamed);
  end(&whole);
  end(&cut);
  end(&streamed);
  return 0;
}
