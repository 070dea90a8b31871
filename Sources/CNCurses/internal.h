// What the files of this target share.
#ifndef CNCURSES_INTERNAL_H
#define CNCURSES_INTERNAL_H

#include <unistd.h>

/// Prepares for reading keys, and teaches ncurses the sequences of modified keys, paste and focus.
void cn_start_keys(void);

void cn_stop_keys(void);

/// Says what gives the cursor its usual shape back in a crash; NULL where it has that.
void cn_guard_cursor(const char *bytes);

/// Writes all of it, whatever signals come; gives up when the terminal is gone.
void cn_write_all(const char *bytes, unsigned long count);

#endif
