// Screen and keys over ncursesw.
#define _GNU_SOURCE
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#include "CNcurses.h"

#include <curses.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "internal.h"

enum { cells_at_once = 512, key_sgr = 4001, key_x10 = 4002 };

static SCREEN *screen;
static bool active;
static FILE *in_file, *out_file;
static char extras_text[512];
static bool has_colors_flag;

// From term.h, whose macros have names like `columns`.
extern int setupterm(const char *, int, int *);
extern int tigetnum(const char *);

const char *nc_version(void) { return curses_version(); }

int nc_terminfo_colors(void) {
  int found = 0;
  if (setupterm(NULL, STDERR_FILENO, &found) != OK || found != 1) return -1;
  int colors = tigetnum("colors");
  return colors < 0 ? 0 : colors;
}

bool nc_locale(void) {
  setlocale(LC_ALL, "");
  setlocale(LC_NUMERIC, "C");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return true;
  return setlocale(LC_CTYPE, "C.UTF-8") != NULL || setlocale(LC_CTYPE, "en_US.UTF-8") != NULL;
}

// The standard stream if it is a terminal, else the controlling terminal: data may come through a pipe.
static FILE *stream(FILE *standard, const char *mode) {
  if (isatty(fileno(standard))) return standard;
  FILE *file = fopen("/dev/tty", mode);
  return file;
}

static void append(char *to, size_t size, const char *text) {
  size_t used = strlen(to);
  if (used < size) snprintf(to + used, size - used, "%s", text);
}

// The value of a string capability, NULL where the terminal lacks it. (term.h defines macros like `columns`.)
extern char *tigetstr(const char *);
static const char *capability(const char *name) {
  const char *text = tigetstr(name);
  return text == (char *)-1 ? NULL : text;
}

static bool can_place_cursor(void) { return capability("cup") != NULL; }

// What a signal handler writes to give the terminal back: `restore`, then terminfo's own ends.
static void remember_restore(const char *restore) {
  char all[1024] = "";
  append(all, sizeof all, restore);
  const char *names[] = {"sgr0", "rmkx", "cnorm", "rmcup"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *text = capability(names[i]);
    if (text != NULL && strchr(text, '$') == NULL) append(all, sizeof all, text);
  }
  nc_signals_restore(nc_output_fd(), nc_input_fd(), all, strlen(restore));
}

static void modes(void) {
  raw();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  meta(stdscr, TRUE);
  leaveok(stdscr, TRUE);
  curs_set(0);
  // assay reads mouse reports itself: curses knows the modern form on few terminals and drops the coordinates beyond 223.
  define_key("\033[<", key_sgr);
  define_key("\033[M", key_x10);
}

int nc_start(const char *type, const char *extras, const char *restore) {
  if (active) return 0;
  in_file = stream(stdin, "r");
  out_file = stream(stdout, "w");
  if (in_file == NULL || out_file == NULL) return -1;
  nc_signals_save(fileno(in_file));
  if (getenv("ESCDELAY") == NULL) set_escdelay(25);
  screen = newterm(type, out_file, in_file);
  if (screen == NULL) return -1;
  set_term(screen);
  if (!can_place_cursor()) {
    endwin();
    delscreen(screen);
    screen = NULL;
    return -1;
  }
  modes();
  has_colors_flag = has_colors() && start_color() == OK;
  if (has_colors_flag) use_default_colors();
  snprintf(extras_text, sizeof extras_text, "%s", extras);
  remember_restore(restore);
  nc_signals_install();
  refresh();
  nc_write(extras_text, strlen(extras_text));
  active = true;
  nc_signals_active(true);
  return 0;
}

void nc_stop(void) {
  if (!active) return;
  active = false;
  nc_signals_write_own();
  curs_set(1);
  endwin();
  nc_signals_active(false);
}

void nc_resume(void) {
  if (screen == NULL) return;
  active = true;
  reset_prog_mode();
  modes();
  nc_size(NULL, NULL);
  clearok(curscr, TRUE);
  refresh();
  nc_write(extras_text, strlen(extras_text));
  nc_signals_active(true);
}

void nc_suspend(void) {
  nc_stop();
  nc_signals_stop_process();
}

