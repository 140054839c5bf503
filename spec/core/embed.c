/* embed: a system in a C program. A component of its own says something, one of
 * the library cuts it into chunks, and another of its own prints them. */
#include "core/kam.h"

#include <stdio.h>

extern const struct kam_kind kam_kind_chunker;

static int speaker_step(struct kam_component *c)
{
  static const char text[] = "to be or not to be";
  struct kam_bytes *b = kam_bytes_copy(kam_mem_of(c), text, sizeof text - 1);
  int r = b ? kam_send(c, KAM_OUTBOX, kam_msg_bytes(b)) : KAM_ENOMEM;
  return r < 0 ? r : KAM_DONE;
}

static int printer_step(struct kam_component *c)
{
  struct kam_msg m;
  while (kam_take(c, KAM_INBOX, &m)) {
    char text[64];
    kam_msg_text(&c->party.world->host, m, true, text, sizeof text);
    kam_msg_drop(&c->party.world->host, m);
    puts(text);
  }
  return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
}

static const struct kam_kind speaker = {.name = "Speaker",
                                        .size = sizeof(struct kam_component),
                                        .step = speaker_step};
static const struct kam_kind printer = {.name = "Printer",
                                        .size = sizeof(struct kam_component),
                                        .step = printer_step};

int main(void)
{
  const struct kam_value size = {.type = KAM_OPTION_INTEGER, .i = 3};
  struct kam_component *say, *cut, *print;
  struct kam_runtime *rt;
  int err = kam_runtime_new(&rt);
  if (err)
    return 1;
  if ((err = kam_new(rt, &speaker, &say)) == 0 &&
      (err = kam_new(rt, &kam_kind_chunker, &cut)) == 0 &&
      (err = kam_new(rt, &printer, &print)) == 0 &&
      (err = kam_component_set(cut, "size", &size)) == 0 &&
      (err = kam_connect(say, "outbox", cut, "inbox")) == 0 &&
      (err = kam_connect(cut, "outbox", print, "inbox")) == 0) {
    kam_start(say);
    kam_start(cut);
    kam_start(print);
    err = kam_run(rt);
  }
  kam_runtime_free(rt);
  if (err)
    fprintf(stderr, "embed: %s\n", kam_err_text(err));
  return err != 0;
}
