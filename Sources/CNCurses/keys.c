#include "CNCurses.h"
#include "internal.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

// Our own codes lie above those that ncurses hands out for extended names: 64 keys for each set of modifiers.
enum { first_code = 0x4000, codes_per_modifiers = 64, modifier_sets = 8 };

enum {
    key_paste_begin = CN_KEY_FUNCTION - 4,
    key_paste_end,
    key_focus_in,
    key_focus_out,
};

/// Reading from a pad never draws, which reading from the screen's window would.
static WINDOW *reader;

/// How much of a paste's end has come; kept from call to call, as it may be cut anywhere.
static size_t matched;

static int code_of(uint32_t key, uint32_t modifiers) {
    return first_code + (int)(modifiers * codes_per_modifiers + key);
}

static void define(const char *sequence, uint32_t key, uint32_t modifiers) {
    define_key(sequence, code_of(key, modifiers));
}

/// The parameter with which xterm and its likes say which modifiers are held.
static int parameter_of(uint32_t modifiers) {
    return 1 + (modifiers & CN_SHIFT ? 1 : 0) + (modifiers & CN_ALT ? 2 : 0) + (modifiers & CN_CONTROL ? 4 : 0);
}

typedef struct {
    uint32_t key;
    char final;
} lettered_key;

typedef struct {
    uint32_t key;
    int number;
} numbered_key;

static const lettered_key lettered[] = {
    {CN_KEY_UP, 'A'},           {CN_KEY_DOWN, 'B'},         {CN_KEY_RIGHT, 'C'},
    {CN_KEY_LEFT, 'D'},         {CN_KEY_END, 'F'},          {CN_KEY_HOME, 'H'},
    {CN_KEY_FUNCTION, 'P'},     {CN_KEY_FUNCTION + 1, 'Q'}, {CN_KEY_FUNCTION + 2, 'R'},
    {CN_KEY_FUNCTION + 3, 'S'},
};