int nc_colors(void) { return has_colors_flag ? COLORS : 0; }
int nc_input_fd(void) { return in_file == NULL ? STDIN_FILENO : fileno(in_file); }
int nc_output_fd(void) { return out_file == NULL ? STDOUT_FILENO : fileno(out_file); }

void nc_size(int *columns, int *rows) {
  struct winsize size;
  if (ioctl(nc_output_fd(), TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
    if (is_term_resized(size.ws_row, size.ws_col)) resizeterm(size.ws_row, size.ws_col);
  }
  if (columns != NULL) *columns = getmaxx(stdscr);
  if (rows != NULL) *rows = getmaxy(stdscr);
}

int nc_get(void) {
  for (;;) {
    wint_t c = 0;
    int result = wget_wch(stdscr, &c);
    if (result == ERR) return NC_NOTHING;
    if (result == KEY_CODE_YES) {
      if (c == KEY_RESIZE) continue;
      if (c == key_sgr) return NC_MOUSE_SGR;
      if (c == key_x10) return NC_MOUSE_X10;
      return NC_KEY + (int)c;
    }
    return (int)c;
  }
}

void nc_key_name(int key, char *name, size_t size) {
  const char *text = keyname(key - NC_KEY);
  snprintf(name, size, "%s", text == NULL ? "" : text);
}

static attr_t curses_attributes(int attributes) {
  attr_t result = WA_NORMAL;
  if (attributes & NC_BOLD) result |= WA_BOLD;
  if (attributes & NC_DIM) result |= WA_DIM;
  if (attributes & NC_ITALIC) result |= WA_ITALIC;
  if (attributes & NC_UNDERLINE) result |= WA_UNDERLINE;
  if (attributes & NC_REVERSE) result |= WA_REVERSE;
  return result;
}

// The cell as curses sees it. Where curses knows another width than assay, a stand-in of the right width is used: curses
// and the application must agree on where each cell begins. Returns the number of cchar_t written (1 or 2).
static int cell(cchar_t *out, const uint32_t *scalars, int length, int columns, attr_t attributes, int pair) {
  wchar_t text[CCHARW_MAX + 1];
  int count = length > CCHARW_MAX ? CCHARW_MAX : length;
  for (int i = 0; i < count; i++) text[i] = (wchar_t)scalars[i];
  if (count == 0) text[count++] = L' ';
  text[count] = 0;
  int known = wcwidth(text[0]);
  if (known != columns && known != 1) {
    text[0] = columns == 1 ? L'?' : L' ';
    text[1] = 0;
    known = 1;
  }
  if (setcchar(&out[0], text, attributes, (short)0, &pair) == ERR) setcchar(&out[0], L"?", attributes, (short)0, &pair);
  if (known == columns) return 1;
  setcchar(&out[1], L" ", attributes, (short)0, &pair);
  return 2;
}

void nc_put(
  int x, int y, const uint32_t *scalars, const uint8_t *lengths, const uint8_t *columns, int cells, int attributes,
  int foreground, int background) {
  cchar_t buffer[cells_at_once + 1];
  attr_t attrs = curses_attributes(attributes);
  int pair = 0;
  if (has_colors_flag && (foreground >= 0 || background >= 0)) pair = alloc_pair(foreground, background);
  if (pair < 0) pair = 0;
  for (int i = 0; i < cells;) {
    int filled = 0, start = x;
    for (; i < cells && filled < cells_at_once; i++) {
      filled += cell(&buffer[filled], scalars, lengths[i], columns[i], attrs, pair);
      scalars += lengths[i];
      x += columns[i];
    }
    mvadd_wchnstr(y, start, buffer, filled);
  }
}

void nc_flush(bool synchronized) {
  wnoutrefresh(stdscr);
  if (synchronized) nc_write("\033[?2026h", 8);
  doupdate();
  if (synchronized) nc_write("\033[?2026l", 8);
}

void nc_invalidate(void) { clearok(curscr, TRUE); }
void nc_erase(void) { werase(stdscr); }

void nc_write(const char *bytes, size_t count) {
  fflush(out_file);
  while (count > 0) {
    ssize_t written = write(nc_output_fd(), bytes, count);
    if (written <= 0) return;
    bytes += written;
    count -= (size_t)written;
  }
}

void nc_beep(void) { beep(); }
