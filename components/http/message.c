/* message: HTTP/1.1 requests and responses, read by llhttp. */
#include "components/http/message.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { IDLE_TEXT = 2048 /* bytes that are kept between two messages */ };

static struct kam_http *of(llhttp_t *p)
{
  return (struct kam_http *)(void *)p;
}

static int refuse(struct kam_http *h, int status, const char *why)
{
  if (!h->refused) {
    h->refused = status;
    h->why = why;
  }
  return HPE_USER;
}

/* --- what is no body --- */

static int too_long(struct kam_http *h)
{
  if (h->in_first)
    return h->line > KAM_HTTP_TARGET + 64 ? 414 : 0;
  if (h->line > KAM_HTTP_LINE || h->head > KAM_HTTP_HEAD)
    return h->in_head ? 431 : 400;
  return 0;
}

static void end_line(struct kam_http *h)
{
  if (h->line > 2) {
    h->in_first = false;
  } else if (!h->in_first && h->in_head) {
    h->in_head = false;
    h->head = 0;
  }
  h->line = 0;
}

/* Looks at lines up to end. 0, or what they are refused with. */
static int look(struct kam_http *h, const char *end)
{
  const char *s;
  for (s = h->cursor; s < end; s++) {
    unsigned char ch = (unsigned char)*s;
    if ((ch == '\n') != (h->last == '\r'))
      return refuse(h, 400, "a line does not end with CR LF");
    if (ch == '\0')
      return refuse(h, 400, "a zero byte");
    if (h->line == 0 && (ch == ' ' || ch == '\t'))
      return refuse(h, 400, "a line that begins with a blank");
    h->last = ch;
    h->head++;
    h->line++;
    if (too_long(h))
      return refuse(h, too_long(h), "too long a line, or too many");
    if (ch == '\n')
      end_line(h);
  }
  h->cursor = end;
  return 0;
}

int kam_http_bound(struct kam_http *h, uint64_t max_body)
{
  h->max_body = max_body;
  if (h->streams || !(h->p.flags & F_CONTENT_LENGTH) ||
      h->p.content_length <= max_body)
    return 0;
  refuse(h, 413, "too long a body");
  return h->refused;
}

/* --- what llhttp tells --- */

static int add(struct kam_http *h, struct kam_http_span *span, const char *s,
               size_t n)
{
  if (h->text.len + n > KAM_HTTP_TARGET + KAM_HTTP_HEAD)
    return refuse(h, h->n ? 431 : 414, "too long a line, or too many");
  kam_text_put(&h->text, s, n);
  span->len = (uint16_t)(span->len + n);
  return h->text.failed ? HPE_USER : 0;
}

static int on_begin(llhttp_t *p)
{
  of(p)->begun = true;
  return 0;
}

static int on_target(llhttp_t *p, const char *s, size_t n)
{
  return add(of(p), &of(p)->target, s, n);
}

static int on_reason(llhttp_t *p, const char *s, size_t n)
{
  return add(of(p), &of(p)->reason, s, n);
}

static int on_name(llhttp_t *p, const char *s, size_t n)
{
  struct kam_http *h = of(p);
  if (h->has_head) /* behind the body */
    return 0;
  if (h->n == 0 || h->in_value) {
    if (h->n == KAM_HTTP_HEADERS)
      return refuse(h, 431, "too many headers");
    h->name[h->n] = h->value[h->n] =
        (struct kam_http_span){.at = (uint16_t)h->text.len};
    h->n++;
    h->in_value = false;
  }
  return add(h, &h->name[h->n - 1], s, n);
}

static int on_value(llhttp_t *p, const char *s, size_t n)
{
  struct kam_http *h = of(p);
  if (h->has_head)
    return 0;
  if (!h->in_value)
    h->value[h->n - 1].at = (uint16_t)h->text.len;
  h->in_value = true;
  return add(h, &h->value[h->n - 1], s, n);
}

/* A header without a value is told by no bytes at all. */
static int on_value_complete(llhttp_t *p)
{
  struct kam_http *h = of(p);
  if (!h->has_head && h->name[h->n - 1].len == 0)
    return refuse(h, 400, "a header without a name");
  return on_value(p, "", 0);
}

static unsigned count(const struct kam_http *h, const char *name)
{
  unsigned i, n = 0;
  for (i = 0; i < h->n; i++)
    n += h->name[i].len == strlen(name) &&
         strncasecmp(h->text.s + h->name[i].at, name, h->name[i].len) == 0;
  return n;
}

