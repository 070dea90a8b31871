#include "CLibEdit.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

// libedit's own handlers send the signal on to the whole process group and allocate memory. These only take a note, and
// only while `ppoll` waits; a note can't come between a look at it and the wait.
static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};
enum { watched_count = sizeof watched / sizeof *watched };

static volatile sig_atomic_t noted[watched_count];
static struct sigaction previous[watched_count];
static sigset_t mask_before, mask_waiting;
static pthread_t reader;
static atomic_bool reading;

static void take_note(int number) {
    int saved = errno;
    for (int i = 0; i < watched_count; i++) {
        if (watched[i] == number) noted[i] = 1;
    }
    // Another thread may be the one that got it: wake the reader.
    if (atomic_load(&reading) && !pthread_equal(pthread_self(), reader)) pthread_kill(reader, number);
    errno = saved;
}

void cl_signals_begin(void) {
    sigset_t blocked;
    sigemptyset(&blocked);
    for (int i = 0; i < watched_count; i++) {
        noted[i] = 0;
        sigaddset(&blocked, watched[i]);
    }
    pthread_sigmask(SIG_BLOCK, &blocked, &mask_before);
    mask_waiting = mask_before;
    for (int i = 0; i < watched_count; i++) sigdelset(&mask_waiting, watched[i]);
    reader = pthread_self();
    atomic_store(&reading, true);
    // Without SA_RESTART: the wait has to end.
    struct sigaction action = {.sa_handler = take_note};
    sigfillset(&action.sa_mask);
    for (int i = 0; i < watched_count; i++) {
        sigaction(watched[i], NULL, &previous[i]);
        // What is ignored from the start, as under nohup, stays ignored.
        if (previous[i].sa_handler != SIG_IGN) sigaction(watched[i], &action, NULL);
    }
}

void cl_signals_end(int32_t reported) {
    // What has come since the last wait is noted here, and afterwards sent again to whoever had the signals.
    pthread_sigmask(SIG_SETMASK, &mask_waiting, NULL);
    atomic_store(&reading, false);
    for (int i = 0; i < watched_count; i++) sigaction(watched[i], &previous[i], NULL);
    pthread_sigmask(SIG_SETMASK, &mask_before, NULL);
    for (int i = 0; i < watched_count; i++) {
        if (noted[i] && watched[i] != reported && watched[i] != SIGCONT) kill(getpid(), watched[i]);
    }
}

static int32_t take(int index) {
    noted[index] = 0;
    switch (watched[index]) {
    case SIGWINCH: return CL_RESIZED;
    case SIGCONT: return CL_CONTINUED;
    case SIGTSTP: return CL_SUSPEND;
    default: return watched[index];
    }
}

int32_t cl_wait(int32_t descriptor) {
    for (;;) {
        for (int i = 0; i < watched_count; i++) {
            if (noted[i]) return take(i);
        }
        struct pollfd input = {.fd = descriptor, .events = POLLIN};
        int ready = ppoll(&input, 1, NULL, &mask_waiting);
        if (ready > 0) return CL_READABLE;
        if (ready < 0 && errno != EINTR) return CL_FAILED;
    }
}

void cl_stop_process(void) {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    struct sigaction action = {.sa_handler = SIG_DFL}, saved;
    sigaction(SIGTSTP, &action, &saved);
    // To this thread, so that it stops here and not a little later.
    raise(SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    sigaction(SIGTSTP, &saved, NULL);
}
