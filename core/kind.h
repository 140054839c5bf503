/* kind: the declaration of a component: its name, boxes, options and code.
 *
 * One declaration says everything, and help, checks and binding read it. A kind
 * is constant; a shape is what one runtime has worked out from it. */
#ifndef KAM_KIND_H
#define KAM_KIND_H

#include "core/box.h"

struct kam_component;

enum kam_option_type {
  KAM_OPTION_INTEGER, /* int64_t */
  KAM_OPTION_NUMBER,  /* double */
  KAM_OPTION_BOOLEAN, /* bool */
  KAM_OPTION_STRING,  /* char *, owned by the component; NULL if not given */
  KAM_OPTION_LIST,  /* char **, of strings, ended by NULL; NULL if not given */
  KAM_OPTION_MAKER, /* struct kam_msg, owned: what the host's serve takes */
  KAM_OPTION_VALUE  /* struct kam_msg, owned; KAM_NOTHING if not given */
};

/* One value of an option. */
struct kam_value {
  enum kam_option_type type;
  int64_t i;
  double n;
  bool b;
  const char *s;
  const char *const *list;
  struct kam_msg msg;
};

struct kam_option_spec {
  const char *name;
  const char *doc;
  enum kam_option_type type;
  size_t offset; /* of its field in the component's struct */
  struct kam_value fallback;
  bool required;             /* has no fallback */
  bool live;                 /* may be set while the component runs */
  double min, max;           /* of integers and numbers; both 0: no bounds */
  const char *const *one_of; /* of strings; NULL-terminated, or NULL */
};

#define KAM_INT(type_, field_, value_, min_, max_, doc_)                       \
  {                                                                            \
    .name = #field_, .doc = doc_, .type = KAM_OPTION_INTEGER,                  \
    .offset = offsetof(type_, field_),                                         \
    .fallback = {.type = KAM_OPTION_INTEGER, .i = value_}, .min = min_,        \
    .max = max_                                                                \
  }
#define KAM_NUM(type_, field_, value_, min_, max_, doc_)                       \
  {                                                                            \
    .name = #field_, .doc = doc_, .type = KAM_OPTION_NUMBER,                   \
    .offset = offsetof(type_, field_),                                         \
    .fallback = {.type = KAM_OPTION_NUMBER, .n = value_}, .min = min_,         \
    .max = max_                                                                \
  }
#define KAM_FLAG(type_, field_, value_, doc_)                                  \
  {                                                                            \
    .name = #field_, .doc = doc_, .type = KAM_OPTION_BOOLEAN,                  \
    .offset = offsetof(type_, field_), .fallback = {                           \
      .type = KAM_OPTION_BOOLEAN,                                              \
      .b = value_                                                              \
    }                                                                          \
  }
#define KAM_TEXT(type_, field_, value_, doc_)                                  \
  {                                                                            \
    .name = #field_, .doc = doc_, .type = KAM_OPTION_STRING,                   \
    .offset = offsetof(type_, field_), .fallback = {                           \
      .type = KAM_OPTION_STRING,                                               \
      .s = value_                                                              \
    }                                                                          \
  }

#define KAM_MAKER(type_, field_, doc_)                                         \
  {                                                                            \
    .name = #field_, .doc = doc_, .type = KAM_OPTION_MAKER,                    \
    .offset = offsetof(type_, field_), .required = true                        \
  }
#define KAM_VALUE(type_, field_, doc_)                                         \
  {                                                                            \
    .name = #field_, .doc = doc_, .type = KAM_OPTION_VALUE,                    \
    .offset = offsetof(type_, field_), .fallback = {                           \
      .type = KAM_OPTION_VALUE                                                 \
    }                                                                          \
  }
#define KAM_LIST(type_, field_, doc_)                                          \
  {                                                                            \
    .name = #field_, .doc = doc_, .type = KAM_OPTION_LIST,                     \
    .offset = offsetof(type_, field_), .fallback = {                           \
      .type = KAM_OPTION_LIST                                                  \
    }                                                                          \
  }

/* What a step says. A negative code instead fails the component. */
enum kam_step {
  KAM_DONE,    /* it has ended */
  KAM_AGAIN,   /* it can go on at once */
  KAM_PAUSE,   /* wait until something comes to any of its boxes */
  KAM_BLOCKED, /* wait as it has arranged itself, or until its send is in */
};

struct kam_kind {
  const char *name;    /* CamelCase */
  const char *family;  /* its folder in components/ */
  const char *summary; /* one line */
  const char *doc;  /* what it does to what comes, and when things go wrong */
  const char *ends; /* when it ends */
  const char *example; /* a system that runs */
  const char *first;   /* the option that a single value means, or NULL;
                        * several, for [1], [2], with blanks between them */
  const struct kam_box_spec *inboxes;    /* ended by one without a name; the */
  const struct kam_box_spec *outboxes;   /* standard ones may be left out */
  const struct kam_option_spec *options; /* the same, or NULL */
  size_t size;     /* of its struct, which begins with a kam_component */
  bool effects;    /* it writes to the world: not ended when its receiver is */
  bool ends_early; /* what it leaves unread is meant */
  bool passive;    /* it has children and no step */
  bool duplex;     /* its step goes on while a message that it sent is held: it
                    * must not send then (kam_is_held) */
  bool separate;   /* the failure of a child is not its own */
  bool drains;     /* although nothing feeds it, it is asked to end before it
                    * is told: its children may end what they do */
  bool answers;    /* sends one message for each that it takes, in order */
  /* Does it copy parts of files (extent.h) that come to its inbox on a worker?
   * Depends on its options only; NULL: no. */
  bool (*copies)(const struct kam_component *c);
  int (*open)(struct kam_component *c);   /* before the first step, or NULL */
  int (*step)(struct kam_component *c);   /* a bounded piece of work */
  void (*halt)(struct kam_component *c);  /* it is stopped before its end */
  void (*close)(struct kam_component *c); /* copes with a half-done open */
};

/* Declares a kind in the file that implements it: its symbol is found by the
 * name of the file. */
#define KAM_COMPONENT(file)                                                    \
  extern const struct kam_kind kam_kind_##file;                                \
  const struct kam_kind kam_kind_##file

/* One that this build lacks, because it lacks a library. */
struct kam_missing_kind {
  const char *file, *family, *library;
};

struct kam_shape {
  const struct kam_kind *kind;
  struct kam_box_spec *in, *out; /* the standard ones, then by name */
  unsigned n_in, n_out;
  size_t bytes;  /* of an instance with its boxes */
  uint64_t made; /* instances so far */
};

/* Works out the shape of a kind; the caller owns it. 0, KAM_ENOMEM, or
 * KAM_EINVAL if two boxes have one name. */
int kam_shape_new(struct kam_mem *mem, const struct kam_kind *kind,
                  struct kam_shape **out);
void kam_shape_free(struct kam_mem *mem, struct kam_shape *s);

/* The option of that name, or NULL. Borrowed. */
const struct kam_option_spec *kam_kind_option(const struct kam_kind *kind,
                                              const char *name);

/* Sets an option's field at base, checked: 0, KAM_EOPTION for a wrong type or
 * value, or KAM_ENOMEM. A maker is taken over. */
int kam_option_set(struct kam_world *w, const struct kam_option_spec *option,
                   void *base, const struct kam_value *value);

/* Sets all fields to their fallbacks, or gives their memory back. */
int kam_options_init(struct kam_world *w, const struct kam_kind *kind,
                     void *base);
void kam_options_fini(struct kam_world *w, const struct kam_kind *kind,
                      void *base);

#endif
