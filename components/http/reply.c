/* reply: responses as components give them, written as HTTP/1.1. */
#include "components/http/reply.h"

#include "components/http/field.h"
#include "core/err.h"

#include <ctype.h>
#include <llhttp.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* What a table said, before it is written. */
struct draft {
  struct kam_http_reply *r;
  const struct kam_tape *t;
  struct kam_http_terms *terms;
  struct kam_text *out;
  size_t headers; /* where they begin in the tape; 0: there are none */
  const char *type;
  size_t type_len;
  bool has_type, has_date, has_length;
  bool varies;                /* the body depends on Accept-Encoding */
  struct kam_http_fixed page; /* what stands for the body of an error */
};

static const char *name_of(int status)
{
  switch (status) {
#define NAME(number_, name_, text_)                                            \
  case number_:                                                                \
    return #text_;
    HTTP_STATUS_MAP(NAME)
#undef NAME
  default:
    return "UNKNOWN";
  }
}

/* NOT_FOUND is "404 Not Found". Gives its length. */
static size_t name_status(int status, char *text, size_t size)
{
  const char *name = name_of(status);
  size_t n = (size_t)snprintf(text, size, "%d ", status), i;
  for (i = 0; name[i] && n + 1 < size; i++) {
    bool small = i > 0 && name[i - 1] != '_' && status != 200;
    text[n++] = name[i] == '_' ? ' ' : small ? (char)tolower(name[i]) : name[i];
  }
  text[n] = '\0';
  return n;
}

static void put_status(struct kam_text *out, int status)
{
  char text[64];
  kam_text_put(out, text, name_status(status, text, sizeof text));
}

static int fail(struct draft *d, const char *why)
{
  d->r->why = why;
  return KAM_EFAILED;
}

/* --- what the table says --- */

static int read_status(struct draft *d, const struct kam_tape_item *item)
{
  if (item->type != KAM_TAPE_INT || item->i < 101 || item->i > 599)
    return fail(d, "status is an integer from 101 to 599");
  d->r->status = (int)item->i;
  return 0;
}

static int read_text(struct draft *d, const struct kam_tape_item *item,
                     const char **s, size_t *len, const char *why)
{
  if (item->type != KAM_TAPE_BYTES)
    return fail(d, why);
  *s = item->bytes;
  *len = item->len;
  return 0;
}

static int read_field(struct draft *d, const struct kam_tape_item *key,
                      size_t *at)
{
  struct kam_tape_item item;
  size_t begin = *at;
  kam_tape_next(d->t, at, &item);
  if (kam_http_is(key, "status"))
    return read_status(d, &item);
  if (kam_http_is(key, "body"))
    return read_text(d, &item, &d->r->body, &d->r->body_len,
                     "body is a string");
  if (kam_http_is(key, "type"))
    return read_text(d, &item, &d->type, &d->type_len, "type is a string");
  if (kam_http_is(key, "more") && item.type == KAM_TAPE_BOOL) {
    d->r->more = item.b;
    return 0;
  }
  if (kam_http_is(key, "pieces") && item.type == KAM_TAPE_BOOL) {
    d->r->has_pieces = true;
    d->r->pieces = item.b;
    return 0;
  }
  if (!kam_http_is(key, "headers"))
    return fail(d, "its fields are status, type, headers, body and more");
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
  if (item.type == KAM_TAPE_BYTES) {
    d->r->body = item.bytes;
    d->r->body_len = item.len;
    return 0;
  }
  if (item.type == KAM_TAPE_LIST) { /* an empty table is one too */
    kam_tape_next(d->t, &at, &item);
    return item.type == KAM_TAPE_END ? 0 : fail(d, "it is a list");
  }
  if (item.type != KAM_TAPE_TABLE)
    return fail(d, "it is neither a table nor a string");
  while (!err && kam_tape_next(d->t, &at, &item) && item.type != KAM_TAPE_END)
    err = read_field(d, &item, &at);
  return err;
}

/* --- what is written --- */

/* Notes headers that this side has a say in; true: it is not to be written. */
static bool is_ours(struct draft *d, const struct kam_tape_item *key,
                    const struct kam_tape_item *value)
{
  if (kam_http_is(key, "connection")) {
    if (kam_http_is(value, "close"))
      d->terms->closes = true;
    return d->r->status != 101;
  }
  if (kam_http_is(key, "content-length")) {
    bool is_int = value->type == KAM_TAPE_INT && value->i >= 0;
    d->has_length = is_int && d->r->more;
    d->r->left = is_int ? (uint64_t)value->i : 0;
    return true;
  }
  d->has_type |= kam_http_is(key, "content-type");
  d->has_date |= kam_http_is(key, "date");
  return kam_http_is(key, "transfer-encoding") ||
         (d->r->coding && kam_http_is(key, "accept-ranges"));
}

