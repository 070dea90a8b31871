#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct cl_editor {
    EditLine *line;
    wchar_t *prompt;
    cl_complete complete;
    void *context;
    /// A character whose bytes are still coming.
    uint32_t partial;
    int missing;
    /// The signal that ends this read, or 0.
    int32_t ending;
    /// Whether vi's keys edit: then Escape is a key, and what begins with it is recognised here.
    bool vi;
    bool pasting;
    /// Bytes that came after an Escape and were no key together.
    uint8_t ahead[8];
    size_t ahead_count;
};

/// Keys that begin with Escape, in vi's editor. libedit would take Escape for itself there, so they reach it as C1
/// controls, which no terminal sends.
typedef struct {
    const char *sequence;
    wchar_t key;
    const wchar_t *function;
} escaped_key;

static const escaped_key escaped_keys[] = {
    {"[200~", 0x80, L"x-paste"},         {"[13;2u", 0x81, L"x-nl"},
    {"\n", 0x81, L"x-nl"},               {"[A", 0x82, L"ed-prev-history"},
    {"OA", 0x82, L"ed-prev-history"},    {"[B", 0x83, L"ed-next-history"},
    {"OB", 0x83, L"ed-next-history"},    {"[C", 0x84, L"ed-next-char"},
    {"OC", 0x84, L"ed-next-char"},       {"[D", 0x85, L"ed-prev-char"},
    {"OD", 0x85, L"ed-prev-char"},       {"[H", 0x86, L"ed-move-to-beg"},
    {"[1~", 0x86, L"ed-move-to-beg"},    {"[F", 0x87, L"ed-move-to-end"},
    {"[4~", 0x87, L"ed-move-to-end"},    {"[3~", 0x88, L"ed-delete-next-char"},
    {"[1;5C", 0x89, L"vi-next-word"},    {"[1;5D", 0x8A, L"vi-prev-word"},
    {"p", 0x8B, L"ed-search-prev-history"}, {"n", 0x8C, L"ed-search-next-history"},
};
enum { escaped_count = sizeof escaped_keys / sizeof *escaped_keys };

static void write_out(const char *bytes) {
    fputs(bytes, stdout);
    fflush(stdout);
}

static cl_editor *editor_of(EditLine *line) {
    cl_editor *editor = NULL;
    el_wget(line, EL_CLIENTDATA, &editor);
    return editor;
}

static wchar_t *show_prompt(EditLine *line) {
    return editor_of(line)->prompt;
}

// MARK: Reading a character

/// Gives the terminal to the shell, and afterwards draws the line again.
static void suspend(cl_editor *editor) {
    el_wset(editor->line, EL_PREP_TERM, 0);
    write_out("\033[?2004l\r\n");
    cl_stop_process();
}

static void reclaim(cl_editor *editor) {
    // Off and on: libedit believes that its settings are still in force.
    el_wset(editor->line, EL_PREP_TERM, 0);
    el_wset(editor->line, EL_PREP_TERM, 1);
    write_out("\033[?2004h");
    el_resize(editor->line);
    el_wset(editor->line, EL_REFRESH);
}

/// Ends the read. The first answer is "go to the end of the line", so that what is printed next comes below it.
static int end_read(cl_editor *editor, int32_t number, wchar_t *character) {
    const LineInfoW *info = el_wline(editor->line);
    bool first = editor->ending == 0;
    editor->ending = number;
    if (first && info->cursor != info->lastchar) {
        *character = 0x05;
        return 1;
    }
    errno = EINTR;
    return -1;
}

/// One byte; -1 when the read ends, with `*answer` as libedit wants it.
static int next_byte(cl_editor *editor, wchar_t *character, int *answer) {
    for (;;) {
        int32_t event = editor->ending ? editor->ending : editor->ahead_count ? CL_READABLE : cl_wait(STDIN_FILENO);
        switch (event) {
        case CL_READABLE: {
            if (editor->ahead_count) {
                uint8_t first = editor->ahead[0];
                memmove(editor->ahead, editor->ahead + 1, --editor->ahead_count);
                return first;
            }
            uint8_t byte;
            ssize_t count = read(STDIN_FILENO, &byte, 1);
            if (count == 1) return byte;
            if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            // ^D is a key in this mode: only a terminal that has hung up has an end.
            editor->ending = SIGHUP;
            *answer = 0;
            return -1;
        }
        case CL_RESIZED: el_resize(editor->line); continue;
        case CL_SUSPEND: suspend(editor); continue;
        case CL_CONTINUED: reclaim(editor); continue;
        case CL_FAILED: *answer = 0; return -1;
        default: *answer = end_read(editor, event, character); return -1;
        }
    }
}

