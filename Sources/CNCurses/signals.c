#include "CNCurses.h"

#include <signal.h>
#include <time.h>

// Dispatch puts its handler on a signal once, for the first source, and never takes it away: without these a signal
// would be swallowed after the last source is gone, or missed by a source that comes later.
enum { signal_count = 65 };
static struct sigaction dispatched[signal_count];
static bool kept[signal_count];

static bool is_known(int32_t number) {
    return number > 0 && number < signal_count;
}

bool cn_signal_is_ignored(int32_t number) {
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && !(action.sa_flags & SA_SIGINFO) && action.sa_handler == SIG_IGN;
}

void cn_signal_release(int32_t number) {
    if (!is_known(number)) return;
    struct sigaction action = {.sa_handler = SIG_DFL};
    kept[number] = sigaction(number, &action, &dispatched[number]) == 0;
}

void cn_signal_regain(int32_t number) {
    if (!is_known(number) || !kept[number]) return;
    kept[number] = sigaction(number, &dispatched[number], NULL) != 0;
}

bool cn_signal_await(int32_t number) {
    // A tenth of a millisecond at a time, a second at most.
    struct timespec pause = {.tv_nsec = 100000};
    for (int i = 0; i < 10000; i++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) != 0) return false;
        if ((action.sa_flags & SA_SIGINFO) || action.sa_handler != SIG_DFL) return true;
        nanosleep(&pause, NULL);
    }
    return false;
}
