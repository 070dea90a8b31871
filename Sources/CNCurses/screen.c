#include "CNCurses.h"
#include "internal.h"

#include <curses.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

// term.h defines common words such as `lines` as macros.
extern int tigetflag(const char *);
extern char *tigetstr(const char *);
extern char *tiparm(const char *, ...);

static const char paste_on[] = "\033[?2004h";
static const char paste_off[] = "\033[?2004l";

static const char focus_on[] = "\033[?1004h";
static const char focus_off[] = "\033[?1004l";

static SCREEN *screen;
static bool reports_focus;
/// What the terminal takes for a shape of the cursor, and for its usual one; NULL where it has no shapes.
static const char *shape_on, *shape_off;
static int32_t cursor_shape;
static bool utf8;
static bool has_own_colors;
static cn_capabilities found;

static const char *capability(const char *name) {
    const char *text = tigetstr(name);
    return text == (const char *)-1 ? NULL : text;
}

static void show_shape(int32_t shape) {
    if (!shape_on || !shape_off) return;
    const char *bytes = shape ? tiparm(shape_on, (int)shape) : shape_off;
    if (bytes) cn_write_all(bytes, strlen(bytes));
}

static void set_modes(bool on) {
    if (cursor_shape) show_shape(on ? cursor_shape : 0);
    if (on) {
        cn_write_all(paste_on, sizeof paste_on - 1);
        if (reports_focus) cn_write_all(focus_on, sizeof focus_on - 1);
    } else {
        if (reports_focus) cn_write_all(focus_off, sizeof focus_off - 1);
        cn_write_all(paste_off, sizeof paste_off - 1);
    }
}

static void start_colors(bool color) {
    found.colors = 0;
    has_own_colors = false;
    if (!color || !has_colors() || start_color() != OK) return;
    has_own_colors = use_default_colors() == OK;
    found.colors = COLORS;
    found.direct_color = COLORS >= 0x1000000 && tigetflag("RGB") > 0;
}

enum cn_start_result cn_start(bool color, cn_capabilities *capabilities) {
    if (screen) return CN_ALREADY_STARTED;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return CN_NOT_A_TERMINAL;
    found = (cn_capabilities){0};
    utf8 = found.utf8 = cn_set_locale();
    set_escdelay(25);
    // The terminal's real size wins over LINES and COLUMNS left in the environment.
    use_tioctl(TRUE);
    if (!cn_guard_begin()) return CN_NOT_A_TERMINAL;
    const char *name = getenv("TERM");
    if (name && *name) screen = newterm(name, stdout, stdin);
    if (!screen) {
        found.fell_back = true;
        screen = newterm("xterm-256color", stdout, stdin);
    }
    if (!screen) {
        cn_guard_end();
        return CN_NO_DESCRIPTION;
    }
    cn_guard_arm(CN_GUARD_SCREEN);
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    start_colors(color);
    shape_on = capability("Ss");
    shape_off = capability("Se");
    cn_start_keys();
    set_modes(true);
    *capabilities = found;
    return CN_STARTED;
}

void cn_stop(void) {
    if (!screen) return;
    set_modes(false);
    cn_stop_keys();
    curs_set(1);
    endwin();
    delscreen(screen);
    screen = NULL;
    reports_focus = false;
    cursor_shape = 0;
    cn_guard_cursor(NULL);
    cn_guard_end();
}

bool cn_is_running(void) {
    return screen != NULL;
}

void cn_size(int32_t *columns, int32_t *rows) {
    *columns = screen ? getmaxx(stdscr) : 0;
    *rows = screen ? getmaxy(stdscr) : 0;
}

