// The part of ncursesw that assay uses, as plain functions. curses.h itself is not exported: its macros, variadics and
// short global names (`move`, `clear`, `timeout`) have no place in Swift. All of these belong to one thread.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Attribute bits of nc_put.
enum { NC_BOLD = 1, NC_DIM = 2, NC_ITALIC = 4, NC_UNDERLINE = 8, NC_REVERSE = 16 };

// Results of nc_get: a code point, or a function key from NC_KEY on (see nc_key_name), or nothing.
// NC_MOUSE_SGR and NC_MOUSE_X10 stand for the start of a mouse report, whose rest follows as characters.
enum { NC_NOTHING = -1, NC_KEY = 0x1000000, NC_MOUSE_SGR = 0x2000001, NC_MOUSE_X10 = 0x2000002 };

// Bytes that arrive on nc_wake_fd: who woke the loop.
enum { NC_WAKE = 'w', NC_RESIZED = 'r', NC_TERMINATE = 't', NC_HANGUP = 'h', NC_CONTINUED = 'c', NC_STOP = 'z' };

// Sets the locale from the environment, with C.UTF-8 for characters where that is another encoding: data is shown as it
// is even under LC_ALL=C. False if there is no such locale.
bool nc_locale(void);
// Takes over the terminal: 0, or -1 where its type is unknown or cannot place the cursor. `extras` is written after the
// screen is up, `restore` before it is given back, by signal handlers too (both may be empty, at most 500 bytes).
int nc_start(const char *type, const char *extras, const char *restore);
// Gives the terminal back; harmless when called twice.
void nc_stop(void);
// After nc_stop, or when the process continues after a stop: takes the terminal again; the next nc_flush paints all.
void nc_resume(void);
// Stops this process as ^Z would, with the terminal given back; returns when it continues, the terminal not yet taken.
void nc_suspend(void);

// The library's own name and version, such as "ncurses 6.4.20221231".
const char *nc_version(void);
// Colours that terminfo gives the terminal that TERM names, -1 where it knows no such terminal. Not while nc_start is in
// force.
int nc_terminfo_colors(void);

int nc_colors(void);  // number of colours, 0 for none; more than 256 means direct RGB
int nc_input_fd(void);
int nc_output_fd(void);
int nc_wake_fd(void);       // read end of a pipe that signals and nc_wake write to
void nc_wake(void);         // from any thread
// The size in cells as the terminal reports it now; tells curses when it changed.
void nc_size(int *columns, int *rows);

// Next key without waiting, except for the rest of an escape sequence (ESCDELAY).
int nc_get(void);
// Puts the name of a function key ("kcuu1" style names of terminfo as curses prints them, KEY_UP, kUP5) into `name`.
void nc_key_name(int key, char *name, size_t size);

// One run of cells in one style at (x, y). Cell i has `lengths[i]` code points of `scalars` and is `columns[i]` wide.
// Colours: -1 the terminal's own, else an index, or 0xRRGGBB where there are more than 256. Pairs are recycled by curses.
void nc_put(
  int x, int y, const uint32_t *scalars, const uint8_t *lengths, const uint8_t *columns, int cells, int attributes,
  int foreground, int background);
// Sends what changed to the terminal; `synchronized` brackets it so that it appears at once (mode 2026).
void nc_flush(bool synchronized);
// Forgets what the terminal shows: the next nc_flush paints every cell.
void nc_invalidate(void);
void nc_erase(void);
// Raw bytes to the terminal between two nc_flush.
void nc_write(const char *bytes, size_t count);
void nc_beep(void);

// Where a crash report goes: the folder is made when a fatal signal comes, then the file is written, beginning with
// `header`. Texts that are too long are cut.
void nc_crash_prepare(const char *folder, const char *path, const char *header);
// Notes the name of a command that is about to run; the last fifty stand in the report.
void nc_crash_note(const char *command);
