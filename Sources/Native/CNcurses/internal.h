// Between screen.c and signals.c.
#pragma once
#include <stdbool.h>
#include <stddef.h>

void nc_signals_save(int input);  // the terminal's settings before curses changed them
// What gives the terminal back; the first `own` bytes are assay's, curses knows nothing of them.
void nc_signals_restore(int output, int input, const char *text, size_t own);
void nc_signals_install(void);
void nc_signals_active(bool active);
void nc_signals_write_own(void);
void nc_signals_stop_process(void);
// Writes the report and names it on stderr, the terminal being given back already; false where none is prepared.
bool nc_crash_report(int number);
