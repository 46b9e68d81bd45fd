/*
 * Hides instructions from a program, so that it runs as on an older processor: the CPUID instruction faults, and the handler
 * answers what the processor answers, less some bits. Linux on x64, on processors of Intel's since 2012 and AMD's since 2023.
 *
 *   cc -O2 -shared -fPIC -o hide-features.so hide-features.c -ldl
 *   HIDE_FEATURES=amx LD_PRELOAD=./hide-features.so node ...
 *
 * HIDE_FEATURES: "amx", or "vnni" for AMX, AVX-512 and VNNI. Exits with 97 where CPUID cannot be made to fault.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define ARCH_SET_CPUID 0x1012

static int hides_avx512;
static int is_active;

static void without(uint32_t leaf, uint32_t subleaf, uint32_t r[4]) {
  if (leaf != 7) return;
  if (subleaf == 0) {
    r[3] &= ~(1u << 22 | 1u << 24 | 1u << 25); /* amx_bf16, amx_tile, amx_int8 */
    if (!hides_avx512) return;
    r[1] &= ~(1u << 16 | 1u << 17 | 1u << 21 | 1u << 28 | 1u << 30 | 1u << 31); /* f, dq, ifma, cd, bw, vl */
    r[2] &= ~(1u << 1 | 1u << 6 | 1u << 11 | 1u << 12 | 1u << 14);              /* vbmi, vbmi2, vnni, bitalg, vpopcntdq */
    r[3] &= ~(1u << 2 | 1u << 3 | 1u << 8 | 1u << 23);                          /* 4vnniw, 4fmaps, vp2intersect, fp16 */
  }
  if (subleaf == 1) {
    r[0] &= ~(1u << 21); /* amx_fp16 */
    if (!hides_avx512) return;
    r[0] &= ~(1u << 4 | 1u << 5 | 1u << 23); /* avx_vnni, avx512_bf16, avx_ifma */
    r[3] &= ~(1u << 4 | 1u << 5 | 1u << 10); /* avx_vnni_int8, avx_ne_convert, avx_vnni_int16 */
  }
}

static void on_fault(int number, siginfo_t *info, void *context) {
  (void)info;
  greg_t *at = ((ucontext_t *)context)->uc_mcontext.gregs;
  const unsigned char *code = (const unsigned char *)at[REG_RIP];
  if (code[0] != 0x0f || code[1] != 0xa2) { /* no CPUID: a real fault, which happens again */
    signal(number, SIG_DFL);
    return;
  }
  uint32_t leaf = at[REG_RAX], subleaf = at[REG_RCX], r[4];
  syscall(SYS_arch_prctl, ARCH_SET_CPUID, 1);
  __asm__ volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "a"(leaf), "c"(subleaf));
  syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0);
  without(leaf, subleaf, r);
  at[REG_RAX] = r[0];
  at[REG_RBX] = r[1];
  at[REG_RCX] = r[2];
  at[REG_RDX] = r[3];
  at[REG_RIP] += 2;
}

static int (*real_sigaction)(int, const struct sigaction *, struct sigaction *);

/* Node would put its own handler in the place of ours. */
int sigaction(int number, const struct sigaction *wanted, struct sigaction *former) {
  if (!real_sigaction) real_sigaction = dlsym(RTLD_NEXT, "sigaction");
  return real_sigaction(number, is_active && number == SIGSEGV ? 0 : wanted, former);
}

__attribute__((constructor)) static void start(void) {
  const char *hidden = getenv("HIDE_FEATURES");
  if (!hidden) return;
  hides_avx512 = strcmp(hidden, "vnni") == 0;
  real_sigaction = dlsym(RTLD_NEXT, "sigaction");
  struct sigaction handler;
  memset(&handler, 0, sizeof handler);
  handler.sa_sigaction = on_fault;
  handler.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigfillset(&handler.sa_mask);
  real_sigaction(SIGSEGV, &handler, 0);
  is_active = 1;
  if (syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0) != 0) _exit(97);
}
