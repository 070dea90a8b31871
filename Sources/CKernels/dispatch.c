/// One table of kernels for each instruction set, and the choice among them.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#if defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

enum { UNDECIDED = -1, ISA_COUNT = 4 };
static _Atomic int current = UNDECIDED;

const char *ck_isa_name(ck_isa isa) {
    switch (isa) {
    case CK_ISA_NEON: return "neon";
    case CK_ISA_AVX512: return "avx512";
    case CK_ISA_AVX2: return "avx2";
    default: return "scalar";
    }
}

bool ck_isa_available(ck_isa isa) {
    if (isa == CK_ISA_SCALAR) return true;
#if defined(__x86_64__)
    __builtin_cpu_init();
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    if (isa == CK_ISA_AVX2) return avx2;
    if (isa == CK_ISA_AVX512) {
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
            && __builtin_cpu_supports("avx512vnni");
    }
#elif defined(__aarch64__)
    if (isa == CK_ISA_NEON) return getauxval(AT_HWCAP) & HWCAP_ASIMDDP;
#endif
    return false;
}

/// The best set of this processor that is not above the one that the environment asks for.
static ck_isa choose(void) {
    int limit = ISA_COUNT - 1;
    const char *wish = getenv("CK_ISA");
    for (int isa = 0; wish && isa < ISA_COUNT; isa++) {
        if (strcmp(wish, ck_isa_name((ck_isa)isa)) == 0) limit = isa;
    }
    while (!ck_isa_available((ck_isa)limit)) limit--;  // scalar is always available
    return (ck_isa)limit;
}

ck_isa ck_isa_current(void) {
    int isa = atomic_load_explicit(&current, memory_order_relaxed);
    if (isa == UNDECIDED) {
        // Two threads that arrive here together choose the same; a forced set is not overwritten.
        int chosen = (int)choose();
        isa = atomic_compare_exchange_strong(&current, &isa, chosen) ? chosen : isa;
    }
    return (ck_isa)isa;
}

bool ck_isa_force(ck_isa isa) {
    if (!ck_isa_available(isa)) return false;
    atomic_store(&current, (int)isa);
    return true;
}

const ck_kernels *ck_current(void) {
    switch (ck_isa_current()) {
#if defined(__x86_64__)
    case CK_ISA_AVX512: return &ck_kernels_avx512;
    case CK_ISA_AVX2: return &ck_kernels_avx2;
#elif defined(__aarch64__)
    case CK_ISA_NEON: return &ck_kernels_neon;
#endif
    default: return &ck_kernels_scalar;
    }
}
