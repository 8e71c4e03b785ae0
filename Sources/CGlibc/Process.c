#include "CGlibc.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int pingate_set_dumpable(int is_dumpable) {
  return prctl(PR_SET_DUMPABLE, is_dumpable, 0, 0, 0);
}

int pingate_name_thread(const char *name) {
  return prctl(PR_SET_NAME, name, 0, 0, 0);
}

int pingate_open_process(int process) {
  return (int)syscall(SYS_pidfd_open, process, 0);
}