static const numbered_key numbered[] = {
    {CN_KEY_HOME, 1},          {CN_KEY_INSERT, 2},        {CN_KEY_DELETE, 3},         {CN_KEY_END, 4},
    {CN_KEY_PAGE_UP, 5},       {CN_KEY_PAGE_DOWN, 6},     {CN_KEY_FUNCTION + 4, 15},  {CN_KEY_FUNCTION + 5, 17},
    {CN_KEY_FUNCTION + 6, 18}, {CN_KEY_FUNCTION + 7, 19}, {CN_KEY_FUNCTION + 8, 20},  {CN_KEY_FUNCTION + 9, 21},
    {CN_KEY_FUNCTION + 10, 23}, {CN_KEY_FUNCTION + 11, 24},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/// Every terminal in use sends these forms, whatever its description says, and a wrong TERM is common.
static void define_modified(uint32_t modifiers) {
    char sequence[24];
    int parameter = parameter_of(modifiers);
    for (size_t i = 0; i < COUNT(lettered); i++) {
        snprintf(sequence, sizeof sequence, "\033[1;%d%c", parameter, lettered[i].final);
        define(sequence, lettered[i].key, modifiers);
    }
    for (size_t i = 0; i < COUNT(numbered); i++) {
        snprintf(sequence, sizeof sequence, "\033[%d;%d~", numbered[i].number, parameter);
        define(sequence, numbered[i].key, modifiers);
    }
    // Enter with modifiers has two forms.
    snprintf(sequence, sizeof sequence, "\033[13;%du", parameter);
    define(sequence, CN_KEY_ENTER, modifiers);
    snprintf(sequence, sizeof sequence, "\033[27;%d;13~", parameter);
    define(sequence, CN_KEY_ENTER, modifiers);
}

static void define_plain(void) {
    char sequence[24];
    for (size_t i = 0; i < COUNT(lettered); i++) {
        snprintf(sequence, sizeof sequence, "\033O%c", lettered[i].final);
        define(sequence, lettered[i].key, 0);
        // ESC [ P to S belong to other things.
        if (lettered[i].key >= CN_KEY_FUNCTION) continue;
        snprintf(sequence, sizeof sequence, "\033[%c", lettered[i].final);
        define(sequence, lettered[i].key, 0);
    }
    for (size_t i = 0; i < COUNT(numbered); i++) {
        snprintf(sequence, sizeof sequence, "\033[%d~", numbered[i].number);
        define(sequence, numbered[i].key, 0);
    }
    define("\033OM", CN_KEY_ENTER, 0);
    define("\033\r", CN_KEY_ENTER, CN_ALT);
    define("\033[Z", CN_KEY_BACKTAB, 0);
    define("\033[200~", key_paste_begin, 0);
    define("\033[201~", key_paste_end, 0);
    define("\033[I", key_focus_in, 0);
    define("\033[O", key_focus_out, 0);
}

void cn_start_keys(void) {
    reader = newpad(1, 1);
    matched = 0;
    if (!reader) return;
    keypad(reader, TRUE);
    meta(reader, TRUE);
    nodelay(reader, TRUE);
    define_plain();
    for (uint32_t modifiers = 1; modifiers < modifier_sets; modifiers++) define_modified(modifiers);
}

void cn_stop_keys(void) {
    if (!reader) return;
    meta(reader, FALSE);
    delwin(reader);
    reader = NULL;
}

static cn_event key_event(uint32_t key, uint32_t modifiers) {
    return (cn_event){.kind = CN_EVENT_KEY, .code = key, .modifiers = modifiers};
}

/// Codes that ncurses gives out for names beyond its own, as `kUP5` for Ctrl-Up on a terminal with other sequences.
static cn_event named_event(int code) {
    static const struct {
        const char *name;
        uint32_t key;
    } names[] = {
        {"kUP", CN_KEY_UP},       {"kDN", CN_KEY_DOWN},      {"kLFT", CN_KEY_LEFT},      {"kRIT", CN_KEY_RIGHT},
        {"kHOM", CN_KEY_HOME},    {"kEND", CN_KEY_END},      {"kPRV", CN_KEY_PAGE_UP},   {"kNXT", CN_KEY_PAGE_DOWN},
        {"kDC", CN_KEY_DELETE},   {"kIC", CN_KEY_INSERT},
    };
    const char *name = keyname(code);
    for (size_t i = 0; name && i < COUNT(names); i++) {
        size_t length = strlen(names[i].name);
        if (strncmp(name, names[i].name, length) != 0) continue;
        // Without a digit the name means Shift.
        int parameter = name[length] ? name[length] - '0' : 2;
        for (uint32_t modifiers = 0; modifiers < modifier_sets; modifiers++) {
            if (parameter_of(modifiers) == parameter) return key_event(names[i].key, modifiers);
        }
    }
    return (cn_event){.kind = CN_EVENT_OTHER};
}

static cn_event mouse_event(void) {
    MEVENT event;
    if (getmouse(&event) != OK) return (cn_event){.kind = CN_EVENT_OTHER};
    if (event.bstate & BUTTON4_PRESSED) return key_event(CN_KEY_WHEEL_UP, 0);
    if (event.bstate & BUTTON5_PRESSED) return key_event(CN_KEY_WHEEL_DOWN, 0);
    return (cn_event){.kind = CN_EVENT_OTHER};
}

static cn_event curses_event(int code) {
    if (code >= KEY_F(1) && code <= KEY_F(24)) return key_event(CN_KEY_FUNCTION + (uint32_t)(code - KEY_F(1)), 0);
    switch (code) {
    case KEY_UP: return key_event(CN_KEY_UP, 0);
    case KEY_DOWN: return key_event(CN_KEY_DOWN, 0);
    case KEY_LEFT: return key_event(CN_KEY_LEFT, 0);
    case KEY_RIGHT: return key_event(CN_KEY_RIGHT, 0);
    case KEY_HOME: return key_event(CN_KEY_HOME, 0);
    case KEY_END: return key_event(CN_KEY_END, 0);
    case KEY_PPAGE: return key_event(CN_KEY_PAGE_UP, 0);
    case KEY_NPAGE: return key_event(CN_KEY_PAGE_DOWN, 0);
    case KEY_DC: return key_event(CN_KEY_DELETE, 0);
    case KEY_IC: return key_event(CN_KEY_INSERT, 0);
    case KEY_BACKSPACE: return key_event(CN_KEY_BACKSPACE, 0);
    case KEY_BTAB: return key_event(CN_KEY_BACKTAB, 0);
    case KEY_ENTER: return key_event(CN_KEY_ENTER, 0);
    case KEY_SR: return key_event(CN_KEY_UP, CN_SHIFT);
    case KEY_SF: return key_event(CN_KEY_DOWN, CN_SHIFT);
    case KEY_SLEFT: return key_event(CN_KEY_LEFT, CN_SHIFT);
    case KEY_SRIGHT: return key_event(CN_KEY_RIGHT, CN_SHIFT);
    case KEY_SHOME: return key_event(CN_KEY_HOME, CN_SHIFT);
    case KEY_SEND: return key_event(CN_KEY_END, CN_SHIFT);
    case KEY_SPREVIOUS: return key_event(CN_KEY_PAGE_UP, CN_SHIFT);
    case KEY_SNEXT: return key_event(CN_KEY_PAGE_DOWN, CN_SHIFT);
    case KEY_SDC: return key_event(CN_KEY_DELETE, CN_SHIFT);
    case KEY_MOUSE: return mouse_event();
    // `resizeterm` queues this; the size comes by a signal of its own.
    case KEY_RESIZE: return (cn_event){.kind = CN_EVENT_OTHER};
    default: return named_event(code);
    }
}

cn_event cn_read_event(void) {
    // Bytes and not characters are read: ncurses would drop a character whose bytes come apart, and, after a byte that
    // is no UTF-8, the keys that follow it.
    int code = reader ? wgetch(reader) : ERR;
    if (code == ERR) return (cn_event){.kind = CN_EVENT_NONE};
    if (code < 0x100) return (cn_event){.kind = CN_EVENT_BYTE, .code = (uint32_t)code};
    if (code < first_code) return curses_event(code);
    uint32_t own = (uint32_t)(code - first_code);
    uint32_t key = own % codes_per_modifiers, modifiers = own / codes_per_modifiers;
    if (key == key_paste_begin) return (cn_event){.kind = CN_EVENT_PASTE};
    // The end of a paste that has ended already, as when the pasted text holds one.
    if (key == key_paste_end) return (cn_event){.kind = CN_EVENT_OTHER};
    if (key == key_focus_in || key == key_focus_out) {
        return (cn_event){.kind = CN_EVENT_FOCUS, .code = key == key_focus_in};
    }
    return key_event(key, modifiers);
}

size_t cn_read_pasted(uint8_t *bytes, size_t capacity, bool *ended) {
    static const char end[] = "\033[201~";
    enum { end_length = sizeof end - 1 };
    size_t count = 0;
    *ended = false;
    // ncurses has read nothing beyond the paste's start, so that what follows can be taken as it is: a sequence in the
    // pasted text is text. At least `end_length - matched` bytes are still to come: never ask for more.
    while (count + 2 * end_length <= capacity) {
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        if (poll(&input, 1, 0) <= 0 || !(input.revents & POLLIN)) break;
        uint8_t piece[end_length];
        ssize_t length = read(STDIN_FILENO, piece, end_length - matched);
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0) break;
        for (ssize_t i = 0; i < length; i++) {
            if (piece[i] == end[matched]) {
                if (++matched < end_length) continue;
                matched = 0;
                *ended = true;
                return count;
            }
            // Escape occurs only at the start of the end, so that a failed match begins anew here or not at all.
            memcpy(bytes + count, end, matched);
            count += matched;
            matched = 0;
            if (piece[i] == end[0]) {
                matched = 1;
            } else {
                bytes[count++] = piece[i];
            }
        }
    }
    return count;
}

bool cn_input_ended(void) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&input, 1, 0) <= 0) return false;
    if (input.revents & (POLLERR | POLLNVAL)) return true;
    int waiting = 0;
    if (ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0) return true;
    // Readable with nothing to read, or hung up with nothing left.
    return waiting == 0 && (input.revents & (POLLIN | POLLHUP));
}
