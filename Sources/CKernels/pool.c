/// The fork-join pool. A region is cut into parts that are claimed one after the other by whoever is there, so that
/// nobody waits for a worker that the system has not let run. Opening a region costs about 0.1 µs while workers spin,
/// and a futex wake-up when they sleep.
///
/// Callers take turns in the order in which they came. A turn may last many regions, and costs two atomic additions
/// where nobody else waits; who waits sleeps at once, since the workers need the processors.
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "CKernels.h"

/// Longer spinning starves whoever else wants the core: with 1 ms each region took 1 ms beside a busy process.
enum { SPIN_NANOSECONDS = 20000, PAUSES_PER_CLOCK_READ = 16 };

/// Parts a worker: more even shares, and less to wait for when a worker is interrupted, but more claims.
enum { PARTS_PER_WORKER = 4, MOST_WORKERS = 4096 };

/// A worker that is interrupted inside a part holds up the whole region until the system lets it run again: some
/// milliseconds. And one that shares the caller's processor, because others hold the rest, only takes turns with it.
/// Such a worker is left asleep for a while, twice as long when it goes on like that on its return, and the others do
/// its work: one strike for each region that lasted parts longer than it should, or that was done on one processor;
/// several for a long stall. Strikes that are not followed by another soon don't count: any machine has interrupts.
enum { STALL_NANOSECONDS = 200000, STALL_PARTS = 4, FIRST_REST = 10000000, LONGEST_REST = 160000000 };
enum { STRIKES = 4, STRIKES_FOR_STALL = 4, STRIKES_EXPIRE = 2000000, REGIONS_PER_LOOK = 8 };

typedef struct {
    _Alignas(64) _Atomic uint32_t asleep;  // the word it sleeps on
    _Alignas(64) _Atomic bool inPart;
    _Atomic int processor;    // where its last part ran,
    _Atomic uint32_t region;  // and in which region
    ck_pool *pool;
    int number;
    pthread_t thread;
    // Written and read by callers, who take turns.
    _Alignas(64) int64_t restUntil;
    int64_t rest, lastStrike;
    int strikes;
} ck_worker;

struct ck_pool {
    /// Who comes draws a ticket; who has the one that is served has the turn. In one line of the cache, since whoever
    /// has the turn writes the one and reads the other.
    _Alignas(64) _Atomic uint32_t tickets;  // that were drawn
    _Atomic uint32_t served;                // turns that have ended; those who wait sleep on it
    _Atomic uintptr_t holder;               // the thread that keeps its turn from region to region; 0 for none
    int workers;
    // Of the open region. A claimed part keeps it open, so whoever has claimed one may read these.
    ck_task task;
    void *context;
    int parts;
    _Atomic bool stopping;
    ck_worker *others;  // workers 1 …
    /// The region's number in the upper half; then the end and the begin of the parts that nobody has claimed. In one
    /// word, so that a latecomer cannot claim a part of a region that has ended.
    _Alignas(64) _Atomic uint64_t open;
    _Alignas(64) _Atomic uint32_t remaining;  // parts that are not done; the caller sleeps on it
    _Atomic uint32_t callerSleeps;
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

static void futex_wake(_Atomic uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0); }

/// The bit by which a ticket's owner is woken alone, or with very few others.
static uint32_t ticket_bit(uint32_t ticket) { return (uint32_t)1 << ticket % 32; }

static void begin_turn(ck_pool *pool) {
    uint32_t ticket = atomic_fetch_add(&pool->tickets, 1);
    for (uint32_t served; (served = atomic_load(&pool->served)) != ticket;) {
        syscall(SYS_futex, &pool->served, FUTEX_WAIT_BITSET_PRIVATE, served, NULL, NULL, ticket_bit(ticket));
    }
}

static void end_turn(ck_pool *pool) {
    // We serve before we look who waits, they draw a ticket before they look who is served: one sees the other.
    uint32_t next = atomic_fetch_add(&pool->served, 1) + 1;
    if (atomic_load(&pool->tickets) == next) return;
    syscall(SYS_futex, &pool->served, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, NULL, NULL, ticket_bit(next));
}

static bool holds_turn(ck_pool *pool) {
    return atomic_load_explicit(&pool->holder, memory_order_relaxed) == (uintptr_t)pthread_self();
}

