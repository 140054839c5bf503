/* msg: what travels: sixteen bytes by value.
 *
 *     tag u8 | flags u8 | kind u16 | len u32 | value 8
 *
 * A truth, an integer and a number are in the message itself. An object is
 * counted, and carries what can be done with it. A parked value lies with the
 * host language, in a place that only the host understands. len is the payload
 * in bytes, so that a bounded box need not look into the object.
 *
 * A message owns what it holds: who gets one by value must send it on, keep it,
 * or hand it to kam_msg_drop. */
#ifndef KAM_MSG_H
#define KAM_MSG_H

#include "core/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kam_tag {
  KAM_NOTHING, /* no message */
  KAM_BOOL,
  KAM_INT,
  KAM_NUMBER,
  KAM_OBJECT, /* u.object, one reference */
  KAM_PARKED, /* u.place, known to the host only */
  KAM_SIGNAL  /* u.i is a kam_told: an end that is told */
};

/* What a message is, as a bit each, and what a box takes, as their sum. */
enum kam_kinds {
  KAM_BYTES = 1,  /* bytes in any cut: strings, buffers */
  KAM_LINE = 2,   /* one string without its end of line */
  KAM_SCALAR = 4, /* an integer or a number */
  KAM_TABLE = 8,  /* a value of the host language that is no string */
  KAM_PICTURE = 16,
  KAM_SOUND = 32,
  KAM_TRUTH = 64,
  KAM_END = 128,    /* a signal */
  KAM_BUFFER = 256, /* of a box: bytes, handed to Lua as counted buffers */
  KAM_ANY = 0xffff
};

/* How somebody was told to end. */
enum kam_told {
  KAM_UNTOLD,
  KAM_FINISHED, /* producerFinished: no more will come, finish what is queued */
  KAM_SHUTDOWN  /* shutdownMicroprocess: end now */
};

struct kam_object;

/* What can be done with an object. */
struct kam_object_ops {
  const char *name;                      /* for texts */
  void (*release)(struct kam_object *o); /* the last one has left */
  const void *(*view)(struct kam_object *o,
                      size_t *len); /* its bytes; or NULL */
};

/* Counted, immutable once sent. refs is changed by the loop's thread only: a
 * worker borrows what its job holds. */
struct kam_object {
  const struct kam_object_ops *ops;
  uint32_t refs;
};

enum kam_msg_flags {
  KAM_MSG_SLICE = 1, /* a slice: may have to be copied when sent */
  KAM_MSG_TEXT = 2   /* parked, and a string: can be viewed as bytes */
};

struct kam_msg {
  uint8_t tag;
  uint8_t flags;
  uint16_t kind;
  uint32_t len;
  union {
    bool b;
    int64_t i;
    double n;
    struct kam_object *object;
    uint64_t place;
  } u;
};

struct kam_tape;
struct kam_component;

/* What the host language does for parked values; ctx is the host's own. */
struct kam_host {
  void *ctx;
  void (*drop)(void *ctx, struct kam_msg m);
  const void *(*view)(void *ctx, struct kam_msg m, size_t *len);
  /* Writes a text for people, at most size - 1 bytes and a zero; gives the
   * length of the whole text. whole: as a program prints it, else quoted. */
  size_t (*text)(void *ctx, struct kam_msg m, bool whole, char *buf,
                 size_t size);
  /* A value of its own from a tape, and a tape from such a value: see tape.h.
   * 0 or a negative code. NULL: the host has no lists and tables. */
  int (*make)(void *ctx, const struct kam_tape *t, struct kam_msg *out);
  int (*read)(void *ctx, struct kam_msg m, struct kam_tape *t);
  /* The same of a table's fields of these names, as far as they are there. */
  int (*read_fields)(void *ctx, struct kam_msg m, const char *const *names,
                     struct kam_tape *t);
  /* A component that maker makes, given the table of a tape; it says itself why
   * it cannot, and gives KAM_EFAILED. */
  int (*serve)(void *ctx, struct kam_msg maker, const struct kam_tape *t,
               struct kam_component **out);
};

static inline struct kam_msg kam_msg_int(int64_t i)
{
  return (struct kam_msg){.tag = KAM_INT, .kind = KAM_SCALAR, .u = {.i = i}};
}

static inline struct kam_msg kam_msg_number(double n)
{
  return (struct kam_msg){.tag = KAM_NUMBER, .kind = KAM_SCALAR, .u = {.n = n}};
}

static inline struct kam_msg kam_msg_bool(bool b)
{
  return (struct kam_msg){.tag = KAM_BOOL, .kind = KAM_TRUTH, .u = {.b = b}};
}

static inline struct kam_msg kam_msg_signal(enum kam_told told)
{
  return (struct kam_msg){.tag = KAM_SIGNAL, .kind = KAM_END, .u = {.i = told}};
}

/* One reference more, or one fewer; the last one releases. */
static inline void kam_object_ref(struct kam_object *o)
{
  o->refs++;
}

static inline void kam_object_unref(struct kam_object *o)
{
  if (--o->refs == 0)
    o->ops->release(o);
}

/* Takes m and gives back what it holds. */
void kam_msg_drop(const struct kam_host *host, struct kam_msg m);

/* The bytes of a string or buffer, borrowed while m lives; NULL for others. */
const void *kam_msg_view(const struct kam_host *host, struct kam_msg m,
                         size_t *len);

/* A short text for people: at most size - 1 bytes and a zero. Gives the length
 * of the whole text. whole: strings as they are, else quoted and cut. */
size_t kam_msg_text(const struct kam_host *host, struct kam_msg m, bool whole,
                    char *buf, size_t size);

/* Writes len bytes as a quoted text, with what cannot be printed escaped and
 * "…" where it had to be cut. Gives what it wrote. */
size_t kam_quote(const void *bytes, size_t len, char *buf, size_t size);

#endif
