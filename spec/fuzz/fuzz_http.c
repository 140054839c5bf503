/* fuzz_http: what is read of HTTP requests, and what is refused, does not
 * depend on how the bytes are cut. */
#include "components/http/access.h"
#include "components/http/encode.h"
#include "components/http/message.h"
#include "components/http/target.h"
#include "spec/fuzz/harness.h"

#include <stdlib.h>
#include <string.h>

enum { BODY = 1000 };

/* One after the other, what was understood; and how it ended. */
struct reading {
  struct kam_mem mem;
  struct kam_http http;
  struct kam_text all, room;
  struct kam_tape tape;
  bool refused;
};

/* A line of the log has nothing in it that is no text; what an Accept-Encoding
 * says depends on nothing but its bytes. */
static void note_headers(struct reading *r)
{
  struct kam_http *h = &r->http;
  struct kam_text line;
  size_t i;
  kam_text_init(&line, &r->mem);
  kam_http_access(h, "peer", 200, 0, &line);
  for (i = 0; i < line.len; i++)
    if (line.s[i] < ' ' || line.s[i] > '~')
      abort();
  kam_text_fini(&line);
  for (i = 0; i < h->n; i++) {
    const char *s = h->text.s + h->value[i].at;
    kam_text_printf(&r->all, "%d%d", kam_http_accepts(s, h->value[i].len),
                    kam_http_compresses(s, h->value[i].len));
  }
}

static void note(struct reading *r)
{
  struct kam_http *h = &r->http;
  kam_tape_clear(&r->tape);
  kam_tape_table(&r->tape);
  if (!kam_http_target(h->text.s + h->target.at, h->target.len, &r->room,
                       &r->tape))
    kam_tape_clear(&r->tape);
  kam_text_put(&r->all, r->tape.data, r->tape.len);
  kam_tape_clear(&r->tape);
  kam_http_headers(h, &r->tape);
  kam_text_put(&r->all, r->tape.data, r->tape.len);
  kam_text_put(&r->all, h->body.s, h->body.len);
  note_headers(r);
  kam_text_printf(&r->all, "|%d %d %d|", h->p.method, h->p.http_minor,
                  llhttp_should_keep_alive(&h->p));
}

/* A piece lies in memory of its own, so that reading behind it is seen. */
static void read_piece(struct reading *r, const unsigned char *bytes,
                       size_t len)
{
  char *piece = malloc(len + (len == 0));
  size_t at = 0, used = 0;
  memcpy(piece, bytes, len);
  while (at < len && !r->refused) {
    int got = kam_http_read(&r->http, piece + at, len - at, &used);
    at += used;
    if (got == KAM_HTTP_WHOLE) {
      bool more = llhttp_should_keep_alive(&r->http.p);
      note(r);
      kam_http_next(&r->http);
      r->refused = !more;
    } else if (got != KAM_HTTP_MORE) {
      r->refused = true;
      kam_text_puts(&r->all, "refused");
    }
  }
  free(piece);
}

static void begin(struct reading *r)
{
  memset(r, 0, sizeof *r);
  kam_mem_init(&r->mem);
  kam_http_init(&r->http, &r->mem);
  r->http.max_body = BODY;
  kam_text_init(&r->all, &r->mem);
  kam_text_init(&r->room, &r->mem);
  kam_tape_init(&r->tape);
}

static void end(struct reading *r)
{
  kam_http_fini(&r->http);
  kam_text_fini(&r->all);
  kam_text_fini(&r->room);
  kam_tape_fini(&r->tape);
  kam_mem_fini(&r->mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  struct reading whole, cut;
  size_t at = 0, i, n;
  begin(&whole);
  begin(&cut);
  read_piece(&whole, in.bytes, in.len);
  for (i = 0; at < in.len; i++, at += n) {
    n = piece_len(in.cuts, in.n_cuts, i, in.len - at);
    read_piece(&cut, in.bytes + at, n);
  }
  if (whole.all.len != cut.all.len ||
      (whole.all.len && memcmp(whole.all.s, cut.all.s, whole.all.len) != 0))
    abort();
  end(&whole);
  end(&cut);
  return 0;
}