/// The key that begins with the Escape that was read; 0 if it is none, and its bytes are ahead then.
static wchar_t take_escaped(cl_editor *editor) {
    // What a key sends comes at once.
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    while (editor->ahead_count < sizeof editor->ahead && poll(&input, 1, 25) > 0) {
        if (read(STDIN_FILENO, &editor->ahead[editor->ahead_count], 1) != 1) return 0;
        editor->ahead_count++;
        bool begins = false;
        for (int i = 0; i < escaped_count; i++) {
            const char *sequence = escaped_keys[i].sequence;
            size_t length = strlen(sequence);
            if (length < editor->ahead_count || memcmp(sequence, editor->ahead, editor->ahead_count) != 0) continue;
            begins = true;
            if (length > editor->ahead_count) continue;
            editor->ahead_count = 0;
            return escaped_keys[i].key;
        }
        if (!begins) return 0;
    }
    return 0;
}

/// What libedit calls for each character.
static int read_character(EditLine *line, wchar_t *character) {
    cl_editor *editor = editor_of(line);
    static const wchar_t replacement = 0xFFFD;
    for (;;) {
        int answer = 0;
        int byte = next_byte(editor, character, &answer);
        if (byte < 0) return answer;
        if (byte == 0x1B && editor->vi && !editor->pasting && !editor->ahead_count) {
            wchar_t key = take_escaped(editor);
            if (key) return *character = key, 1;
        }
        uint32_t scalar = 0;
        bool retry;
        switch (cl_decode(&editor->partial, &editor->missing, (uint8_t)byte, &scalar, &retry)) {
        case 0: continue;
        case 1: *character = (wchar_t)scalar; return 1;
        default:
            // A key that follows half a character counts; the half is what the reader sees go wrong.
            *character = retry && byte < 0x80 ? (wchar_t)byte : replacement;
            return 1;
        }
    }
}

// MARK: Bound functions

static unsigned char insert_newline(EditLine *line, wint_t key) {
    (void)key;
    return el_winsertstr(line, L"\n") == 0 ? CC_REFRESH : CC_REFRESH_BEEP;
}

/// Takes a whole paste as text, newlines included.
static unsigned char insert_paste(EditLine *line, wint_t key) {
    (void)key;
    static const wchar_t end[] = L"\033[201~";
    enum { end_length = sizeof end / sizeof *end - 1 };
    size_t count = 0, capacity = 1024;
    wchar_t *text = malloc(capacity * sizeof *text), character;
    bool after_return = false;
    cl_editor *editor = editor_of(line);
    editor->pasting = true;
    while (text && el_wgetc(line, &character) == 1) {
        // Enter arrives as the other of CR and LF in this mode; both mean a line end, and so does the pair.
        bool second = after_return && character == L'\r';
        after_return = character == L'\n';
        if (second || character == 0) continue;
        if (count + 2 > capacity) {
            wchar_t *larger = realloc(text, (capacity *= 2) * sizeof *text);
            if (!larger) break;
            text = larger;
        }
        text[count++] = character == L'\r' ? L'\n' : character;
        if (count >= end_length && wmemcmp(text + count - end_length, end, end_length) == 0) {
            count -= end_length;
            break;
        }
    }
    editor->pasting = false;
    if (!text) return CC_ERROR;
    text[count] = 0;
    int result = count ? el_winsertstr(line, text) : 0;
    free(text);
    return result == 0 ? CC_REFRESH : CC_REFRESH_BEEP;
}

static unsigned char complete_word(EditLine *line, wint_t key) {
    (void)key;
    cl_editor *editor = editor_of(line);
    const LineInfoW *info = el_wline(line);
    char *before = cl_narrow(info->buffer, (size_t)(info->cursor - info->buffer));
    if (!editor->complete || !before) {
        free(before);
        return CC_REFRESH_BEEP;
    }
    cl_completion found = editor->complete(editor->context, before);
    unsigned char result = found.insertion || found.listing ? CC_REFRESH : CC_REFRESH_BEEP;
    wchar_t *insertion = found.insertion ? cl_widen(found.insertion) : NULL;
    if (insertion && el_winsertstr(line, insertion) != 0) result = CC_REFRESH_BEEP;
    if (found.listing) {
        fprintf(stdout, "\n%s\n", found.listing);
        fflush(stdout);
        result = CC_REDISPLAY;
    }
    free(insertion);
    free(found.insertion);
    free(found.listing);
    free(before);
    return result;
}

// MARK: Opening

static void bind(EditLine *line, const wchar_t *keys, const wchar_t *function) {
    el_wset(line, EL_BIND, keys, function, NULL);
}

static void add_functions(EditLine *line) {
    el_wset(line, EL_ADDFN, L"x-nl", L"insert a newline", insert_newline);
    el_wset(line, EL_ADDFN, L"x-paste", L"insert a paste", insert_paste);
    el_wset(line, EL_ADDFN, L"x-complete", L"complete", complete_word);
}

