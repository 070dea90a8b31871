#include "CNCurses.h"
#include "internal.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

// Keypad mode, paste, focus, mouse, cursor, alternate screen, colours: all off, whatever the terminal is.
static const char screen_off[] =
    "\033[?1l\033>\033[?2004l\033[?1004l\033[?1006l\033[?1002l\033[?1000l\033[?25h\033[?1049l\033[0m";
static const char line_off[] = "\033[?2004l\033[0m";

static const int crashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGTRAP, SIGFPE};
enum { crash_count = sizeof crashes / sizeof *crashes };

/// What gives the cursor its usual shape back, if it has another.
static char cursor_off[24];
static atomic_size_t cursor_off_length;

static struct termios settings;
static struct sigaction previous[crash_count];
static bool installed;
static atomic_int armed = CN_GUARD_OFF;

/// Only what POSIX allows in a handler; the exchange lets one thread do it, once.
static void give_back(void) {
    switch (atomic_exchange(&armed, CN_GUARD_OFF)) {
    case CN_GUARD_SCREEN:
        cn_write_all(cursor_off, atomic_load(&cursor_off_length));
        cn_write_all(screen_off, sizeof screen_off - 1);
        break;
    case CN_GUARD_LINE: cn_write_all(line_off, sizeof line_off - 1); break;
    default: return;
    }
    tcsetattr(STDIN_FILENO, TCSANOW, &settings);
}

static void handle_crash(int number) {
    int saved = errno;
    give_back();
    for (int i = 0; i < crash_count; i++) {
        if (crashes[i] != number) continue;
        // An ignored crash would come again for ever.
        if (previous[i].sa_handler == SIG_IGN) previous[i].sa_handler = SIG_DFL;
        sigaction(number, &previous[i], NULL);
    }
    errno = saved;
    // Blocked until this handler returns, and then delivered at the place of the fault.
    raise(number);
}

bool cn_guard_begin(void) {
    static bool at_exit;
    if (installed) return true;
    if (tcgetattr(STDIN_FILENO, &settings) != 0) return false;
    struct sigaction action = {.sa_handler = handle_crash, .sa_flags = SA_ONSTACK};
    sigfillset(&action.sa_mask);
    for (int i = 0; i < crash_count; i++) {
        sigdelset(&action.sa_mask, crashes[i]);
        sigaction(crashes[i], &action, &previous[i]);
    }
    installed = true;
    cn_guard_thread();
    if (!at_exit) at_exit = atexit(give_back) == 0;
    return true;
}

void cn_guard_cursor(const char *bytes) {
    size_t length = bytes ? strlen(bytes) : 0;
    if (length > sizeof cursor_off) length = 0;
    atomic_store(&cursor_off_length, 0);
    memcpy(cursor_off, bytes ? bytes : "", length);
    atomic_store(&cursor_off_length, length);
}

void cn_guard_arm(enum cn_guard_mode mode) {
    atomic_store(&armed, mode);
}

void cn_guard_end(void) {
    atomic_store(&armed, CN_GUARD_OFF);
    if (!installed) return;
    for (int i = 0; i < crash_count; i++) sigaction(crashes[i], &previous[i], NULL);
    installed = false;
}

void cn_guard_thread(void) {
    static _Thread_local bool done;
    if (done) return;
    done = true;
    stack_t stack;
    // The Swift runtime may have given this thread one.
    if (sigaltstack(NULL, &stack) != 0 || !(stack.ss_flags & SS_DISABLE)) return;
    // Large vector registers are saved here too. It lives as long as its thread can crash, which has no end we could see.
    size_t bytes = 64 * 1024;
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED) return;
    stack = (stack_t){.ss_sp = memory, .ss_size = bytes};
    sigaltstack(&stack, NULL);
}

void cn_write_all(const char *bytes, unsigned long count) {
    while (count > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        count -= (unsigned long)written;
    }
}