/* RFC 9112 3.2 and 6.1, and what else makes two readers disagree. */
static int check_request(struct kam_http *h)
{
  unsigned hosts = count(h, "host");
  const char *expect;
  size_t len;
  if (h->p.method == HTTP_CONNECT)
    return refuse(h, 501, "a method that is not known");
  if (h->p.http_major != 1 || h->p.http_minor > 1)
    return refuse(h, 505, "another version than HTTP/1.1");
  if (hosts > 1 || (hosts == 0 && h->p.http_minor == 1))
    return refuse(h, 400, "not exactly one Host");
  if (count(h, "transfer-encoding") &&
      (h->p.http_minor == 0 || count(h, "content-length") ||
       !(h->p.flags & F_CHUNKED)))
    return refuse(h, 400, "a length that can be read in two ways");
  if (count(h, "transfer-encoding") > 1 || count(h, "content-length") > 1)
    return refuse(h, 400, "a length that can be read in two ways");
  expect = kam_http_header(h, "expect", &len);
  if (expect && (len != 12 || strncasecmp(expect, "100-continue", 12) != 0))
    return refuse(h, 417, "an expectation that is not known");
  h->expects = expect && h->p.http_minor == 1;
  return 0;
}

static bool has_no_body(const struct kam_http *h)
{
  int status = h->p.status_code;
  return h->to_head || (h->to_connect && status / 100 == 2) ||
         status / 100 == 1 || status == 204 || status == 304;
}

static bool is_only_chunked(const struct kam_http *h)
{
  size_t len;
  const char *value = kam_http_header(h, "transfer-encoding", &len);
  return value && len == 7 && strncasecmp(value, "chunked", 7) == 0;
}

/* RFC 9112 6.1 and 6.3, and stricter where two readers may disagree. */
static int check_response(struct kam_http *h)
{
  int status = h->p.status_code;
  unsigned lengths = count(h, "content-length");
  unsigned codings = count(h, "transfer-encoding");
  if (h->p.http_major != 1 || h->p.http_minor > 1)
    return refuse(h, 502, "another version than HTTP/1.1");
  if (status < 100 || status > 599)
    return refuse(h, 502, "a status that is none");
  if (h->to_connect && status / 100 == 2) /* RFC 9110 9.3.6 */
    return 0;
  if (codings &&
      (h->p.http_minor == 0 || lengths || codings > 1 || !is_only_chunked(h)))
    return refuse(h, 502, "a length that can be read in two ways");
  if (lengths > 1)
    return refuse(h, 502, "a length that can be read in two ways");
  if ((status / 100 == 1 || status == 204) &&
      (codings || (lengths && h->p.content_length > 0)))
    return refuse(h, 502, "a body where there can be none");
  return 0;
}

static int on_head(llhttp_t *p)
{
  struct kam_http *h = of(p);
  bool answers = p->type == HTTP_RESPONSE;
  int err = answers ? check_response(h) : check_request(h);
  h->has_head = true;
  h->upgrades = p->upgrade;
  p->upgrade = 0; /* the connection goes on unless both want it */
  if (err || (answers && has_no_body(h)))
    return err ? err : 1;
  if (h->stops_at_body && ((p->flags & F_CHUNKED) || p->content_length)) {
    h->at_body = true;
    return HPE_PAUSED;
  }
  return kam_http_bound(h, h->max_body) ? HPE_USER : 0;
}

static int on_body(llhttp_t *p, const char *s, size_t n)
{
  struct kam_http *h = of(p);
  if (look(h, s))
    return HPE_USER;
  h->cursor = s + n;
  h->line = h->head = 0;
  h->received += n;
  if (h->streams && n) { /* a span goes on, with none, where it was left */
    h->piece = s;
    h->piece_len = n;
    return HPE_PAUSED;
  }
  if (h->streams)
    return 0;
  if (h->received > h->max_body)
    return refuse(h, 413, "too long a body");
  kam_text_put(&h->body, s, n);
  return h->body.failed ? HPE_USER : 0;
}

static int on_complete(llhttp_t *p)
{
  (void)p;
  return HPE_PAUSED;
}

/* --- */

static void init(struct kam_http *h, struct kam_mem *mem, llhttp_type_t type)
{
  static const llhttp_settings_t settings = {
      .on_message_begin = on_begin,
      .on_url = on_target,
      .on_status = on_reason,
      .on_header_field = on_name,
      .on_header_value = on_value,
      .on_header_value_complete = on_value_complete,
      .on_headers_complete = on_head,
      .on_body = on_body,
      .on_message_complete = on_complete,
  };
  kam_text_init(&h->text, mem);
  kam_text_init(&h->body, mem);
  llhttp_init(&h->p, type, &settings);
  kam_http_next(h);
}

void kam_http_init(struct kam_http *h, struct kam_mem *mem)
{
  init(h, mem, HTTP_REQUEST);
}

void kam_http_init_responses(struct kam_http *h, struct kam_mem *mem)
{
  init(h, mem, HTTP_RESPONSE);
}

void kam_http_fini(struct kam_http *h)
{
  kam_text_fini(&h->text);
  kam_text_fini(&h->body);
}

