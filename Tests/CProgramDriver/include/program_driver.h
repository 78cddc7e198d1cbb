// The parts of starting a program that need declarations which Swift's view of the C library leaves out.
#pragma once
#include <sys/types.h>

// Starts `file`, found along PATH, with its standard streams opened from three paths; `directory` may be null. With
// `session` it leads a session of its own, so that a terminal it opens becomes its controlling terminal; without, a
// process group. Returns 0 or an errno value.
int driver_spawn(pid_t *process, const char *file, char *const argv[], char *const envp[], const char *input,
                 const char *output, const char *error, const char *directory, int session);

// Opens a pseudo-terminal of a size in cells. Returns the master's descriptor and writes the path of the terminal to
// `name`, or -1 with errno set.
int driver_open_terminal(int width, int height, char *name, int capacity);

// Sets the size in cells of the terminal behind `master`. Returns 0, or -1 with errno set.
int driver_resize_terminal(int master, int width, int height);