/* A compressed body is not the same, byte for byte: RFC 9110 8.8.3.3. */
static void weaken(struct kam_tape_item *etag, char *room, size_t size)
{
  int n;
  if (etag->type != KAM_TAPE_BYTES || !etag->len || *etag->bytes != '"')
    return;
  n = snprintf(room, size, "W/%.*s", (int)etag->len, etag->bytes);
  if (n > 0 && (size_t)n < size) {
    etag->bytes = room;
    etag->len = (size_t)n;
  }
}

static int write_header(void *ctx, const struct kam_tape_item *key,
                        const struct kam_tape_item *value)
{
  struct draft *d = ctx;
  struct kam_tape_item weak = *value;
  char text[256];
  const char *why = kam_http_field_name(key);
  if (why)
    return fail(d, why);
  if (is_ours(d, key, value))
    return 0;
  if (d->r->coding && kam_http_is(key, "etag"))
    weaken(&weak, text, sizeof text);
  why = kam_http_field_put(d->out, key, &weak);
  return why ? fail(d, why) : 0;
}

static void write_date(struct kam_text *out)
{
  static _Thread_local char text[40];
  static _Thread_local time_t of;
  time_t now = time(NULL);
  struct tm tm;
  if (now != of) {
    gmtime_r(&now, &tm);
    strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &tm);
    of = now;
  }
  kam_text_puts(out, text);
}

/* The value of a header, or a field of zeros. */
static struct kam_tape_item header(const struct draft *d, const char *name)
{
  struct kam_tape_item key, value = {0};
  size_t at = d->headers;
  while (at && kam_tape_next(d->t, &at, &key) && key.type != KAM_TAPE_END) {
    size_t begin = at;
    kam_tape_next(d->t, &at, &value);
    if (kam_http_is(&key, name))
      return value;
    at = begin;
    kam_tape_skip(d->t, &at);
  }
  return (struct kam_tape_item){0};
}

/* Whether the body is to be compressed, or would be for another client. */
static void choose_coding(struct draft *d)
{
  struct kam_http_reply *r = d->r;
  struct kam_tape_item type = header(d, "content-type"),
                       length = header(d, "content-length");
  const char *s = type.type == KAM_TAPE_BYTES ? type.bytes
                  : d->type                   ? d->type
                                              : "text/plain";
  size_t n = type.type == KAM_TAPE_BYTES ? type.len
             : d->type                   ? d->type_len
                                         : strlen(s);
  uint64_t size = !r->more                      ? r->body_len
                  : length.type == KAM_TAPE_INT ? (uint64_t)length.i
                                                : UINT64_MAX;
  if (!d->terms->compress || size < d->terms->compress || r->status < 200 ||
      r->status == 204 || r->status == 206 || r->status == 304 ||
      header(d, "content-encoding").type == KAM_TAPE_BYTES ||
      !kam_http_compresses(s, n))
    return;
  d->varies = true;
  if (d->terms->minor)
    r->coding = d->terms->accepts;
}

static void write_coding(struct draft *d)
{
  if (d->varies)
    kam_text_puts(d->out, "Vary: Accept-Encoding\r\n");
  if (d->r->coding)
    kam_text_puts(d->out, d->r->coding == KAM_HTTP_GZIP
                              ? "Content-Encoding: gzip\r\n"
                              : "Content-Encoding: deflate\r\n");
}

static void choose_framing(struct draft *d)
{
  struct kam_http_reply *r = d->r;
  if (r->status < 200 || r->status == 204 || r->status == 304)
    r->framing = KAM_HTTP_NO_BODY;
  else if (r->coding)
    r->framing = KAM_HTTP_CHUNKS;
  else if (!r->more) {
    r->framing = KAM_HTTP_LENGTH;
    r->left = r->body_len;
  } else if (d->has_length)
    r->framing = KAM_HTTP_LENGTH;
  else if (d->terms->minor)
    r->framing = KAM_HTTP_CHUNKS;
  else {
    r->framing = KAM_HTTP_UNTIL_END;
    d->terms->closes = true;
  }
}

