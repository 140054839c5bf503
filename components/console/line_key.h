/* line_key: bytes from a terminal as keys, so that the editor is never in the
 * middle of one when it looks for more. */
#ifndef KAM_LINE_KEY_H
#define KAM_LINE_KEY_H

#include <stddef.h>
#include <wchar.h>

enum { KAM_KEY_BYTES = 32 };

struct kam_line_key {
  unsigned char bytes[KAM_KEY_BYTES];
  size_t n, at; /* bytes, and how many of them the editor has read */
};

enum kam_key_state { KAM_KEY_PART, KAM_KEY_WHOLE, KAM_KEY_NONE };

/* Adds a byte: is it a whole key now? NONE: what cannot be one is forgotten. */
enum kam_key_state kam_line_key_add(struct kam_line_key *k, unsigned char c);

/* The next character of a whole key, U+FFFD for bytes that are none; BEL when
 * there is none left, which ends whatever asks for more. */
wchar_t kam_line_key_next(struct kam_line_key *k);

#endif
