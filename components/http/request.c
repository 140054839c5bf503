/* request: requests as components give them, written as HTTP/1.1. */
#include "components/http/request.h"

#include "components/http/field.h"
#include "core/err.h"

#include <string.h>
#include <strings.h>

enum { METHOD = 32, TARGET = 8 << 10 /* bytes */ };

/* What a table said, before it is written. */
struct draft {
  struct kam_http_request *r;
  const struct kam_tape *t;
  struct kam_text *out;
  size_t headers; /* where they begin in the tape; 0: there are none */
  struct kam_tape_item method, target, type;
  int64_t length; /* as its headers say it, or -1 */
  unsigned hosts;
  bool has_type;
};

static int fail(struct draft *d, const char *why)
{
  d->r->why = why;
  return KAM_EFAILED;
}

/* --- what the table says --- */

/* A flag, or a text, into its place. */
static int read_bool(struct draft *d, const struct kam_tape_item *item,
                     bool *to, const char *why)
{
  *to = item->b;
  return item->type == KAM_TAPE_BOOL ? 0 : fail(d, why);
}

static int read_text(struct draft *d, const struct kam_tape_item *item,
                     struct kam_tape_item *to, const char *why)
{
  *to = *item;
  return item->type == KAM_TAPE_BYTES ? 0 : fail(d, why);
}

static int read_field(struct draft *d, const struct kam_tape_item *key,
                      size_t *at)
{
  struct kam_tape_item item, body;
  size_t begin = *at;
  int err;
  kam_tape_next(d->t, at, &item);
  if (kam_http_is(key, "method"))
    return read_text(d, &item, &d->method, "method is a string");
  if (kam_http_is(key, "target"))
    return read_text(d, &item, &d->target, "target is a string");
  if (kam_http_is(key, "type"))
    return read_text(d, &item, &d->type, "type is a string");
  if (kam_http_is(key, "more"))
    return read_bool(d, &item, &d->r->more, "more is true or false");
  if (kam_http_is(key, "stream"))
    return read_bool(d, &item, &d->r->streams, "stream is true or false");
  if (kam_http_is(key, "body")) {
    err = read_text(d, &item, &body, "body is a string");
    d->r->body = body.bytes;
    d->r->body_len = body.len;
    return err;
  }
  if (!kam_http_is(key, "headers"))
    return fail(d, "its fields are method, target, type, headers, body, more "
                   "and stream");
  if (item.type != KAM_TAPE_TABLE && item.type != KAM_TAPE_LIST)
    return fail(d, "headers is a table of names and values");
  d->headers = item.type == KAM_TAPE_TABLE ? *at : 0;
  *at = begin;
  kam_tape_skip(d->t, at);
  return 0;
}

static int read(struct draft *d)
{
  struct kam_tape_item item;
  size_t at = 0;
  int err = 0;
  kam_tape_next(d->t, &at, &item);
  if (item.type == KAM_TAPE_LIST) { /* an empty table is one too */
    kam_tape_next(d->t, &at, &item);
    return item.type == KAM_TAPE_END ? 0 : fail(d, "it is a list");
  }
  if (item.type != KAM_TAPE_TABLE)
    return fail(d, "it is no table");
  while (!err && kam_tape_next(d->t, &at, &item) && item.type != KAM_TAPE_END)
    err = read_field(d, &item, &at);
  return err;
}

int kam_http_request_read(struct kam_http_request *r, const struct kam_tape *t)
{
  struct draft d = {.r = r, .t = t};
  *r = (struct kam_http_request){0};
  return read(&d);
}

/* --- what is written --- */

/* What lies between blanks in the first line: RFC 3986 has no blank, control or
 * letter beyond ASCII, and what is behind # is never sent. */
static bool is_target(const struct kam_tape_item *t)
{
  size_t i;
  for (i = 0; i < t->len; i++)
    if ((unsigned char)t->bytes[i] <= 0x20 ||
        (unsigned char)t->bytes[i] >= 0x7f || t->bytes[i] == '#')
      return false;
  return t->len > 0 && t->len <= TARGET;
}

static int write_line(struct draft *d)
{
  struct kam_tape_item *m = &d->method;
  const struct kam_tape_item *t = &d->target;
  if (!m->bytes)
    *m = (struct kam_tape_item){KAM_TAPE_BYTES, .bytes = "GET", .len = 3};
  if (!t->bytes)
    return fail(d, "it has no target");
  if (m->len > METHOD || !kam_http_is_token(m->bytes, m->len))
    return fail(d, "method is one word of at most 32 letters");
  if (!is_target(t))
    return fail(d, "target has no blanks, no controls, no #, and at most 8 KiB "
                   "of ASCII");
  d->r->head = m->len == 4 && memcmp(m->bytes, "HEAD", 4) == 0;
  d->r->connects = m->len == 7 && memcmp(m->bytes, "CONNECT", 7) == 0;
  kam_text_put(d->out, m->bytes, m->len);
  kam_text_puts(d->out, " ");
  kam_text_put(d->out, t->bytes, t->len);
  kam_text_puts(d->out, " HTTP/1.1\r\n");
  return 0;
}

