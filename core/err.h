/* err: every way in which a call of the core can fail, as a negative code.
 *
 * A function that fails returns one of these and has changed nothing.
 * Positive results are no errors; each header says what they mean. */
#ifndef KAM_ERR_H
#define KAM_ERR_H

/* X(NAME, text): the text is lower case, without a full stop. */
#define KAM_ERRORS(X)                                                          \
  X(NOMEM, "out of memory")                                                    \
  X(INVAL, "a value out of range")                                             \
  X(WAY, "a link goes from an outbox to an inbox")                             \
  X(TAKEN, "the box already goes somewhere")                                   \
  X(CYCLE, "boxes passed through in a circle")                                 \
  X(KIND, "a message of a kind that the box does not take")                    \
  X(GONE, "the component has ended")                                           \
  X(STATE, "not possible in this state")                                       \
  X(SELF, "the box is full, and only its sender could make room")              \
  X(NAME, "the name is taken")                                                 \
  X(OPTION, "an option is unknown, missing or out of range")                   \
  X(STALLED, "nothing can move and something still waits")                     \
  X(FAILED, "a component failed")                                              \
  X(IO, "input or output failed")                                              \
  X(LIMIT, "larger or deeper than is allowed")

enum kam_err {
  KAM__ERR_BASE = -1000,
#define KAM_ERR_ENUM(name, text) KAM_E##name,
  KAM_ERRORS(KAM_ERR_ENUM)
#undef KAM_ERR_ENUM
      KAM__ERR_END
};

/* "KAM_ENOMEM", or "KAM_E?" for what is no code. Borrowed, static. */
const char *kam_err_name(int err);

/* The text of the list above. Borrowed, static. */
const char *kam_err_text(int err);

/* kam_assert: a programming mistake ends the process, in all builds. */
#define kam_assert(cond)                                                       \
  ((cond) ? (void)0 : kam__assert_failed(#cond, __FILE__, __LINE__))

_Noreturn void kam__assert_failed(const char *cond, const char *file, int line);

#endif
