/* Privileges: root, given up when what needs it is done. */
#define _GNU_SOURCE /* initgroups, setresuid */

#include "core/feed.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

struct privileges {
  struct kam_component comp; /* must be first */
  char *user, *group;        /* options */
  bool given_up;
};

static int fail(struct privileges *p, const char *what, const char *why)
{
  return kam_failf(&p->comp, "error[E0688]: cannot become user %s: %s%s%s",
                   p->user, what, *why ? ": " : "", why);
}

/* Is there no way back? */
static bool is_sure(uid_t user, gid_t group)
{
  return getuid() == user && geteuid() == user && getgid() == group &&
         getegid() == group && (user == 0 || setuid(0) != 0) &&
         (user == 0 || seteuid(0) != 0);
}

/* All threads of the process change with this one. */
static int become(struct privileges *p, uid_t user, gid_t group)
{
  if (geteuid() != 0)
    return geteuid() == user && getuid() == user
               ? 0
               : fail(p, "only root can become somebody else", "");
  if (initgroups(p->user, group) || setresgid(group, group, group) ||
      setresuid(user, user, user))
    return fail(p, "the system refuses", strerror(errno));
  return is_sure(user, group) ? 0 : fail(p, "root could be had again", "");
}

static int give_up(struct privileges *p)
{
  struct passwd *user;
  struct group *group = NULL;
  if (!*p->user)
    return 0;
  user = getpwnam(p->user);
  if (!user)
    return kam_failf(&p->comp, "error[E0687]: there is no user %s", p->user);
  if (*p->group) {
    group = getgrnam(p->group);
    if (!group)
      return kam_failf(&p->comp, "error[E0687]: there is no group %s",
                       p->group);
  }
  return become(p, user->pw_uid, group ? group->gr_gid : user->pw_gid);
}

static int privileges_step(struct kam_component *c)
{
  struct privileges *p = (struct privileges *)c;
  struct kam_msg m;
  int r;
  if (c->party.told == KAM_SHUTDOWN)
    return KAM_DONE;
  if (!kam_take(c, KAM_INBOX, &m))
    return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
  r = p->given_up ? 0 : give_up(p);
  if (r) {
    kam_msg_drop(&c->party.world->host, m);
    return r;
  }
  p->given_up = true;
  r = kam_send(c, KAM_OUTBOX, m);
  return r == KAM_WAIT ? KAM_BLOCKED : r < 0 ? r : KAM_AGAIN;
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "that what needs root is done"}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "the same, when root is given up",
     .optional = true},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_TEXT(struct privileges, user, "",
             "who the process is to be from then on; \"\": who it is"),
    KAM_TEXT(struct privileges, group, "", "its group; \"\": the user's own"),
    {0}};

KAM_COMPONENT(privileges) = {
    .name = "Privileges",
    .family = "process",
    .summary = "Gives up being root for good, with the first message.",
    .doc =
        "For servers that need root to have their port, and not after that: "
        "what tells that they listen goes through here, and is passed on when "
        "the process has become `user`, in its groups, with no way back. If "
        "that cannot be done, it is an error, and nothing is passed on. A "
        "process that is not root may only be that user already.",
    .ends = "When its inbox has, or when told.",
    .example = "kam.Pipeline { kam.OneShot \"listening\", kam.Privileges(), "
               "kam.ConsoleEchoer() }:run()\n"
               "--> listening\n",
    .first = "user",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct privileges),
    .step = privileges_step,
};
