#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wctype.h>

/// libedit converts all histories' entries in one buffer.
static pthread_mutex_t conversions = PTHREAD_MUTEX_INITIALIZER;

/// Whether there is something to read; `*error` says why it can't be.
static bool has_entries(const char *path, int32_t *error) {
    struct stat status;
    *error = 0;
    if (stat(path, &status) != 0) {
        if (errno != ENOENT) *error = errno;
        return false;
    }
    if (!S_ISREG(status.st_mode)) *error = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    if (*error == 0 && access(path, R_OK | W_OK) != 0) *error = errno;
    return *error == 0 && status.st_size > 0;
}

static wchar_t *latest_of(cl_history *history) {
    // libedit's first entry is the newest.
    if (history_w(history->entries, &history->event, H_FIRST) < 0) return NULL;
    return wcsdup(history->event.str);
}

cl_history *cl_history_open(const char *path, int32_t limit, int32_t *error) {
    *error = 0;
    cl_history *history = calloc(1, sizeof *history);
    if (!history) return NULL;
    history->entries = history_winit();
    if (!history->entries) {
        free(history);
        return NULL;
    }
    history_w(history->entries, &history->event, H_SETSIZE, (int)limit);
    history_w(history->entries, &history->event, H_SETUNIQUE, 1);
    if (!path) return history;
    if (has_entries(path, error)) {
        errno = 0;
        pthread_mutex_lock(&conversions);
        if (history_w(history->entries, &history->event, H_LOAD, path) < 0) *error = errno ? errno : EILSEQ;
        pthread_mutex_unlock(&conversions);
    }
    if (*error == 0) history->path = strdup(path);
    history->latest = latest_of(history);
    return history;
}

void cl_history_close(cl_history *history) {
    if (!history) return;
    history_wend(history->entries);
    free(history->path);
    free(history->latest);
    free(history);
}

/// A reader finds the old file or the new one, never half of one.
static int32_t save(cl_history *history) {
    size_t length = strlen(history->path);
    static const char suffix[] = ".XXXXXX";
    char *temporary = malloc(length + sizeof suffix);
    if (!temporary) return ENOMEM;
    memcpy(temporary, history->path, length);
    memcpy(temporary + length, suffix, sizeof suffix);
    // Creates it with mode 0600.
    int descriptor = mkostemp(temporary, O_CLOEXEC);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    int32_t error = file ? 0 : errno;
    if (file) {
        pthread_mutex_lock(&conversions);
        if (history_w(history->entries, &history->event, H_SAVE_FP, file) < 0) error = errno ? errno : EIO;
        pthread_mutex_unlock(&conversions);
        if (fflush(file) != 0 || fsync(descriptor) != 0) error = errno;
        if (fclose(file) != 0) error = errno;
        if (error == 0 && rename(temporary, history->path) != 0) error = errno;
        if (error != 0) unlink(temporary);
    } else if (descriptor >= 0) {
        close(descriptor);
        unlink(temporary);
    }
    free(temporary);
    return error;
}

static bool is_blank(const wchar_t *text) {
    while (*text && iswspace((wint_t)*text)) text++;
    return *text == 0;
}

int32_t cl_history_add(cl_history *history, const char *text) {
    wchar_t *wide = cl_widen(text);
    if (!wide) return ENOMEM;
    bool repeated = history->latest && wcscmp(history->latest, wide) == 0;
    if (wide[0] == L' ' || is_blank(wide) || repeated) {
        free(wide);
        return 0;
    }
    errno = 0;
    if (history_w(history->entries, &history->event, H_ENTER, wide) < 0) {
        free(wide);
        return errno ? errno : ENOMEM;
    }
    free(history->latest);
    history->latest = wide;
    return history->path ? save(history) : 0;
}

void cl_history_each(cl_history *history, void (*visit)(void *context, const char *text), void *context) {
    int found = history_w(history->entries, &history->event, H_LAST);
    while (found >= 0) {
        char *text = cl_narrow(history->event.str, wcslen(history->event.str));
        if (text) visit(context, text);
        free(text);
        found = history_w(history->entries, &history->event, H_PREV);
    }
}
