// The crash report: everything is prepared beforehand, so that the handler of a fatal signal only writes.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if __has_include(<execinfo.h>)
#include <execinfo.h>
#define has_backtrace 1
#else
#define has_backtrace 0
#endif

#include "CNcurses.h"
#include "internal.h"

enum { kept = 50, name_size = 64, frames = 64 };

static char folder_path[1024], report_path[1200], header_text[2048];
static char commands[kept][name_size];
static volatile sig_atomic_t next_command, command_count, has_reported;

void nc_crash_prepare(const char *folder, const char *path, const char *header) {
  snprintf(folder_path, sizeof folder_path, "%s", folder);
  snprintf(report_path, sizeof report_path, "%s", path);
  snprintf(header_text, sizeof header_text, "%s", header);
#if has_backtrace
  // The first call loads a library, which a signal handler must not do.
  void *addresses[2];
  (void)backtrace(addresses, 2);
#endif
}

void nc_crash_note(const char *command) {
  snprintf(commands[next_command], name_size, "%s", command);
  next_command = (next_command + 1) % kept;
  if (command_count < kept) command_count++;
}

static void put(int file, const char *text) {
  ssize_t ignored = write(file, text, strlen(text));
  (void)ignored;
}

static const char *name_of(int number) {
  switch (number) {
    case SIGSEGV: return "SIGSEGV (a bad address)";
    case SIGBUS: return "SIGBUS (a bad address, or a file that became shorter)";
    case SIGILL: return "SIGILL (a failed check)";
    case SIGFPE: return "SIGFPE (arithmetic)";
    case SIGABRT: return "SIGABRT (given up)";
    case SIGTRAP: return "SIGTRAP (a failed check)";
    default: return "a signal";
  }
}

bool nc_crash_report(int number) {
  if (has_reported || report_path[0] == 0) return false;
  has_reported = 1;
  mkdir(folder_path, 0700);
  int file = open(report_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file >= 0) {
    put(file, header_text);
    put(file, "\nsignal: ");
    put(file, name_of(number));
    put(file, "\n\ncommands, the last one at the end:\n");
    for (int i = 0; i < command_count; i++) {
      put(file, "  ");
      put(file, commands[(next_command + kept - command_count + i) % kept]);
      put(file, "\n");
    }
    put(file, "\nfunctions, the innermost first:\n");
#if has_backtrace
    void *addresses[frames];
    backtrace_symbols_fd(addresses, backtrace(addresses, frames), file);
#endif
    close(file);
  }
  put(STDERR_FILENO, "assay crashed: ");
  put(STDERR_FILENO, name_of(number));
  put(STDERR_FILENO, file >= 0 ? ". A report without any data is in\n  " : ". No report could be written to\n  ");
  put(STDERR_FILENO, report_path);
  put(STDERR_FILENO, "\nUnsaved work was autosaved: the next start offers to restore it.\n");
  return true;
}