/// Binds what the editor lacks; a change between emacs and vi takes all bindings away.
static void bind_keys(cl_editor *editor, bool vi) {
    EditLine *line = editor->line;
    editor->vi = vi;
    // The edit mode of libedit swaps CR and LF: Enter arrives as ^J, Ctrl-J as ^M, Alt-Enter as ESC ^J.
    bind(line, L"^M", L"x-nl");
    bind(line, L"^I", L"x-complete");
    bind(line, L"^R", L"em-inc-search-prev");
    if (!vi) {
        bind(line, L"\\e^J", L"x-nl");
        bind(line, L"\\e[13;2u", L"x-nl");
        bind(line, L"\\e[200~", L"x-paste");
        bind(line, L"\\e[1;5C", L"em-next-word");
        bind(line, L"\\e[1;5D", L"ed-prev-word");
        bind(line, L"\\e[1~", L"ed-move-to-beg");
        bind(line, L"\\e[4~", L"ed-move-to-end");
        bind(line, L"\\e[3~", L"ed-delete-next-char");
        return;
    }
    // Sequences that libedit has bound by itself would keep Escape waiting for more.
    bind(line, L"\\e", L"vi-command-mode");
    el_wset(line, EL_BIND, L"-a", L"^M", L"x-nl", NULL);
    for (int i = 0; i < escaped_count; i++) {
        const wchar_t key[] = {escaped_keys[i].key, 0};
        bind(line, key, escaped_keys[i].function);
        el_wset(line, EL_BIND, L"-a", key, escaped_keys[i].function, NULL);
    }
}

static bool uses_vi(EditLine *line) {
    const wchar_t *name = NULL;
    return el_wget(line, EL_EDITOR, &name) == 0 && name && wcscmp(name, L"vi") == 0;
}

cl_editor *cl_open(const char *program, cl_history *history, bool vi, cl_complete complete, void *context) {
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        errno = ENOTTY;
        return NULL;
    }
    cl_editor *editor = calloc(1, sizeof *editor);
    if (!editor) return NULL;
    editor->complete = complete;
    editor->context = context;
    editor->prompt = wcsdup(L"> ");
    editor->line = editor->prompt ? el_init(program, stdin, stdout, stderr) : NULL;
    if (!editor->line) {
        free(editor->prompt);
        free(editor);
        errno = ENOMEM;
        return NULL;
    }
    EditLine *line = editor->line;
    el_wset(line, EL_CLIENTDATA, editor);
    el_wset(line, EL_PROMPT_ESC, show_prompt, L'\1');
    el_wset(line, EL_EDITOR, vi ? L"vi" : L"emacs");
    el_wset(line, EL_HIST, history_w, history->entries);
    el_wset(line, EL_GETCFN, read_character);
    // ^S would freeze the terminal.
    el_wset(line, EL_SETTY, L"-d", L"-ixon", NULL);
    add_functions(line);
    bind_keys(editor, vi);
    // The user's own bindings come last, unless they begin with the other editor.
    el_source(line, NULL);
    if (uses_vi(line) != vi) bind_keys(editor, !vi);
    return editor;
}

void cl_close(cl_editor *editor) {
    if (!editor) return;
    el_end(editor->line);
    free(editor->prompt);
    free(editor);
}

void cl_prompt(cl_editor *editor, const char *prompt) {
    wchar_t *wide = cl_widen(prompt);
    if (!wide) return;
    free(editor->prompt);
    editor->prompt = wide;
}

// MARK: Reading a line

enum cl_outcome cl_gets(cl_editor *editor, char **text, int32_t *signal) {
    *text = NULL;
    *signal = 0;
    editor->ending = 0;
    editor->partial = 0;
    editor->missing = 0;
    cl_signals_begin();
    // The size may have changed since the last read.
    el_resize(editor->line);
    write_out("\033[?2004h");
    int count = 0;
    const wchar_t *line = el_wgets(editor->line, &count);
    write_out("\033[?2004l");
    cl_signals_end(editor->ending);
    if (editor->ending) {
        el_reset(editor->line);
        write_out("\n");
        *signal = editor->ending;
        return editor->ending == SIGINT ? CL_INTERRUPTED : CL_TERMINATED;
    }
    if (!line || count <= 0) {
        // libedit leaves the cursor behind the ^D that it shows.
        write_out("\n");
        return CL_END;
    }
    size_t length = (size_t)count;
    if (line[length - 1] == L'\n') length--;
    *text = cl_narrow(line, length);
    return *text ? CL_LINE : CL_NO_MEMORY;
}

void cl_free(char *text) {
    free(text);
}