static void empty(struct kam_text *t)
{
  if (t->size > IDLE_TEXT)
    kam_text_fini(t);
  t->len = 0;
}

void kam_http_next(struct kam_http *h)
{
  empty(&h->text);
  empty(&h->body);
  h->target = h->reason = (struct kam_http_span){0};
  h->n = 0;
  h->received = 0;
  h->line = h->head = 0;
  h->last = 0;
  h->begun = h->has_head = h->in_value = h->expects = h->upgrades = false;
  h->in_first = h->in_head = true;
}

int kam_http_read(struct kam_http *h, const char *data, size_t len,
                  size_t *used)
{
  enum llhttp_errno err;
  h->cursor = data;
  h->piece = NULL;
  h->at_body = false;
  if (llhttp_get_errno(&h->p) == HPE_PAUSED)
    llhttp_resume(&h->p);
  err = llhttp_execute(&h->p, data, len);
  if (err == HPE_PAUSED)
    len = (size_t)(llhttp_get_error_pos(&h->p) - data);
  *used = len;
  if (h->text.failed || h->body.failed)
    return KAM_HTTP_NOMEM;
  if (err != HPE_OK && err != HPE_PAUSED)
    refuse(h, err == HPE_INVALID_VERSION ? 505 : 400,
           llhttp_get_error_reason(&h->p));
  else
    look(h, data + len);
  if (h->refused)
    return h->refused;
  if (h->at_body)
    return KAM_HTTP_BODY;
  if (err == HPE_PAUSED)
    return h->piece ? KAM_HTTP_PIECE : KAM_HTTP_WHOLE;
  return KAM_HTTP_MORE;
}

bool kam_http_ends(const struct kam_http *h)
{
  return h->has_head && llhttp_message_needs_eof(&h->p);
}

bool kam_http_goes_on(const struct kam_http *h)
{
  return llhttp_should_keep_alive(&h->p);
}

const char *kam_http_header(const struct kam_http *h, const char *name,
                            size_t *len)
{
  size_t n = strlen(name);
  unsigned i;
  for (i = 0; i < h->n; i++)
    if (h->name[i].len == n &&
        strncasecmp(h->text.s + h->name[i].at, name, n) == 0) {
      *len = h->value[i].len;
      return h->text.s + h->value[i].at;
    }
  return NULL;
}

static bool is_named_as(const struct kam_http *h, unsigned i, unsigned other)
{
  return h->name[i].len == h->name[other].len &&
         strncasecmp(h->text.s + h->name[i].at, h->text.s + h->name[other].at,
                     h->name[i].len) == 0;
}

static bool is_repeated(const struct kam_http *h, unsigned i)
{
  unsigned k;
  for (k = 0; k < i; k++)
    if (is_named_as(h, k, i))
      return true;
  return false;
}

static void write_name(const struct kam_http *h, unsigned i, struct kam_tape *t)
{
  char small[256];
  size_t k, n = h->name[i].len;
  for (k = 0; k < n && k < sizeof small; k++)
    small[k] = (char)tolower((unsigned char)h->text.s[h->name[i].at + k]);
  kam_tape_bytes(t, small, k);
}

/* RFC 6265 3 says which ones are not to be joined. */
static void write_list(const struct kam_http *h, unsigned i, struct kam_tape *t)
{
  unsigned k;
  kam_tape_list(t);
  for (k = i; k < h->n; k++)
    if (is_named_as(h, k, i))
      kam_tape_bytes(t, h->text.s + h->value[k].at, h->value[k].len);
  kam_tape_end(t);
}

static bool is_cookie(const struct kam_http *h, unsigned i)
{
  return h->name[i].len == 10 &&
         strncasecmp(h->text.s + h->name[i].at, "set-cookie", 10) == 0;
}

/* The value of header i, and those of later ones with its name. */
static void write_values(const struct kam_http *h, unsigned i,
                         struct kam_tape *t)
{
  struct kam_text all;
  unsigned k;
  kam_text_init(&all, h->text.mem);
  for (k = i; k < h->n; k++) {
    if (!is_named_as(h, k, i))
      continue;
    if (k > i)
      kam_text_puts(&all, ", ");
    kam_text_put(&all, h->text.s + h->value[k].at, h->value[k].len);
  }
  kam_tape_bytes(t, all.s, all.len);
  kam_text_fini(&all);
}

void kam_http_headers(const struct kam_http *h, struct kam_tape *t)
{
  unsigned i;
  kam_tape_table(t);
  for (i = 0; i < h->n; i++) {
    if (is_repeated(h, i))
      continue;
    write_name(h, i, t);
    if (is_cookie(h, i))
      write_list(h, i, t);
    else
      write_values(h, i, t);
  }
  kam_tape_end(t);
}
