/* field: headers as components give them, written as HTTP/1.1. */
#include "components/http/field.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

bool kam_http_is(const struct kam_tape_item *item, const char *text)
{
  return item->type == KAM_TAPE_BYTES && item->len == strlen(text) &&
         strncasecmp(item->bytes, text, item->len) == 0;
}

bool kam_http_is_token(const char *s, size_t n)
{
  size_t i;
  for (i = 0; i < n; i++)
    if (!isalnum((unsigned char)s[i]) &&
        (!s[i] || !strchr("!#$%&'*+-.^_`|~", s[i])))
      return false;
  return n > 0;
}

bool kam_http_is_value(const char *s, size_t n)
{
  size_t i;
  for (i = 0; i < n; i++)
    if ((unsigned char)s[i] < 0x20 ? s[i] != '\t' : s[i] == 0x7f)
      return false;
  return true;
}

const char *kam_http_field_name(const struct kam_tape_item *name)
{
  if (name->type == KAM_TAPE_BYTES && kam_http_is_token(name->bytes, name->len))
    return NULL;
  return "the name of a header has letters, digits and hyphens";
}

const char *kam_http_field_put(struct kam_text *out,
                               const struct kam_tape_item *name,
                               const struct kam_tape_item *value)
{
  kam_text_put(out, name->bytes, name->len);
  kam_text_puts(out, ": ");
  if (value->type == KAM_TAPE_INT)
    kam_text_printf(out, "%lld", (long long)value->i);
  else if (value->type == KAM_TAPE_NUMBER)
    kam_text_printf(out, "%.14g", value->n);
  else if (value->type == KAM_TAPE_BYTES &&
           kam_http_is_value(value->bytes, value->len))
    kam_text_put(out, value->bytes, value->len);
  else
    return "a header is a number or one line of text, or a list of them";
  kam_text_puts(out, "\r\n");
  return NULL;
}

int kam_http_each_field(const struct kam_tape *t, size_t at,
                        kam_http_field_fn fn, void *ctx)
{
  struct kam_tape_item name, value;
  int err = 0;
  while (at && !err && kam_tape_next(t, &at, &name) &&
         name.type != KAM_TAPE_END) {
    kam_tape_next(t, &at, &value);
    if (value.type != KAM_TAPE_LIST) {
      err = fn(ctx, &name, &value);
      continue;
    }
    while (!err && kam_tape_next(t, &at, &value) && value.type != KAM_TAPE_END)
      err = fn(ctx, &name, &value);
  }
  return err;
}
