#define _GNU_SOURCE
#include "program_driver.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

int driver_spawn(pid_t *process, const char *file, char *const argv[], char *const envp[], const char *input,
                 const char *output, const char *error, const char *directory, int session) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, input, session ? O_RDWR : O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, output, O_RDWR | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, error, O_RDWR | O_CREAT, 0600);
  if (directory) posix_spawn_file_actions_addchdir_np(&actions, directory);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  short group = session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
  posix_spawnattr_setflags(&attributes, group | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

  int code = posix_spawnp(process, file, &actions, &attributes, argv, envp);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

int driver_open_terminal(int width, int height, char *name, int capacity) {
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0) return -1;
  int failed = grantpt(master) || unlockpt(master) || driver_resize_terminal(master, width, height);
  if (!failed) {
    int code = ptsname_r(master, name, (size_t)capacity);
    if (code) errno = code;
    failed = code != 0;
  }
  if (!failed) failed = fcntl(master, F_SETFL, O_NONBLOCK) < 0;
  if (!failed) return master;
  int reason = errno;
  close(master);
  errno = reason;
  return -1;
}

int driver_resize_terminal(int master, int width, int height) {
  struct winsize size = {.ws_row = (unsigned short)height, .ws_col = (unsigned short)width};
  return ioctl(master, TIOCSWINSZ, &size);
}