static uint32_t region_number(ck_pool *pool) { return (uint32_t)(atomic_load(&pool->open) >> 32); }

static bool region_is_new(ck_pool *pool, uint32_t seen) { return region_number(pool) != seen; }
static bool region_is_done(ck_pool *pool, uint32_t unused) {
    (void)unused;
    return atomic_load_explicit(&pool->remaining, memory_order_acquire) == 0;
}

/// Waits a bounded time until `happened`.
static bool spin(ck_pool *pool, bool (*happened)(ck_pool *, uint32_t), uint32_t seen) {
    int64_t deadline = 0;
    for (unsigned pauses = 0;; pauses++) {
        if (happened(pool, seen)) return true;
        if (pauses % PAUSES_PER_CLOCK_READ == PAUSES_PER_CLOCK_READ - 1) {
            int64_t time = nanoseconds();
            if (deadline == 0) deadline = time + SPIN_NANOSECONDS;
            if (time >= deadline) return false;
        }
        pause_briefly();
    }
}

/// Claims a part of the open region, if one is left, and runs it. The caller takes them from the front and the others
/// from the back, so that each goes through memory on one side. `seen` is the region that was looked at.
static bool run_part(ck_pool *pool, int worker, uint32_t *seen) {
    uint64_t open = atomic_load_explicit(&pool->open, memory_order_acquire), claimed;
    uint32_t begin, end;
    do {
        *seen = (uint32_t)(open >> 32);
        begin = open & 0xffff, end = open >> 16 & 0xffff;
        if (begin >= end) return false;
        claimed = worker == 0 ? open + 1 : open - 0x10000;
    } while (!atomic_compare_exchange_weak(&pool->open, &open, claimed));
    pool->task(pool->context, (ck_part){(int)(worker == 0 ? begin : end - 1), pool->parts, worker});
    return true;
}

static void await_region(ck_worker *self, uint32_t seen) {
    ck_pool *pool = self->pool;
    if (spin(pool, region_is_new, seen)) return;
    while (!region_is_new(pool, seen)) {
        // The caller opens the region before it looks who is asleep, we the other way round: one sees the other.
        atomic_store(&self->asleep, 1);
        if (!region_is_new(pool, seen)) futex_wait(&self->asleep, 1);
        atomic_store(&self->asleep, 0);
    }
}

static void *work(void *argument) {
    ck_worker *self = argument;
    ck_pool *pool = self->pool;
    // `stopping` is set before the region that says so: whoever has seen that one sees it too.
    for (uint32_t seen = 0; !atomic_load(&pool->stopping);) {
        await_region(self, seen);
        for (;;) {
            atomic_store_explicit(&self->inPart, true, memory_order_relaxed);
            bool ran = run_part(pool, self->number, &seen);
            atomic_store_explicit(&self->inPart, false, memory_order_relaxed);
            if (!ran) break;
            atomic_store_explicit(&self->processor, sched_getcpu(), memory_order_relaxed);
            atomic_store_explicit(&self->region, seen, memory_order_relaxed);
            if (atomic_fetch_sub(&pool->remaining, 1) == 1 && atomic_load(&pool->callerSleeps)) {
                futex_wake(&pool->remaining);
            }
        }
    }
    return NULL;
}

/// Opens a region and wakes who sleeps and is not at rest.
static void open_region(ck_pool *pool, int parts) {
    atomic_store(&pool->open, (uint64_t)(region_number(pool) + 1) << 32 | (uint64_t)parts << 16);
    int64_t time = 0;
    for (int number = 1; number < pool->workers; number++) {
        ck_worker *worker = &pool->others[number - 1];
        if (!atomic_load(&worker->asleep)) continue;
        if (worker->restUntil && parts > 0) {
            if (time == 0) time = nanoseconds();
            if (time < worker->restUntil) continue;
        }
        if (atomic_exchange(&worker->asleep, 0)) futex_wake(&worker->asleep);
    }
}

