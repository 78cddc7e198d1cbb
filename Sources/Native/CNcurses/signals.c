// Signals: each either wakes the loop through a pipe, or gives the terminal back and lets the process die of it.
// Everything in a handler is async-signal-safe: write, tcsetattr, sigaction, raise.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "CNcurses.h"
#include "internal.h"

static int pipe_ends[2] = {-1, -1};
static int output_fd = STDOUT_FILENO, input_fd = STDIN_FILENO;
static struct termios saved;
static bool has_saved;
static char restore_text[1024];
static size_t own_length, restore_length;
static volatile sig_atomic_t taken, asked_to_end;
static bool installed;

static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGQUIT};
enum { fatal_count = sizeof fatal / sizeof *fatal };
static struct sigaction before[fatal_count];

void nc_signals_save(int input) {
  if (!has_saved) has_saved = tcgetattr(input, &saved) == 0;
}

void nc_signals_restore(int output, int input, const char *text, size_t own) {
  output_fd = output;
  input_fd = input;
  size_t length = strlen(text);
  restore_length = length < sizeof restore_text ? length : sizeof restore_text;
  memcpy(restore_text, text, restore_length);
  own_length = own < restore_length ? own : restore_length;
}

void nc_signals_active(bool active) { taken = active; }

static void give_back(void) {
  if (!taken) return;
  taken = 0;
  ssize_t ignored = write(output_fd, restore_text, restore_length);
  (void)ignored;
  if (has_saved) tcsetattr(input_fd, TCSADRAIN, &saved);
}

void nc_signals_write_own(void) {
  ssize_t ignored = write(output_fd, restore_text, own_length);
  (void)ignored;
}

static void send(char byte) {
  int error = errno;
  ssize_t ignored = write(pipe_ends[1], &byte, 1);
  (void)ignored;
  errno = error;
}

static void on_fatal(int number) {
  give_back();
  // ^\\ is a wish, not a crash.
  bool is_told = number != SIGQUIT && nc_crash_report(number);
  for (int i = 0; i < fatal_count; i++) {
    if (fatal[i] == number) sigaction(number, &before[i], NULL);
  }
  // What was told once needs no second story from the language's own handler, which would push it off the screen.
  if (is_told) signal(number, SIG_DFL);
  raise(number);
}

// The first request asks the application to finish; a second one does not wait for it.
static void on_end(int number) {
  if (asked_to_end) {
    give_back();
    signal(number, SIG_DFL);
    raise(number);
    return;
  }
  asked_to_end = 1;
  send(number == SIGHUP ? NC_HANGUP : NC_TERMINATE);
}

static void on_event(int number) {
  send(number == SIGWINCH ? NC_RESIZED : number == SIGCONT ? NC_CONTINUED : NC_STOP);
}

static void handle(int number, void (*handler)(int), int flags, struct sigaction *old) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigfillset(&action.sa_mask);
  sigaction(number, &action, old);
}

static void restore_at_exit(void) { give_back(); }

void nc_signals_install(void) {
  if (installed) return;
  installed = true;
  if (pipe2(pipe_ends, O_NONBLOCK | O_CLOEXEC) != 0) return;
  static char stack[65536];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);
  for (int i = 0; i < fatal_count; i++) handle(fatal[i], on_fatal, SA_ONSTACK | SA_NODEFER, &before[i]);
  handle(SIGTERM, on_end, SA_RESTART, NULL);
  handle(SIGHUP, on_end, SA_RESTART, NULL);
  handle(SIGINT, on_end, SA_RESTART, NULL);
  handle(SIGWINCH, on_event, SA_RESTART, NULL);
  handle(SIGCONT, on_event, SA_RESTART, NULL);
  handle(SIGTSTP, on_event, SA_RESTART, NULL);
  signal(SIGPIPE, SIG_IGN);
  atexit(restore_at_exit);
}

void nc_signals_stop_process(void) {
  signal(SIGTSTP, SIG_DFL);
  raise(SIGTSTP);
  handle(SIGTSTP, on_event, SA_RESTART, NULL);
}

int nc_wake_fd(void) { return pipe_ends[0]; }
void nc_wake(void) { send(NC_WAKE); }
