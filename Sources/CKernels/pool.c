/// The fork-join pool. A region costs about 0.1 µs while workers spin, and a futex wake-up when they sleep.
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "CKernels.h"

/// Longer spinning starves whoever else wants the core: with 1 ms each region took 1 ms beside a busy process.
enum { SPIN_NANOSECONDS = 20000, PAUSES_PER_CLOCK_READ = 16 };

typedef struct {
    ck_pool *pool;
    int number;
    pthread_t thread;
} ck_worker;

struct ck_pool {
    pthread_mutex_t turn;  // held for the length of a region
    int workers;
    ck_task task;
    void *context;
    _Atomic uint32_t generation;  // counts regions; workers sleep on it
    _Atomic uint32_t sleepers;    // workers that may be asleep
    _Atomic uint32_t remaining;   // workers still in the region; the caller sleeps on it
    _Atomic uint32_t callerSleeps;
    _Atomic bool stopping;
    ck_worker *others;  // workers 1 …
};

static void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static int64_t nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void futex_wait(_Atomic uint32_t *word, uint32_t expected) {
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

static void futex_wake(_Atomic uint32_t *word, int count) {
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

/// Waits a bounded time for `word` to change from `old` (or, with `untilZero`, to become 0).
static bool spin(_Atomic uint32_t *word, uint32_t old, bool untilZero) {
    int64_t deadline = 0;
    for (unsigned pauses = 0;; pauses++) {
        uint32_t value = atomic_load_explicit(word, memory_order_acquire);
        if (untilZero ? value == 0 : value != old) return true;
        if (pauses % PAUSES_PER_CLOCK_READ == 0) {
            int64_t time = nanoseconds();
            if (deadline == 0) deadline = time + SPIN_NANOSECONDS;
            if (time >= deadline) return false;
        }
        pause_briefly();
    }
}

static void await_region(ck_pool *pool, uint32_t seen) {
    if (spin(&pool->generation, seen, false)) return;
    while (atomic_load(&pool->generation) == seen) {
        // The caller adds to generation before it looks at sleepers, we the other way round: one sees the other.
        atomic_fetch_add(&pool->sleepers, 1);
        futex_wait(&pool->generation, seen);
        atomic_fetch_sub(&pool->sleepers, 1);
    }
}

static void *work(void *argument) {
    ck_worker *self = argument;
    ck_pool *pool = self->pool;
    for (uint32_t seen = 0;;) {
        await_region(pool, seen);
        seen++;  // no region is skipped: the next starts only when all have left this one
        if (atomic_load(&pool->stopping)) return NULL;
        pool->task(pool->context, self->number, pool->workers);
        if (atomic_fetch_sub(&pool->remaining, 1) == 1 && atomic_load(&pool->callerSleeps)) {
            futex_wake(&pool->remaining, 1);
        }
    }
}

static void await_workers(ck_pool *pool) {
    if (spin(&pool->remaining, 0, true)) return;
    atomic_store(&pool->callerSleeps, 1);
    for (uint32_t left; (left = atomic_load(&pool->remaining)) != 0;) futex_wait(&pool->remaining, left);
    atomic_store(&pool->callerSleeps, 0);
}

static void open_region(ck_pool *pool) {
    atomic_fetch_add(&pool->generation, 1);
    if (atomic_load(&pool->sleepers)) futex_wake(&pool->generation, INT_MAX);
}

ck_pool *ck_pool_create(int workers) {
    int wanted = workers < 1 ? 1 : workers;
    ck_pool *pool = calloc(1, sizeof *pool);
    if (!pool) return NULL;
    pthread_mutex_init(&pool->turn, NULL);
    pool->others = calloc((size_t)wanted, sizeof *pool->others);
    pool->workers = 1;
    // No region opens before this returns, so workers read `workers` only when it is final.
    for (int number = 1; pool->others && number < wanted; number++) {
        ck_worker *worker = &pool->others[number - 1];
        *worker = (ck_worker){.pool = pool, .number = number};
        if (pthread_create(&worker->thread, NULL, work, worker) != 0) break;  // fewer workers do the same work
        pool->workers++;
    }
    return pool;
}

void ck_pool_destroy(ck_pool *pool) {
    if (!pool) return;
    atomic_store(&pool->stopping, true);
    open_region(pool);
    for (int number = 1; number < pool->workers; number++) pthread_join(pool->others[number - 1].thread, NULL);
    pthread_mutex_destroy(&pool->turn);
    free(pool->others);
    free(pool);
}

int ck_pool_workers(const ck_pool *pool) { return pool ? pool->workers : 1; }

void ck_pool_run(ck_pool *pool, ck_task task, void *context) {
    if (!pool || pool->workers == 1) {
        task(context, 0, 1);
        return;
    }
    pthread_mutex_lock(&pool->turn);
    pool->task = task;
    pool->context = context;
    atomic_store(&pool->remaining, (uint32_t)pool->workers - 1);
    open_region(pool);
    task(context, 0, pool->workers);
    await_workers(pool);
    pthread_mutex_unlock(&pool->turn);
}
