/* harness: what the fuzz targets have in common: a component of the library, or
 * a pipeline of them, is made by name, fed, run on the real scheduler, and what
 * came out of it is kept.
 *
 *     Feeder ──> part ──> ... ──> last part ──outbox──> Taker
 *                                    └──────error─────> Taker, if asked for
 *
 * Each play is a system of its own. At its end nothing of it may be left: no
 * component, no byte of its memory; libFuzzer and the sanitizers see the rest.
 *
 * What libFuzzer hands over is read from its end, so that a file of the corpus
 * is a real one with a few bytes behind it:
 *
 *     bytes ... | cuts, n of them | n | choice
 *
 * A cut is the length of a piece; its highest bit makes the piece a string of
 * the host language instead of a slice of a buffer. */
#ifndef SPEC_FUZZ_HARNESS_H
#define SPEC_FUZZ_HARNESS_H

#include "core/component.h"
#include "core/tape.h"

/* The entry of every target; libFuzzer has no header for it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What libFuzzer has handed over. Borrowed from it. */
struct input {
  const unsigned char *bytes, *cuts;
  size_t len, n_cuts;
  unsigned choice; /* the target's own */
};

struct input input_of(const uint8_t *data, size_t size);

/* The length of a piece, if so much is left: behind the last cut, all. */
size_t piece_len(const unsigned char *cuts, size_t n_cuts, size_t i,
                 size_t left);

struct option {
  const char *name; /* NULL: the last */
  struct kam_value value;
};

#define OPTION_INT(name_, i_)                                                  \
  {                                                                            \
    name_,                                                                     \
    {                                                                          \
      .type = KAM_OPTION_INTEGER, .i = (i_)                                    \
    }                                                                          \
  }
#define OPTION_FLAG(name_, b_)                                                 \
  {                                                                            \
    name_,                                                                     \
    {                                                                          \
      .type = KAM_OPTION_BOOLEAN, .b = (b_)                                    \
    }                                                                          \
  }
#define OPTION_TEXT(name_, s_)                                                 \
  {                                                                            \
    name_,                                                                     \
    {                                                                          \
      .type = KAM_OPTION_STRING, .s = (s_)                                     \
    }                                                                          \
  }

/* A component of a pipeline, by the name that scripts call it. */
struct part {
  const char *name;         /* NULL: the last */
  struct option options[5]; /* the last is empty */
};

/* What is fed, and how it is taken. A first part without an inbox is not fed:
 * it reads what is outside, where act then does the next thing when nobody can
 * run; false: there is nothing left to do. */
struct way {
  bool (*act)(void *ctx);
  void *ctx;
  const struct kam_tape *messages; /* these; or NULL: the bytes */
  const unsigned char *bytes, *cuts;
  size_t len, n_cuts; /* no cuts: one message, also if it is empty */
  uint32_t room;      /* messages in each inbox; 0: as they are */
  uint64_t take;      /* the taker ends after so many; 0: at the end */
  bool errors;        /* the box error is linked */
};

/* The bytes of an input in one message, or as it is cut, through small boxes.
 */
struct way way_whole(const struct input *in);
struct way way_cut(const struct input *in);

/* What has come out. */
struct outcome {
  struct kam_tape messages, errors;
  uint64_t count, wrong; /* how many of each */
  unsigned char *bytes;  /* those of messages that have some, joined */
  size_t len;
  char failure[512]; /* of the first component that failed, or "" */
};

/* The caller owns what is in it. */
struct outcome play(const struct part *parts, struct way way);
void outcome_fini(struct outcome *o);

/* Ends the program if cond does not hold, and shows both outcomes. */
void must(bool cond, const char *text, const struct outcome *a,
          const struct outcome *b);

bool same_messages(const struct outcome *a, const struct outcome *b);
bool same_bytes(const struct outcome *a, const struct outcome *b);
/* Also what came out of the box error. */
bool same_failure(const struct outcome *a, const struct outcome *b);
bool is_bytes(const struct outcome *o, const void *bytes, size_t len);

/* Is what came out of a the beginning of what came out of b? */
bool begins_bytes(const struct outcome *a, const struct outcome *b);
bool begins_messages(const struct outcome *a, const struct outcome *b);

/* How alike two plays of the same bytes must be. */
enum alike {
  ALIKE,     /* what came, and the failure */
  BEGINNING, /* if they failed, what came first */
  HARMLESS   /* not at all */
};

/* A stream of bytes: what comes out, and why it failed, does not depend on how
 * the input is cut, and who ends early has got the beginning of it. Gives the
 * outcome of the plain way. */
struct outcome play_stream(const struct part *parts, const struct input *in,
                           enum alike alike);

#endif