/* A number of bytes: an integer, or its digits; -1 if it is none. */
static int64_t length_of(const struct kam_tape_item *value)
{
  int64_t n = 0;
  size_t i;
  if (value->type == KAM_TAPE_INT)
    return value->i;
  if (value->type != KAM_TAPE_BYTES || value->len == 0 || value->len > 15)
    return -1;
  for (i = 0; i < value->len; i++) {
    if (value->bytes[i] < '0' || value->bytes[i] > '9')
      return -1;
    n = n * 10 + (value->bytes[i] - '0');
  }
  return n;
}

/* Notes headers that say how the request is to be sent; true: it is not written
 * as it is. */
static bool is_ours(struct draft *d, const struct kam_tape_item *name,
                    const struct kam_tape_item *value, const char **why)
{
  if (kam_http_is(name, "transfer-encoding"))
    *why = "transfer-encoding is not given: a body in pieces is sent in chunks";
  if (kam_http_is(name, "content-length")) {
    d->length = length_of(value);
    if (d->length < 0)
      *why = "content-length is a number of bytes";
    return true;
  }
  d->hosts += kam_http_is(name, "host");
  d->has_type |= kam_http_is(name, "content-type");
  d->r->upgrades |= kam_http_is(name, "upgrade");
  d->r->closes |=
      kam_http_is(name, "connection") && kam_http_is(value, "close");
  d->r->expects |=
      kam_http_is(name, "expect") && kam_http_is(value, "100-continue");
  return false;
}

static int write_header(void *ctx, const struct kam_tape_item *name,
                        const struct kam_tape_item *value)
{
  struct draft *d = ctx;
  const char *why = kam_http_field_name(name);
  bool ours = !why && is_ours(d, name, value, &why);
  if (!why && !ours)
    why = kam_http_field_put(d->out, name, value);
  return why ? fail(d, why) : 0;
}

static bool names_host(struct draft *d)
{
  struct kam_tape_item name;
  size_t at = d->headers;
  while (at && kam_tape_next(d->t, &at, &name) && name.type != KAM_TAPE_END) {
    if (kam_http_is(&name, "host"))
      return true;
    kam_tape_skip(d->t, &at);
  }
  return false;
}

/* RFC 9110 7.2: it stands first, if it is ours. */
static int write_host(struct draft *d, const char *host)
{
  if (!*host || names_host(d))
    return 0;
  if (!kam_http_is_value(host, strlen(host)))
    return fail(d, "host is one line of text");
  kam_text_puts(d->out, "Host: ");
  kam_text_puts(d->out, host);
  kam_text_puts(d->out, "\r\n");
  d->hosts = 1;
  return 0;
}

static int write_type(struct draft *d)
{
  if (!d->type.bytes || d->has_type)
    return 0;
  if (!kam_http_is_value(d->type.bytes, d->type.len))
    return fail(d, "type is one line of text");
  kam_text_puts(d->out, "Content-Type: ");
  kam_text_put(d->out, d->type.bytes, d->type.len);
  kam_text_puts(d->out, "\r\n");
  return 0;
}

/* Requests without a body say so only if their method would make one expect it
 * (RFC 9110 8.6). */
static int write_framing(struct draft *d)
{
  struct kam_http_request *r = d->r;
  bool may_not = d->method.len == 3 && memcmp(d->method.bytes, "GET", 3) == 0;
  if (r->more && d->length < 0) {
    r->framing = KAM_HTTP_CHUNKS;
    kam_text_puts(d->out, "Transfer-Encoding: chunked\r\n");
    return 0;
  }
  if (!r->more && d->length >= 0 && (uint64_t)d->length != r->body_len)
    return fail(d, "content-length is not that of its body");
  r->left = r->more ? (uint64_t)d->length : r->body_len;
  r->framing = KAM_HTTP_LENGTH;
  if (r->left || r->more || !(may_not || r->head || r->connects))
    kam_text_printf(d->out, "Content-Length: %llu\r\n",
                    (unsigned long long)r->left);
  else
    r->framing = KAM_HTTP_NO_BODY;
  return 0;
}

int kam_http_request_write(struct kam_http_request *r, const struct kam_tape *t,
                           const char *host, struct kam_text *out)
{
  struct draft d = {.r = r, .t = t, .out = out, .length = -1};
  int err;
  *r = (struct kam_http_request){0};
  err = read(&d);
  err = err ? err : write_line(&d);
  err = err ? err : write_host(&d, host);
  err = err ? err : kam_http_each_field(d.t, d.headers, write_header, &d);
  err = err ? err : write_type(&d);
  err = err ? err : write_framing(&d);
  if (err)
    return err;
  if (d.hosts != 1)
    return fail(&d, "it has not exactly one Host");
  if (r->connects && (r->more || r->body_len))
    return fail(&d, "CONNECT has no body");
  r->expects = r->expects && (r->more || r->body_len);
  kam_text_puts(out, "\r\n");
  return 0;
}