static void write_framing(struct draft *d)
{
  struct kam_http_reply *r = d->r;
  choose_framing(d);
  if (r->framing != KAM_HTTP_NO_BODY && !d->has_type &&
      (r->more || r->body_len)) {
    kam_text_puts(d->out, "Content-Type: ");
    if (d->type)
      kam_text_put(d->out, d->type, d->type_len);
    else
      kam_text_puts(d->out, "text/plain; charset=utf-8");
    kam_text_puts(d->out, "\r\n");
  }
  if (r->framing == KAM_HTTP_LENGTH)
    kam_text_printf(d->out, "Content-Length: %llu\r\n",
                    (unsigned long long)r->left);
  else if (r->framing == KAM_HTTP_CHUNKS)
    kam_text_puts(d->out, "Transfer-Encoding: chunked\r\n");
  if (d->terms->closes)
    kam_text_puts(d->out, "Connection: close\r\n");
  else if (!d->terms->minor)
    kam_text_puts(d->out, "Connection: keep-alive\r\n");
  if (d->terms->head)
    r->framing = KAM_HTTP_NO_BODY;
}

int kam_http_reply_read(struct kam_http_reply *r, const struct kam_tape *t)
{
  struct draft d = {.r = r, .t = t};
  *r = (struct kam_http_reply){.status = 200};
  return read(&d);
}

static bool find_page(int status, const struct kam_http_terms *terms,
                      struct kam_http_fixed *page)
{
  char name[8];
  int n = snprintf(name, sizeof name, "%d", status);
  return terms->pages &&
         kam_http_fixed_find(terms->pages, terms->pages_len, name, (size_t)n,
                             page) == KAM_HTTP_FIXED;
}

/* An error without a body gets its page, or the name of its status. */
static void fill_in(struct draft *d)
{
  struct kam_http_reply *r = d->r;
  if (find_page(r->status, d->terms, &d->page)) {
    r->body = d->page.body;
    r->body_len = d->page.body_len;
    return;
  }
  r->body = r->text;
  r->body_len = name_status(r->status, r->text, sizeof r->text - 1);
  r->text[r->body_len++] = '\n';
}

/* All behind the lines of the head that are given. */
static void write_rest(struct draft *d)
{
  kam_text_put(d->out, d->page.lines, d->page.lines_len);
  d->has_type |= d->page.lines != NULL;
  if (!d->has_date)
    write_date(d->out);
  write_coding(d);
  write_framing(d);
  kam_text_puts(d->out, "\r\n");
}

static void write_first(struct draft *d)
{
  kam_text_puts(d->out, "HTTP/1.1 ");
  put_status(d->out, d->r->status);
  kam_text_puts(d->out, "\r\n");
}

int kam_http_reply_write(struct kam_http_reply *r, const struct kam_tape *t,
                         struct kam_http_terms *terms, struct kam_text *out)
{
  struct draft d = {.r = r, .t = t, .terms = terms, .out = out};
  int err;
  *r = (struct kam_http_reply){.status = 200};
  err = read(&d);
  if (!err && d.type && !kam_http_is_value(d.type, d.type_len))
    err = fail(&d, "type is one line of text");
  if (err)
    return err;
  if (r->status >= 400 && !r->more && !r->body)
    fill_in(&d);
  choose_coding(&d);
  write_first(&d);
  err = kam_http_each_field(d.t, d.headers, write_header, &d);
  if (!err)
    write_rest(&d);
  return err;
}

void kam_http_reply_fixed(struct kam_http_reply *r,
                          const struct kam_http_fixed *fixed,
                          struct kam_http_terms *terms, struct kam_text *out)
{
  struct draft d = {.r = r, .terms = terms, .out = out, .page = *fixed};
  *r = (struct kam_http_reply){.status = fixed->status,
                               .body = fixed->body,
                               .body_len = fixed->body_len};
  write_first(&d);
  write_rest(&d);
}

void kam_http_reply_error(int status, const char *why,
                          struct kam_http_terms *terms, struct kam_text *out)
{
  struct kam_http_reply r;
  struct kam_http_fixed page;
  char name[64], text[256];
  terms->closes = true;
  if (!find_page(status, terms, &page)) {
    name_status(status, name, sizeof name);
    snprintf(text, sizeof text, "%s%s%s\n", name, why ? ": " : "",
             why ? why : "");
    page = (struct kam_http_fixed){
        .lines = "Content-Type: text/plain; charset=utf-8\r\n",
        .lines_len = 41,
        .body = text,
        .body_len = strlen(text)};
  }
  page.status = status;
  kam_http_reply_fixed(&r, &page, terms, out);
  if (r.framing != KAM_HTTP_NO_BODY)
    kam_text_put(out, r.body, r.body_len);
}
