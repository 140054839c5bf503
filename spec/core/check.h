/* check: what the programs of this folder have in common: a check that ends the
 * program and says where it stood, and numbers from a seed. */
#ifndef SPEC_CHECK_H
#define SPEC_CHECK_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is being tried, for the text of a failure. */
static char check_scene[256];

static inline void check_failed(const char *cond, const char *file, int line)
{
  fflush(stdout);
  fprintf(stderr, "%s\n  does not hold: %s (%s:%d)\n", check_scene, cond, file,
          line);
  exit(1);
}

#define check(cond) ((cond) ? (void)0 : check_failed(#cond, __FILE__, __LINE__))

/* Built with a sanitizer, programs do less. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { CHECK_SLOW = 1 };
#else
enum { CHECK_SLOW = 0 };
#endif

/* An assert of the core, or worse: at least say in which scene. */
static inline void check_on_signal(int sig)
{
  static const char end[] = "\n  ended by a signal\n";
  ssize_t n = write(2, check_scene, strlen(check_scene));
  n = write(2, end, sizeof end - 1);
  (void)n;
  signal(sig, SIG_DFL);
  raise(sig);
}

static inline void check_begin(void)
{
  signal(SIGABRT, check_on_signal);
  if (!CHECK_SLOW) /* sanitizers say more of it themselves */
    signal(SIGSEGV, check_on_signal);
}

/* splitmix64 (Steele, Lea, Flood 2014). */
static inline uint64_t check_random(uint64_t *state)
{
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

#endif
