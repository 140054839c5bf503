/* scan: where one JSON text ends and the next begins, however they are cut.
 *
 * It looks at brackets, quotes and spaces only; whether what is between is JSON
 * is for the parser to say. */
#ifndef KAM_JSON_SCAN_H
#define KAM_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum { JSON_DEPTH = 64 /* arrays and objects in one another */ };

enum json_scan_end {
  JSON_MORE,  /* the text goes on */
  JSON_WHOLE, /* the text ends here */
  JSON_DEEP   /* and is deeper than JSON_DEPTH */
};

struct json_scan {
  unsigned depth;
  bool begun;  /* past the spaces before it */
  bool scalar; /* a number or a word, which a space ends */
  bool string, escaped;
};

/* How many bytes are spaces before something else. */
size_t json_spaces(const unsigned char *bytes, size_t n);

/* Passes over bytes up to the end of a text: gives how many of them belong to
 * it, with the spaces before it. After JSON_WHOLE it begins anew. */
size_t json_scan(struct json_scan *s, const unsigned char *bytes, size_t n,
                 enum json_scan_end *end);

#endif
