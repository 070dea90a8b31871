// The part of libedit that Terminal uses, as plain functions over UTF-8.
//
// Swift can't use histedit.h itself: `el_set` and `history` are variadic. Call `cn_set_locale` (CNCurses) first. An
// object may be used from one thread at a time. All text is UTF-8.
#ifndef CLIBEDIT_H
#define CLIBEDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

// MARK: History

typedef struct cl_history cl_history;

/// Reads the history from a file in libedit's format; a missing or empty file is an empty history.
///
/// On failure nothing is read and nothing will be written, so that the file stays as it is: `*error` is then the reason
/// (EILSEQ: not a history), else 0. Returns NULL only when memory has run out. A NULL path keeps it in memory.
cl_history *cl_history_open(const char *path, int32_t limit, int32_t *error);

void cl_history_close(cl_history *history);

/// Adds an entry and writes the file, readable by its owner only, as a temporary file that takes the other's place.
///
/// Skips what starts with a space, what is blank, and what equals the entry before.
/// Returns 0, or the errno that kept the file from being written.
int32_t cl_history_add(cl_history *history, const char *text);

/// Calls `visit` for each entry, oldest first.
void cl_history_each(cl_history *history, void (*visit)(void *context, const char *text), void *context);

// MARK: Waiting

enum { CL_READABLE = 0, CL_RESIZED = -1, CL_CONTINUED = -2, CL_SUSPEND = -3, CL_FAILED = -4 };

/// Takes over SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT and SIGWINCH for a read by the calling thread.
void cl_signals_begin(void);

/// Gives them back to whoever had them, and sends again what `cl_wait` hasn't returned.
///
/// `reported` is the number of a signal that the caller acts on, or 0.
void cl_signals_end(int32_t reported);

/// Waits until a descriptor is readable (or at its end) or a signal has come, in one step, so that none is missed.
///
/// Returns one of the above, or the number of a signal that asks to end the read. Only between the two calls above.
int32_t cl_wait(int32_t descriptor);

/// Stops this process as ^Z does, until it is continued. Only between the two calls above.
void cl_stop_process(void);

// MARK: Editor

typedef struct cl_editor cl_editor;

/// What a completion adds at the cursor, and what it lists below the line. Both are allocated, or NULL.
typedef struct {
    char *insertion;
    char *listing;
} cl_completion;

/// Called with the text before the cursor.
typedef cl_completion (*cl_complete)(void *context, const char *text);

enum cl_outcome {
    CL_LINE = 0,
    CL_END = 1,
    /// ^C; nothing was entered.
    CL_INTERRUPTED = 2,
    /// `*signal` asks the program to end.
    CL_TERMINATED = 3,
    CL_NO_MEMORY = 4,
};

/// Opens an editor on standard input and output, which have to be terminals. NULL otherwise (errno ENOTTY) or without
/// memory. The history has to live longer.
///
/// With `vi` the line is edited with vi's keys; `~/.editrc` may say otherwise.
cl_editor *cl_open(const char *program, cl_history *history, bool vi, cl_complete complete, void *context);

void cl_close(cl_editor *editor);

/// Sets the prompt; text between two \001 takes no columns.
void cl_prompt(cl_editor *editor, const char *prompt);

/// Reads an entry of one line or more. `*text` holds it without its last newline; free it with `cl_free`.
enum cl_outcome cl_gets(cl_editor *editor, char **text, int32_t *signal);

void cl_free(char *text);

#endif
