/* line_history: history in a file. */
#include "components/console/line_history.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Makes the folders on the way to a file, for their owner only. */
static void make_folders(const char *path)
{
  char part[PATH_MAX];
  char *slash;
  if (strlen(path) >= sizeof part)
    return;
  strcpy(part, path);
  for (slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    mkdir(part, 0700); /* what cannot be made is found when it is opened */
    *slash = '/';
  }
}

/* Reads the file into the list; gives how many lines it had. */
static long load(struct kam_line_history *h, FILE *file)
{
  char *line = NULL;
  size_t size = 0;
  ssize_t n;
  long count = 0;
  HistEvent event;
  while ((n = getline(&line, &size, file)) > 0) {
    if (line[n - 1] == '\n')
      line[n - 1] = 0;
    history(h->list, &event, H_ENTER, line);
    count++;
  }
  free(line);
  return count;
}

/* Writes the list anew, beside the old file and then in its place. */
static FILE *shorten(struct kam_line_history *h, const char *path)
{
  char beside[PATH_MAX];
  HistEvent event;
  FILE *file;
  int fd, r;
  if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
    return NULL;
  fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  file = fd < 0 ? NULL : fdopen(fd, "w");
  if (!file)
    return NULL;
  for (r = history(h->list, &event, H_LAST); r >= 0;
       r = history(h->list, &event, H_PREV))
    fprintf(file, "%s\n", event.str);
  if (fflush(file) || rename(beside, path)) {
    fclose(file);
    unlink(beside);
    return NULL;
  }
  return file;
}

int kam_line_history_open(struct kam_line_history *h, const char *path,
                          int limit)
{
  HistEvent event;
  long count;
  int fd;
  h->file = NULL;
  h->list = history_init();
  if (!h->list)
    return -1;
  history(h->list, &event, H_SETSIZE, limit);
  history(h->list, &event, H_SETUNIQUE, 1);
  if (!*path)
    return 0;
  make_folders(path);
  fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  h->file = fd < 0 ? NULL : fdopen(fd, "a+");
  if (!h->file)
    return -1;
  rewind(h->file);
  count = load(h, h->file);
  if (count > 2L * limit) {
    FILE *file = shorten(h, path);
    if (file) {
      fclose(h->file);
      h->file = file;
    }
  }
  return 0;
}

void kam_line_history_close(struct kam_line_history *h)
{
  if (h->file)
    fclose(h->file);
  if (h->list)
    history_end(h->list);
  *h = (struct kam_line_history){0};
}

void kam_line_history_add(struct kam_line_history *h, const char *line)
{
  HistEvent event;
  if (!*line)
    return;
  if (history(h->list, &event, H_FIRST) >= 0 && strcmp(event.str, line) == 0)
    return;
  history(h->list, &event, H_ENTER, line);
  if (!h->file)
    return;
  fprintf(h->file, "%s\n", line);
  fflush(h->file);
}
