/* smtp_header: the header of a mail, as it passes by. */
#include "components/mail/smtp_header.h"

#include <ctype.h>

enum state { BEGIN /* of a line */, NAME /* of a field */, VALUE, OVER };

static const char received[] = "received:";

bool kam_smtp_header_over(const struct kam_smtp_header *h)
{
  return h->state == OVER;
}

/* The name of a field goes on, or ends. */
static void read_name(struct kam_smtp_header *h, char c)
{
  if (h->same < sizeof received - 1 &&
      tolower((unsigned char)c) == received[h->same])
    h->same++;
  else
    h->same = sizeof received;
  if (c == ':') {
    h->hops += h->same == sizeof received - 1;
    h->state = VALUE;
  } else if ((c < '!' || c > '~') && c != ' ' && c != '\t')
    h->state = OVER;
}

void kam_smtp_header_read(struct kam_smtp_header *h, const char *s, size_t len)
{
  size_t i;
  for (i = 0; i < len && h->state != OVER; i++) {
    if (h->state == BEGIN) {
      bool folded = (s[i] == ' ' || s[i] == '\t') && h->bytes > 0;
      h->state = folded ? VALUE : NAME;
      h->same = 0;
    }
    if (h->state == NAME)
      read_name(h, s[i]);
    else if (s[i] == '\n')
      h->state = BEGIN;
    h->bytes++;
  }
}
