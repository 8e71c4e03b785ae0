// A disk as some hosters' network file systems are, for a program that is started with this library in LD_PRELOAD:
// NETWORK_DISK=no-locks refuses every lock (fcntl(2), ENOLCK), NETWORK_DISK=no-shared-memory every shared mapping of a file
// (mmap(2), ENODEV).

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static int is(const char *kind) {
  const char *set = getenv("NETWORK_DISK");
  return set && strcmp(set, kind) == 0;
}

static int lock(const char *name, int file, int command, void *argument) {
  int isLock = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW;
  if (isLock && is("no-locks")) {
    errno = ENOLCK;
    return -1;
  }
  int (*real)(int, int, ...) = (int (*)(int, int, ...))dlsym(RTLD_NEXT, name);
  return real(file, command, argument);
}

int fcntl(int file, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  return lock("fcntl", file, command, argument);
}

int fcntl64(int file, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  return lock("fcntl64", file, command, argument);
}

static void *map(const char *name, void *at, size_t length, int protection, int flags, int file, off_t offset) {
  if (file >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE) && is("no-shared-memory")) {
    errno = ENODEV;
    return MAP_FAILED;
  }
  void *(*real)(void *, size_t, int, int, int, off_t) =
      (void *(*)(void *, size_t, int, int, int, off_t))dlsym(RTLD_NEXT, name);
  return real(at, length, protection, flags, file, offset);
}

void *mmap(void *at, size_t length, int protection, int flags, int file, off_t offset) {
  return map("mmap", at, length, protection, flags, file, offset);
}

void *mmap64(void *at, size_t length, int protection, int flags, int file, off_t offset) {
  return map("mmap64", at, length, protection, flags, file, offset);
}
