/* tape: a value with structure, written down flat.
 *
 *     { name = "a", sizes = { 1, 2 } }
 *     TABLE  "name" "a"  "sizes" LIST 1 2 END  END
 *
 * What a component in C makes or reads of lists and tables without knowing the
 * host language: a row of a database, a JSON text, an event. A table is keys
 * and values in turn; a key is a scalar. A tape is plain memory of its own, and
 * may be written or read on any thread, by one at a time; the host turns it
 * into a value of its own, and its values into tapes, on the loop's thread.
 *
 * Writing never fails at once: kam_tape_error tells of the first thing that
 * went wrong, after which nothing more is written. */
#ifndef KAM_TAPE_H
#define KAM_TAPE_H

#include "core/msg.h"

enum { KAM_TAPE_DEPTH = 64 }; /* lists and tables in one another */

enum kam_tape_type {
  KAM_TAPE_NULL,
  KAM_TAPE_BOOL,
  KAM_TAPE_INT,
  KAM_TAPE_NUMBER,
  KAM_TAPE_BYTES,
  KAM_TAPE_LIST,
  KAM_TAPE_TABLE,
  KAM_TAPE_END
};

struct kam_tape {
  unsigned char *data;
  size_t len, size;
  unsigned depth; /* lists and tables that are open */
  int err;
};

/* One entry, as it is read. */
struct kam_tape_item {
  enum kam_tape_type type;
  bool b;
  int64_t i;
  double n;
  const char *bytes; /* borrowed from the tape; not ended by a zero */
  size_t len;
};

void kam_tape_init(struct kam_tape *t);
void kam_tape_fini(struct kam_tape *t);

/* Empty again, its memory kept. */
void kam_tape_clear(struct kam_tape *t);

void kam_tape_null(struct kam_tape *t);
void kam_tape_bool(struct kam_tape *t, bool b);
void kam_tape_int(struct kam_tape *t, int64_t i);
void kam_tape_number(struct kam_tape *t, double n);
void kam_tape_bytes(struct kam_tape *t, const void *bytes, size_t len);

/* Bytes, and so also a key. */
void kam_tape_text(struct kam_tape *t, const char *s);

/* What follows, up to the end that belongs to it, is in it. */
void kam_tape_list(struct kam_tape *t);
void kam_tape_table(struct kam_tape *t);
void kam_tape_end(struct kam_tape *t);

/* 0; KAM_ENOMEM; or KAM_ELIMIT: deeper than KAM_TAPE_DEPTH. */
int kam_tape_error(const struct kam_tape *t);

/* The entry at *at, which moves on; false at the end. Begin with *at = 0. */
bool kam_tape_next(const struct kam_tape *t, size_t *at,
                   struct kam_tape_item *item);

/* Moves *at over one whole value. */
void kam_tape_skip(const struct kam_tape *t, size_t *at);

/* The first value of a tape as a message, which the caller owns: scalars and
 * bytes as such, the rest as a value of the host. 0, KAM_ENOMEM, or what the
 * tape's error was. */
int kam_tape_msg(const struct kam_host *host, struct kam_mem *mem,
                 const struct kam_tape *t, struct kam_msg *out);

/* Writes what a message holds. Keys come in order: numbers, then texts. 0,
 * KAM_ENOMEM; KAM_EKIND: something in it is neither scalar, text nor table; or
 * KAM_ELIMIT: it is too deep, or contains itself. */
int kam_tape_of(const struct kam_host *host, struct kam_msg m,
                struct kam_tape *t);

/* Writes a table with those of its fields that have one of these names, ended
 * by NULL, in their order: as above, and KAM_EKIND for what is no table. */
int kam_tape_of_fields(const struct kam_host *host, struct kam_msg m,
                       const char *const *names, struct kam_tape *t);

#endif