static void strike(ck_worker *worker, int strikes, int64_t time) {
    if (time - worker->lastStrike > STRIKES_EXPIRE) worker->strikes = 0;
    worker->lastStrike = time;
    worker->strikes += strikes;
    if (worker->strikes < STRIKES) return;
    bool again = worker->restUntil && time - worker->restUntil < worker->rest;
    worker->rest = !again ? FIRST_REST : worker->rest < LONGEST_REST ? 2 * worker->rest : LONGEST_REST;
    worker->restUntil = time + worker->rest;
    worker->strikes = 0;
}

/// Waits for parts that others are at. `partTime` is how long the caller needed for one.
static void await_others(ck_pool *pool, int64_t partTime) {
    if (spin(pool, region_is_done, 0)) return;
    bool suspects[pool->workers];
    for (int number = 1; number < pool->workers; number++) {
        suspects[number] = atomic_load_explicit(&pool->others[number - 1].inPart, memory_order_relaxed);
    }
    int64_t start = nanoseconds();
    atomic_store(&pool->callerSleeps, 1);
    for (uint32_t left; (left = atomic_load(&pool->remaining)) != 0;) futex_wait(&pool->remaining, left);
    atomic_store(&pool->callerSleeps, 0);
    int64_t time = nanoseconds(), late = time - start - STALL_PARTS * partTime;
    for (int number = 1; number < pool->workers && late > 0; number++) {
        if (suspects[number]) strike(&pool->others[number - 1], late > STALL_NANOSECONDS ? STRIKES_FOR_STALL : 1, time);
    }
}

/// Looks, now and then, whether workers did their parts of this region on the caller's processor.
static void look_for_sharing(ck_pool *pool, uint32_t region) {
    if (region % REGIONS_PER_LOOK != 0) return;
    int processor = sched_getcpu();
    for (int number = 1; number < pool->workers; number++) {
        ck_worker *worker = &pool->others[number - 1];
        if (atomic_load_explicit(&worker->region, memory_order_relaxed) != region) continue;
        bool shared = atomic_load_explicit(&worker->processor, memory_order_relaxed) == processor;
        if (shared) strike(worker, 1, nanoseconds());
    }
}

ck_pool *ck_pool_create(int workers) {
    int wanted = workers < 1 ? 1 : workers > MOST_WORKERS ? MOST_WORKERS : workers;
    ck_pool *pool = aligned_alloc(64, sizeof *pool);
    if (!pool) return NULL;
    *pool = (ck_pool){.workers = 1};
    pool->others = aligned_alloc(64, (size_t)wanted * sizeof *pool->others);
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
    open_region(pool, 0);
    for (int number = 1; number < pool->workers; number++) pthread_join(pool->others[number - 1].thread, NULL);
    free(pool->others);
    free(pool);
}

int ck_pool_workers(const ck_pool *pool) { return pool ? pool->workers : 1; }

void ck_pool_enter(ck_pool *pool) {
    if (!pool || pool->workers == 1) return;
    begin_turn(pool);
    atomic_store_explicit(&pool->holder, (uintptr_t)pthread_self(), memory_order_relaxed);
}

void ck_pool_leave(ck_pool *pool) {
    if (!pool || pool->workers == 1) return;
    atomic_store_explicit(&pool->holder, 0, memory_order_relaxed);
    end_turn(pool);
}

int ck_pool_waiting(const ck_pool *pool) {
    if (!pool) return 0;
    uint32_t served = atomic_load(&pool->served), tickets = atomic_load(&pool->tickets);
    return tickets - served > 1 ? (int)(tickets - served - 1) : 0;
}

void ck_pool_run(ck_pool *pool, ck_task task, void *context) {
    if (!pool || pool->workers == 1) {
        task(context, (ck_part){0, 1, 0});
        return;
    }
    bool hasTurn = holds_turn(pool);
    if (!hasTurn) begin_turn(pool);
    pool->task = task;
    pool->context = context;
    pool->parts = PARTS_PER_WORKER * pool->workers;
    atomic_store(&pool->remaining, (uint32_t)pool->parts);
    int64_t start = nanoseconds();
    open_region(pool, pool->parts);
    uint32_t done = 0, seen;
    while (run_part(pool, 0, &seen)) done++;
    int64_t partTime = (nanoseconds() - start) / (done ? done : 1);
    atomic_fetch_sub(&pool->remaining, done);
    await_others(pool, partTime);
    look_for_sharing(pool, seen);
    if (!hasTurn) end_turn(pool);
}
