// Whether curses may scroll lines of the screen. Apart from screen.c, because term.h has macros with common names.
#include "CNcurses.h"

// After the header above, whose parameters have such names.
#include <curses.h>
#include <term.h>

void nc_allow_scroll(bool allowed) {
  static TERMINAL *known;
  static char *region;
  if (cur_term == NULL) return;
  if (known != cur_term) {
    known = cur_term;
    region = change_scroll_region;
  }
  change_scroll_region = allowed ? region : NULL;
}
