// The part of ncurses that Terminal uses, as plain functions and integers.
//
// Swift can't use curses.h itself: `stdscr` is a mutable global, attributes and positions are macros, and much is
// variadic. No curses header is included here, so none of its macros reach Swift. Everything has to be called from one
// thread at a time.
#ifndef CNCURSES_H
#define CNCURSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

// MARK: Locale

/// Takes the user's locale; when its characters aren't UTF-8, tries C.UTF-8 for them.
/// Returns whether characters are UTF-8. ncurses and libedit both need it before they start.
bool cn_set_locale(void);

/// The columns that ncurses gives to a scalar: 1 or 2, 0 for marks, -1 for what can't be shown.
int32_t cn_width(uint32_t scalar);

// MARK: Guard: the terminal comes back when the program crashes or exits

enum cn_guard_mode {
    CN_GUARD_OFF = 0,
    /// The full screen: alternate screen, hidden cursor, keypad, paste, mouse.
    CN_GUARD_SCREEN = 1,
    /// A line editor: only paste.
    CN_GUARD_LINE = 2,
};

/// Remembers the terminal's settings as they are, and puts handlers on SEGV, ABRT, BUS, ILL, TRAP and FPE.
///
/// While the mode is not OFF, a crash or `exit` switches off what the mode has switched on with one `write`, restores
/// the settings, and then lets the signal do what it did before. Call before any mode is switched on.
/// Returns false when standard input is no terminal.
bool cn_guard_begin(void);

/// Says what there is to switch off.
void cn_guard_arm(enum cn_guard_mode mode);

/// Takes the handlers away.
void cn_guard_end(void);

/// Gives the calling thread a stack for handlers, so that a stack overflow is handled as well. Cheap when repeated.
void cn_guard_thread(void);

// MARK: Signals

/// Whether the signal is ignored, as `nohup` and a shell's background jobs have it.
bool cn_signal_is_ignored(int32_t number);

/// Lets the signal do what it does by default, and keeps the handler it has.
void cn_signal_release(int32_t number);

/// Puts back the handler that `cn_signal_release` has kept.
void cn_signal_regain(int32_t number);

/// Waits until the signal has a handler: Dispatch puts it there on another thread. False after a second without.
bool cn_signal_await(int32_t number);

// MARK: Screen

enum cn_start_result {
    CN_STARTED = 0,
    /// Standard input or output is no terminal.
    CN_NOT_A_TERMINAL,
    /// Neither $TERM nor xterm-256color is described on this machine.
    CN_NO_DESCRIPTION,
    CN_ALREADY_STARTED,
};

typedef struct {
    /// 0 without colour, or what the terminal has: 8, 16, 88, 256, 16777216.
    int32_t colors;
    /// Colour numbers from 8 on are 0xRRGGBB instead of palette entries.
    bool direct_color;
    /// Characters are UTF-8; without that only ASCII can be shown.
    bool utf8;
    /// $TERM is unknown here, and xterm-256color took its place.
    bool fell_back;
} cn_capabilities;

enum cn_attribute {
    CN_BOLD = 1,
    CN_DIM = 2,
    CN_ITALIC = 4,
    CN_UNDERLINE = 8,
    CN_REVERSE = 16,
};

/// Switches to the full screen: raw keys, no echo, the alternate screen, bracketed paste.
///
/// Handlers for SIGINT, SIGTERM, SIGTSTP and SIGWINCH have to be in place: ncurses puts its own where it finds none,
/// and they do what a handler must not.
enum cn_start_result cn_start(bool color, cn_capabilities *capabilities);

/// Gives the terminal back. Does nothing when not started.
void cn_stop(void);

bool cn_is_running(void);

void cn_size(int32_t *columns, int32_t *rows);

/// Asks the terminal for its size and takes it over. Returns whether it differs; then `cn_redraw` is due.
bool cn_resize(void);

/// Draws one cell: a spacing scalar and its marks. A colour of -1 is the terminal's own.
///
/// What would be read as a command by the terminal is replaced, never sent.
void cn_put(
    int32_t column, int32_t row, const uint32_t *scalars, size_t count, uint32_t attributes, int32_t foreground,
    int32_t background);

/// Where the cursor stands after the next refresh.
void cn_cursor(bool visible, int32_t column, int32_t row);

/// Sends what changed.
void cn_refresh(void);

/// Whether steps of the mouse wheel are keys; the terminal selects text only with Shift then.
void cn_mouse(bool on);

/// Whether the terminal tells when it gets the focus or loses it.
void cn_focus(bool on);

/// Gives the cursor a shape, by DECSCUSR's numbers: 2 is a block, 4 an underline, 6 a bar, and 0 what it was before.
/// Does nothing on a terminal that has no shapes.
void cn_shape(int32_t shape);

/// Sends bytes to the terminal as they are, beside what is drawn. Does nothing when not started.
void cn_send(const uint8_t *bytes, size_t count);

/// Makes the next refresh send everything, whatever the terminal shows and wherever it scrolls.
void cn_redraw(void);

/// Gives the terminal to the shell, stops the job until it is continued, and takes the terminal again.
void cn_suspend(void);

/// Gives the terminal to another program, until `cn_reclaim`.
void cn_lend(void);

/// Stops the whole job as the terminal's own ^Z would, and returns when it is continued.
void cn_stop_job(void);

/// Takes the terminal again after something else has changed its settings.
void cn_reclaim(void);

// MARK: Keys

enum cn_event_kind {
    CN_EVENT_NONE = 0,
    /// `code` is a byte of UTF-8 or a control byte.
    CN_EVENT_BYTE,
    /// `code` is a `cn_key`.
    CN_EVENT_KEY,
    /// The next bytes are pasted: read them with `cn_read_pasted`.
    CN_EVENT_PASTE,
    /// `code` is 1 when the terminal has the focus again, and 0 when it hasn't any more.
    CN_EVENT_FOCUS,
    /// Something that means nothing to us.
    CN_EVENT_OTHER,
};

enum cn_key {
    CN_KEY_ENTER = 1,
    CN_KEY_TAB,
    CN_KEY_BACKTAB,
    CN_KEY_BACKSPACE,
    CN_KEY_DELETE,
    CN_KEY_UP,
    CN_KEY_DOWN,
    CN_KEY_LEFT,
    CN_KEY_RIGHT,
    CN_KEY_HOME,
    CN_KEY_END,
    CN_KEY_PAGE_UP,
    CN_KEY_PAGE_DOWN,
    CN_KEY_INSERT,
    /// A step of the mouse wheel.
    CN_KEY_WHEEL_UP,
    CN_KEY_WHEEL_DOWN,
    /// F1; F2 is the next number, up to F24.
    CN_KEY_FUNCTION = 32,
};

enum cn_modifier {
    CN_CONTROL = 1,
    CN_ALT = 2,
    CN_SHIFT = 4,
};

typedef struct {
    int32_t kind;
    uint32_t code;
    uint32_t modifiers;
} cn_event;

/// Takes the next event without waiting for one. After an Escape byte it waits 25 ms for the rest of a sequence.
cn_event cn_read_event(void);

/// Takes pasted bytes without waiting, and never one after the paste's end.
/// Returns how many were written; `ended` says that the paste is whole.
size_t cn_read_pasted(uint8_t *bytes, size_t capacity, bool *ended);

/// Whether nothing can come any more: the terminal has hung up. Ask when a read found nothing.
bool cn_input_ended(void);

#endif
