#ifndef PINGATE_CGLIBC_H
#define PINGATE_CGLIBC_H

// What Swift's Glibc module leaves out of the C library.

// No header of the C library is included here: Swift would take the types in it for this module's own, and not for Glibc's.

// Says where names are looked up (nss.h).
int pingate_configure_lookup(const char *database, const char *services) __asm__("__nss_configure_lookup");

// What the kernel and the loader told this process (getauxval(3)).
unsigned long pingate_auxiliary_value(unsigned long type) __asm__("getauxval");
// Types of it (linux/auxvec.h): where the loader is, and the path that the program was started by.
enum { pingate_AT_BASE = 7, pingate_AT_EXECFN = 31 };

// The words that the process was started with, ended with NULL, for as long as it lives.
char *const *pingate_arguments(void);

// Whether others of the same user may look into this process (PR_SET_DUMPABLE of prctl(2), which is variadic). 0 on success.
int pingate_set_dumpable(int is_dumpable);

// A descriptor of a process, readable once that has ended (pidfd_open(2), Linux 5.3). Returns -1 on failure.
int pingate_open_process(int process);

// What the calling thread is called where the system lists threads, 15 bytes of it (PR_SET_NAME of prctl(2)).
int pingate_name_thread(const char *name);

// ppoll(2), which poll.h declares for _GNU_SOURCE only.
int pingate_ppoll(void *files, unsigned long count, const void *timeout, const void *mask) __asm__("ppoll");

// sched_getaffinity(2), which sched.h declares for _GNU_SOURCE only.
int pingate_sched_getaffinity(int process, unsigned long size, void *processors) __asm__("sched_getaffinity");

// The resolver of the calling thread (resolver(3)): has it ask each name server once, for a second, instead of twice for
// five. Returns -1 where there is no resolver.
int pingate_hurry_resolver(void);

#endif
