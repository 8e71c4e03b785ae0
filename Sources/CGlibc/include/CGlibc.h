#ifndef PINGATE_CGLIBC_H
#define PINGATE_CGLIBC_H

// What Swift's Glibc module does not export from the C library.

// No C library header is included here: Swift would attribute its types to this module instead of Glibc.

// Sets where names are looked up (nss.h).
int pingate_configure_lookup(const char *database, const char *services) __asm__("__nss_configure_lookup");

// The auxiliary vector that the kernel passed to this process (getauxval(3)).
unsigned long pingate_auxiliary_value(unsigned long type) __asm__("getauxval");
// Its entry types (linux/auxvec.h): the loader's address, and the path that the program was started with.
enum { pingate_AT_BASE = 7, pingate_AT_EXECFN = 31 };

// The arguments that the process was started with, NULL-terminated, valid as long as it lives.
char *const *pingate_arguments(void);

// Sets whether the user's other processes may inspect this one (PR_SET_DUMPABLE of prctl(2), which is variadic).
// Returns 0 on success.
int pingate_set_dumpable(int is_dumpable);

// A descriptor for a process that becomes readable when the process ends (pidfd_open(2), Linux 5.3). Returns -1 on
// failure.
int pingate_open_process(int process);

// Sets the calling thread's name as shown by system tools, truncated to 15 bytes (PR_SET_NAME of prctl(2)).
int pingate_name_thread(const char *name);

// ppoll(2), which poll.h declares only under _GNU_SOURCE.
int pingate_ppoll(void *files, unsigned long count, const void *timeout, const void *mask) __asm__("ppoll");

// sched_getaffinity(2), which sched.h declares only under _GNU_SOURCE.
int pingate_sched_getaffinity(int process, unsigned long size, void *processors) __asm__("sched_getaffinity");

// Sets up the calling thread's resolver (resolver(3)) to ask each name server once, for one second, instead of twice
// for five. Returns -1 if there is no resolver.
int pingate_hurry_resolver(void);

#endif
