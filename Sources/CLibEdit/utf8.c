// UTF-8 as it is defined, whatever the locale: libedit's own conversion depends on it.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum { replacement = 0xFFFD };

int cl_decode(uint32_t *partial, int *missing, uint8_t byte, uint32_t *scalar, bool *retry) {
    // The upper half of `*missing` keeps the number of bytes in all, to refuse forms that are too long.
    int left = *missing & 0xFF, all = *missing >> 8;
    *retry = false;
    if (left == 0) {
        if (byte < 0x80) return *scalar = byte, 1;
        if (byte >= 0xC2 && byte < 0xE0) return *partial = byte & 0x1F, *missing = 2 << 8 | 1, 0;
        if (byte >= 0xE0 && byte < 0xF0) return *partial = byte & 0x0F, *missing = 3 << 8 | 2, 0;
        if (byte >= 0xF0 && byte < 0xF5) return *partial = byte & 0x07, *missing = 4 << 8 | 3, 0;
        return -1;
    }
    if ((byte & 0xC0) != 0x80) {
        *missing = 0;
        *retry = true;
        return -1;
    }
    *partial = *partial << 6 | (byte & 0x3F);
    *missing = --left ? all << 8 | left : 0;
    if (left) return 0;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    bool surrogate = *partial >= 0xD800 && *partial < 0xE000;
    if (*partial < least[all] || *partial > 0x10FFFF || surrogate) return -1;
    *scalar = *partial;
    return 1;
}

wchar_t *cl_widen(const char *text) {
    size_t length = strlen(text), count = 0;
    wchar_t *wide = malloc((length + 1) * sizeof *wide);
    if (!wide) return NULL;
    uint32_t partial = 0, scalar = 0;
    int missing = 0;
    for (size_t i = 0; i < length; i++) {
        bool retry;
        int state = cl_decode(&partial, &missing, (uint8_t)text[i], &scalar, &retry);
        if (state != 0) wide[count++] = state > 0 ? (wchar_t)scalar : replacement;
        if (retry) i--;
    }
    if (missing) wide[count++] = replacement;
    wide[count] = 0;
    return wide;
}

char *cl_narrow(const wchar_t *text, size_t count) {
    char *bytes = malloc(count * 4 + 1);
    if (!bytes) return NULL;
    char *end = bytes;
    for (size_t i = 0; i < count; i++) {
        uint32_t scalar = (uint32_t)text[i];
        if (scalar > 0x10FFFF || (scalar >= 0xD800 && scalar < 0xE000)) scalar = replacement;
        if (scalar < 0x80) {
            *end++ = (char)scalar;
        } else if (scalar < 0x800) {
            *end++ = (char)(0xC0 | scalar >> 6);
            *end++ = (char)(0x80 | (scalar & 0x3F));
        } else if (scalar < 0x10000) {
            *end++ = (char)(0xE0 | scalar >> 12);
            *end++ = (char)(0x80 | (scalar >> 6 & 0x3F));
            *end++ = (char)(0x80 | (scalar & 0x3F));
        } else {
            *end++ = (char)(0xF0 | scalar >> 18);
            *end++ = (char)(0x80 | (scalar >> 12 & 0x3F));
            *end++ = (char)(0x80 | (scalar >> 6 & 0x3F));
            *end++ = (char)(0x80 | (scalar & 0x3F));
        }
    }
    *end = 0;
    return bytes;
}
