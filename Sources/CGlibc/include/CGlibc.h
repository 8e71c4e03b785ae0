#ifndef PINGATE_CGLIBC_H
#define PINGATE_CGLIBC_H

// What Swift's Glibc module leaves out of the C library.

// Where names are looked up (__nss_configure_lookup).
#include <nss.h>
// How (resolver(3)).
#include <resolv.h>
// What the kernel and the loader told this process (getauxval(3)).
#include <sys/auxv.h>

// The words that the process was started with, ended with NULL, for as long as it lives.
char *const *pingate_arguments(void);

// ppoll(2), which poll.h declares for _GNU_SOURCE only. That header is not included here, so that what it holds belongs to
// Swift's module Glibc alone.
int pingate_ppoll(void *files, unsigned long count, const void *timeout, const void *mask) __asm__("ppoll");

// The resolver of the calling thread: has it ask each name server once, for a second, instead of twice for five. A name
// that has a dot is looked up as it is, and not below the domains of the machine as well.
static inline int pingate_hurry_resolver(int searches) {
  // Once only: after a second time glibc reads its configuration anew, and forgets what is set here.
  if (!(_res.options & RES_INIT) && res_init() != 0) return -1;
  _res.retrans = 1;
  _res.retry = 1;
  const unsigned long searching = RES_DNSRCH | RES_DEFNAMES;
  _res.options = searches ? _res.options | searching : _res.options & ~searching;
  return 0;
}

// Of libdispatch, whose Swift module leaves them out.
void *pingate_dispatch_get_current_queue(void) __asm__("dispatch_get_current_queue");
void pingate_dispatch_retain(void *object) __asm__("dispatch_retain");

#endif
