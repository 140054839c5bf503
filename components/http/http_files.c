/* HTTPFiles: a file below a folder as the response to a request. */
#include "components/http/field.h"
#include "components/http/file.h"
#include "core/feed.h"

struct http_files {
  struct kam_component comp; /* must be first */
  char *root, *index;        /* options */
  struct kam_msg request;
  bool gzip;
  struct kam_tape tape;
  struct kam_http_file *file;
  bool over; /* the last of it is sent */
};

/* --- the request --- */

static struct kam_http_words words_of(const struct kam_tape_item *item)
{
  bool is_text = item->type == KAM_TAPE_BYTES;
  return (struct kam_http_words){is_text ? item->bytes : NULL, item->len};
}

static void read_header(struct kam_http_wish *w,
                        const struct kam_tape_item *name,
                        const struct kam_tape_item *value)
{
  if (kam_http_is(name, "if-none-match"))
    w->match = words_of(value);
  else if (kam_http_is(name, "if-modified-since"))
    w->since = words_of(value);
  else if (kam_http_is(name, "range"))
    w->range = words_of(value);
  else if (kam_http_is(name, "accept-encoding"))
    w->accepts = words_of(value);
}

static void read_headers(const struct kam_tape *t, size_t at,
                         struct kam_http_wish *w)
{
  struct kam_tape_item name, value;
  size_t begin;
  while (kam_tape_next(t, &at, &name) && name.type != KAM_TAPE_END) {
    begin = at;
    kam_tape_next(t, &at, &value);
    read_header(w, &name, &value);
    at = begin;
    kam_tape_skip(t, &at);
  }
}

static void read_field(const struct kam_tape *t, size_t at,
                       const struct kam_tape_item *key, struct kam_http_wish *w)
{
  struct kam_tape_item value;
  kam_tape_next(t, &at, &value);
  if (kam_http_is(key, "rest")) {
    w->path = words_of(&value);
  } else if (kam_http_is(key, "method")) {
    w->head = kam_http_is(&value, "HEAD");
    w->status = w->head || kam_http_is(&value, "GET") ? 0 : 405;
  } else if (value.type == KAM_TAPE_TABLE) {
    read_headers(t, at, w);
  }
}

static int read_request(struct http_files *f, struct kam_http_wish *w)
{
  static const char *const fields[] = {"headers", "method", "rest", NULL};
  struct kam_tape *t = &f->tape;
  struct kam_tape_item key;
  size_t at = 0;
  int err =
      kam_tape_of_fields(&f->comp.party.world->host, f->request, fields, t);
  if (err)
    return err;
  kam_tape_next(t, &at, &key);
  while (kam_tape_next(t, &at, &key) && key.type != KAM_TAPE_END) {
    read_field(t, at, &key, w);
    kam_tape_skip(t, &at);
  }
  return 0;
}

/* --- the response --- */

static int send_table(struct http_files *f)
{
  struct kam_msg m;
  int err = kam_tape_msg(&f->comp.party.world->host, kam_mem_of(&f->comp),
                         &f->tape, &m);
  return err ? err : kam_send(&f->comp, KAM_OUTBOX, m);
}

static int send_end(struct http_files *f)
{
  kam_tape_clear(&f->tape);
  kam_tape_table(&f->tape);
  kam_tape_end(&f->tape);
  return send_table(f);
}

static int http_files_step(struct kam_component *c)
{
  struct http_files *f = (struct http_files *)c;
  struct kam_msg part;
  int r, s;
  if (c->party.told == KAM_SHUTDOWN || f->over)
    return KAM_DONE;
  s = kam_http_file_step(f->file, &f->tape, &part);
  switch (s) {
  case KAM_HTTP_FILE_WAITS:
    return KAM_BLOCKED;
  case KAM_HTTP_FILE_HEAD:
  case KAM_HTTP_FILE_ONLY:
    r = send_table(f);
    break;
  case KAM_HTTP_FILE_PART:
    r = kam_send(c, KAM_OUTBOX, part);
    break;
  case KAM_HTTP_FILE_END:
    r = send_end(f);
    break;
  default:
    return s;
  }
  if (r < 0)
    return r;
  f->over = s == KAM_HTTP_FILE_ONLY || s == KAM_HTTP_FILE_END;
  return r == KAM_WAIT ? KAM_BLOCKED : KAM_AGAIN;
}

static int http_files_open(struct kam_component *c)
{
  struct http_files *f = (struct http_files *)c;
  struct kam_http_wish wish = {
      .root = f->root, .index = f->index, .gzip = f->gzip};
  int err;
  kam_tape_init(&f->tape);
  err = read_request(f, &wish);
  if (err == KAM_EKIND)
    return kam_failf(c, "request is the table that HTTPServer gives");
  if (err)
    return err;
  f->file = kam_http_file_new(c, &wish);
  return f->file ? 0 : KAM_ENOMEM;
}

static void http_files_close(struct kam_component *c)
{
  struct http_files *f = (struct http_files *)c;
  kam_http_file_free(f->file);
  kam_tape_fini(&f->tape);
}

static const struct kam_box_spec inboxes[] = {{.name = "inbox", .absent = true},
                                              {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "the response: its head, its body, and {}"}, {0}};

static const struct kam_option_spec options[] = {
    {.name = "root",
     .doc = "the folder",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct http_files, root),
     .required = true},
    {.name = "request",
     .doc = "the request",
     .type = KAM_OPTION_VALUE,
     .offset = offsetof(struct http_files, request),
     .required = true},
    KAM_TEXT(struct http_files, index, "index.html",
             "the file that stands for a folder"),
    KAM_FLAG(struct http_files, gzip, false,
             "a file with .gz behind its name is sent in its place to a client "
             "that takes it"),
    {0}};

KAM_COMPONENT(http_files) = {
    .name = "HTTPFiles",
    .family = "http",
    .summary =
        "Answers a request with the file below a folder that it asks for.",
    .doc = "A function of HTTPServer gives it as its answer. The file is the "
           "one that `rest` of the request names; its type is told by the end "
           "of its name. With its ETag, the client may ask whether it has "
           "changed (status 304), and for a part of it (206). What is not "
           "there, is no file, or lies outside of the folder, also behind a "
           "symbolic link, is status 404; what may not be read, 403; a folder "
           "without a / behind it is status 301 to the one with it; and "
           "methods other than GET and HEAD are 405.",
    .ends = "When the response is sent, or when told.",
    .example =
        "kam.Pipeline { kam.OneShot \"<h1>Hello</h1>\\n\", kam.FileWriter { "
        "\"www/index.html\", mkdir = true } }:run()\n\n"
        "kam.main(function(self)\n"
        "  local server = self:addChildren(kam.HTTPServer { "
        "function(request) return kam.HTTPFiles { \"www\", request } end,\n"
        "    port = 0 })\n"
        "  self:link({ server, \"listening\" }, { self, \"inbox\" })\n"
        "  local curl = kam.UnixProcess { \"curl\", \"-s\", "
        "(\"http://localhost:%d/\"):format(self:recv().port) }\n"
        "  local got = self:addInbox \"got\"\n"
        "  self:link({ curl, \"outbox\" }, { self, got })\n"
        "  self:addChildren(curl)\n"
        "  print(self:recv(got))\n"
        "  server:stop()\n"
        "end):run()\n"
        "--> <h1>Hello</h1>\n"
        "-->\n",
    .first = "root request",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct http_files),
    .open = http_files_open,
    .step = http_files_step,
    .close = http_files_close,
};
