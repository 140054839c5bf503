/* bomb: limits of decompression. */
#include "components/compress/bomb.h"

#include "core/feed.h"

enum { SMALL = 1 << 20 /* bytes out that no ratio forbids */ };

int bomb_send(struct kam_component *c, struct bomb *b, const void *data,
              size_t n)
{
  b->out += n;
  if (b->limit && b->out > (uint64_t)b->limit)
    return kam_failf(c,
                     "error[E0653]: it becomes more than %lld bytes (its "
                     "option limit)",
                     (long long)b->limit);
  if (b->ratio && b->out > SMALL && b->out / (uint64_t)b->ratio > b->in)
    return kam_failf(c,
                     "error[E0653]: %llu bytes became %llu, more than %lld "
                     "times as many (its option ratio)",
                     (unsigned long long)b->in, (unsigned long long)b->out,
                     (long long)b->ratio);
  return n ? kam_feed_send(c, data, n, false) : 0;
}