bool cn_resize(void) {
    struct winsize size;
    if (!screen || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return false;
    // Some terminals report nothing for a moment.
    if (size.ws_col == 0 || size.ws_row == 0) return false;
    if (size.ws_col == getmaxx(stdscr) && size.ws_row == getmaxy(stdscr)) return false;
    resizeterm(size.ws_row, size.ws_col);
    return true;
}

/// Replaces what the terminal could take for a command, and what takes no column of its own.
static wchar_t drawable(uint32_t scalar) {
    if (!utf8) return scalar >= 0x20 && scalar < 0x7F ? (wchar_t)scalar : L'?';
    if (scalar < 0x20 || (scalar >= 0x7F && scalar < 0xA0) || scalar > 0x10FFFF) return 0xFFFD;
    return wcwidth((wchar_t)scalar) > 0 ? (wchar_t)scalar : 0xFFFD;
}

static attr_t curses_attributes(uint32_t attributes) {
    attr_t result = A_NORMAL;
    if (attributes & CN_BOLD) result |= A_BOLD;
    if (attributes & CN_DIM) result |= A_DIM;
    if (attributes & CN_ITALIC) result |= A_ITALIC;
    if (attributes & CN_UNDERLINE) result |= A_UNDERLINE;
    if (attributes & CN_REVERSE) result |= A_REVERSE;
    return result;
}

static int color_pair(int32_t foreground, int32_t background) {
    if (found.colors == 0 || (foreground < 0 && background < 0)) return 0;
    if (!has_own_colors) {
        // The terminal can't name its own colours: white on black comes closest.
        if (foreground < 0) foreground = COLOR_WHITE;
        if (background < 0) background = COLOR_BLACK;
    }
    int pair = alloc_pair(foreground, background);
    return pair > 0 ? pair : 0;
}

void cn_put(
    int32_t column, int32_t row, const uint32_t *scalars, size_t count, uint32_t attributes, int32_t foreground,
    int32_t background) {
    if (!screen || count == 0 || column < 0 || row < 0 || column >= getmaxx(stdscr) || row >= getmaxy(stdscr)) return;
    wchar_t text[CCHARW_MAX + 1] = {drawable(scalars[0])};
    size_t length = 1;
    for (size_t i = 1; utf8 && i < count && length < CCHARW_MAX; i++) {
        if (scalars[i] >= 0xA0 && wcwidth((wchar_t)scalars[i]) == 0) text[length++] = (wchar_t)scalars[i];
    }
    text[length] = 0;
    int pair = color_pair(foreground, background);
    cchar_t cell;
    if (setcchar(&cell, text, curses_attributes(attributes), 0, &pair) == ERR) return;
    // The last cell of the screen is drawn although the answer is ERR, as the cursor can't move on.
    mvadd_wch(row, column, &cell);
}

void cn_cursor(bool visible, int32_t column, int32_t row) {
    if (!screen) return;
    curs_set(visible ? 1 : 0);
    if (visible) move(row, column);
}

void cn_refresh(void) {
    if (!screen) return;
    cn_guard_thread();
    refresh();
}

void cn_mouse(bool on) {
    if (screen) mousemask(on ? BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

void cn_focus(bool on) {
    if (!screen || on == reports_focus) return;
    reports_focus = on;
    if (on) {
        cn_write_all(focus_on, sizeof focus_on - 1);
    } else {
        cn_write_all(focus_off, sizeof focus_off - 1);
    }
}

void cn_shape(int32_t shape) {
    if (!screen || shape == cursor_shape) return;
    cursor_shape = shape;
    cn_guard_cursor(shape && shape_on ? shape_off : NULL);
    show_shape(shape);
}

void cn_send(const uint8_t *bytes, size_t count) {
    if (screen) cn_write_all((const char *)bytes, count);
}

void cn_redraw(void) {
    if (!screen) return;
    clearok(curscr, TRUE);
    // ncurses does this itself when it takes the terminal again.
    if (isendwin()) return;
    // What was on its way to a terminal that had changed its size already has set the region that scrolls to the rows of
    // the earlier size, and ncurses takes it for the whole screen.
    const char *region = capability("csr");
    const char *bytes = region ? tiparm(region, 0, getmaxy(stdscr) - 1) : NULL;
    if (bytes) cn_write_all(bytes, strlen(bytes));
}

// The stop signal to ourselves is sent to this very thread: sent to the process, another thread could take it after this
// one has gone on. The others of the job get it while we ignore it.
void cn_stop_job(void) {
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    pthread_sigmask(SIG_BLOCK, &stop, &before);
    struct sigaction action = {.sa_handler = SIG_IGN}, saved;
    sigaction(SIGTSTP, &action, &saved);
    kill(0, SIGTSTP);
    action.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &action, NULL);
    raise(SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
    sigaction(SIGTSTP, &saved, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void cn_lend(void) {
    if (!screen) return;
    set_modes(false);
    curs_set(1);
    endwin();
    cn_guard_arm(CN_GUARD_OFF);
}

void cn_suspend(void) {
    if (!screen) return;
    cn_lend();
    cn_stop_job();
    cn_reclaim();
}

void cn_reclaim(void) {
    if (!screen) return;
    cn_guard_arm(CN_GUARD_SCREEN);
    // After an outside stop ncurses believes that nothing has changed.
    if (!isendwin()) endwin();
    reset_prog_mode();
    clearok(curscr, TRUE);
    refresh();
    set_modes(true);
}
