// What the files of this target share.
#ifndef CLIBEDIT_INTERNAL_H
#define CLIBEDIT_INTERNAL_H

#include "CLibEdit.h"

#include <histedit.h>

struct cl_history {
    HistoryW *entries;
    HistEventW event;
    /// NULL when nothing is written.
    char *path;
    wchar_t *latest;
};

/// UTF-8 → wide characters, NULL without memory; free it. What isn't UTF-8 becomes U+FFFD.
wchar_t *cl_widen(const char *text);

/// Wide characters → UTF-8, NULL without memory; free it.
char *cl_narrow(const wchar_t *text, size_t count);

/// Adds one byte to a character whose earlier bytes are in `*partial` and `*missing` (both 0 before the first).
/// Returns 0 when more is to come, 1 when `*scalar` is whole, -1 when the bytes are wrong: `*retry` then tells whether
/// this byte has to be given again as the start of another character.
int cl_decode(uint32_t *partial, int *missing, uint8_t byte, uint32_t *scalar, bool *retry);

#endif
