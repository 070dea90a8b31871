#include "CNCurses.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

static bool codeset_is_utf8(void) {
    const char *codeset = nl_langinfo(CODESET);
    return strcmp(codeset, "UTF-8") == 0 || strcmp(codeset, "utf8") == 0;
}

bool cn_set_locale(void) {
    // A locale that isn't installed leaves "C" in place, which the next lines mend.
    setlocale(LC_ALL, "");
    // Numbers are written and read by us in one form only.
    setlocale(LC_NUMERIC, "C");
    if (codeset_is_utf8()) return true;
    static const char *const candidates[] = {"C.UTF-8", "C.utf8", "en_US.UTF-8"};
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        if (setlocale(LC_CTYPE, candidates[i]) && codeset_is_utf8()) return true;
    }
    return false;
}

int32_t cn_width(uint32_t scalar) {
    return wcwidth((wchar_t)scalar);
}
