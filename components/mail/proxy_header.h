/* proxy_header: the header of the PROXY protocol, version 1 or 2, by which what
 * stands in front of a server tells whose connection it is. */
#ifndef KAM_MAIL_PROXY_HEADER_H
#define KAM_MAIL_PROXY_HEADER_H

#include <stdbool.h>
#include <stddef.h>

enum { KAM_PROXY_LONGEST = 536 /* bytes of a header */ };

struct kam_proxy_header {
  char from[46], to[46]; /* addresses; "": not told */
  int from_port, to_port;
};

/* Reads a header at s: its length, 0 if it is not there to its end, or -1 if it
 * is none. */
int kam_proxy_header_read(const char *s, size_t len,
                          struct kam_proxy_header *h);

#endif
