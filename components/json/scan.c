/* scan: JSON texts in a stream. */
#include "components/json/scan.h"

static bool is_space(unsigned char ch)
{
  return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

/* Inside a string: does it end the text? */
static bool in_string(struct json_scan *s, unsigned char ch)
{
  if (s->escaped)
    s->escaped = false;
  else if (ch == '\\')
    s->escaped = true;
  else if (ch == '"')
    s->string = false;
  return !s->string && s->depth == 0;
}

/* Outside of one: the same. */
static bool outside(struct json_scan *s, unsigned char ch)
{
  if (ch == '"') {
    s->string = true;
  } else if (ch == '[' || ch == '{') {
    s->depth++;
  } else if (ch == ']' || ch == '}') {
    if (s->depth > 0)
      s->depth--;
    return s->depth == 0; /* a stray one is a text too, and a wrong one */
  } else if (s->depth == 0) {
    s->scalar = true;
  }
  return false;
}

/* What is no part of a number or word that stands by itself. */
static bool ends_scalar(unsigned char ch)
{
  return is_space(ch) || ch == '"' || ch == '[' || ch == '{' || ch == ']' ||
         ch == '}';
}

size_t json_spaces(const unsigned char *bytes, size_t n)
{
  size_t i = 0;
  while (i < n && is_space(bytes[i]))
    i++;
  return i;
}

size_t json_scan(struct json_scan *s, const unsigned char *bytes, size_t n,
                 enum json_scan_end *end)
{
  size_t i;
  *end = JSON_WHOLE;
  for (i = 0; i < n; i++) {
    if (!s->begun && is_space(bytes[i]))
      continue;
    s->begun = true;
    if (s->scalar && ends_scalar(bytes[i])) {
      *s = (struct json_scan){0};
      return i;
    }
    if (s->string ? in_string(s, bytes[i]) : outside(s, bytes[i])) {
      *s = (struct json_scan){0};
      return i + 1;
    }
    if (s->depth > JSON_DEPTH) {
      *end = JSON_DEEP;
      return i;
    }
  }
  *end = JSON_MORE;
  return n;
}
