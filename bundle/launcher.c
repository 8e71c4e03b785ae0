// Starts the program of a bundle with the bundle's own loader and C library, on a machine whose own are others or none.
//
// What a bundle has, wherever it is unpacked:
//   pingate.conf       the settings
//   bin/pingate        this program
//   runtime/ld-linux-x86-64.so.2, runtime/pingate, runtime/libc.so.6, runtime/libm.so.6
//
// It becomes `runtime/ld-linux-x86-64.so.2 --inhibit-cache --library-path runtime runtime/pingate ARGUMENTS` (ld.so(8)). The
// arguments of a CGI program are a visitor's text (RFC 3875, section 4.4): behind the program's name the loader does not look
// at them. The environment stays as it is.
//
// No C library: it is linked statically, for any Linux on x86-64, and has the five system calls that it needs.

typedef unsigned long size;

enum { PATH_LIMIT = 4096, AT_EXECFN = 31 };

// Of the system call table for x86-64.
enum { SYS_WRITE = 1, SYS_EXECVE = 59, SYS_EXIT = 60, SYS_GETCWD = 79, SYS_READLINK = 89, SYS_CHMOD = 90 };
enum { ENOENT = 2, EACCES = 13 };

static long system_call(long number, const void *first, const void *second, const void *third) {
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(first), "S"(second), "d"(third)
                   : "rcx", "r11", "memory");
  return result;
}

static size length_of(const char *text) {
  size length = 0;
  while (text[length]) length++;
  return length;
}

// How long the path is without its last part and the slash before it; 0 for what stands in the root, or has no slash.
static size folder_of(const char *path, size length) {
  while (length > 0 && path[length - 1] != '/') length--;
  while (length > 0 && path[length - 1] == '/') length--;
  return length;
}

// Puts `text` at `length`, with NUL behind it; returns the new length, or 0 if it does not fit.
static size append(char *path, size length, const char *text) {
  size more = length_of(text);
  if (length + more >= PATH_LIMIT) return 0;
  for (size i = 0; i <= more; i++) path[length + i] = text[i];
  return length + more;
}

static int begins_with(const char *text, const char *start) {
  while (*start && *text == *start) text++, start++;
  return !*start;
}

static int has_any(const char *text, const char *characters) {
  for (; *text; text++) {
    for (const char *each = characters; *each; each++) {
      if (*text == *each) return 1;
    }
  }
  return 0;
}

static void say(long descriptor, const char *text) {
  system_call(SYS_WRITE, (const void *)descriptor, text, (const void *)length_of(text));
}

// Set when a web server started this as a CGI program, which owes its visitor an answer.
static int is_cgi;

_Noreturn static void fail(const char *what, const char *path, const char *advice) {
  say(2, "pingate: ");
  say(2, what);
  say(2, path);
  say(2, advice);
  if (is_cgi) {
    say(1, "Status: 503 Service Unavailable\r\nContent-Type: text/plain\r\nCache-Control: no-store\r\n\r\n"
           "Not available right now. Try again later.\n");
  }
  for (;;) system_call(SYS_EXIT, (const void *)127, 0, 0);
}

// The path of this program's own file, with links resolved: the kernel's word, and where /proc is not mounted what it was
// started by. Returns the length, or 0.
static size own_path(char *path, const char *started_by) {
  long length = system_call(SYS_READLINK, "/proc/self/exe", path, (const void *)(PATH_LIMIT - 1));
  if (length > 0) {
    path[length] = 0;
    return (size)length;
  }
  if (!started_by) return 0;
  if (started_by[0] == '/') return append(path, 0, started_by);
  // With the NUL that ends it.
  length = system_call(SYS_GETCWD, path, (const void *)(PATH_LIMIT - 1), 0);
  // "(unreachable)" is what a folder outside of this root begins with (getcwd(2)).
  if (length < 2 || path[0] != '/') return 0;
  size end = append(path, (size)length - 1, "/");
  return end ? append(path, end, started_by) : 0;
}

// The kernel's stack: the number of arguments, the arguments, NULL, the environment, NULL, the auxiliary vector.
__attribute__((used)) _Noreturn static void start(size *stack) {
  size count = stack[0];
  char **arguments = (char **)(stack + 1);
  char **environment = arguments + count + 1;
  char **end = environment;
  for (; *end; end++) is_cgi |= begins_with(*end, "GATEWAY_INTERFACE=");
  const char *started_by = 0;
  for (size *entry = (size *)(end + 1); entry[0]; entry += 2) {
    if (entry[0] == AT_EXECFN) started_by = (const char *)entry[1];
  }

  static char own[PATH_LIMIT], folder[PATH_LIMIT], loader[PATH_LIMIT], program[PATH_LIMIT];
  size length = own_path(own, started_by);
  if (!length) fail("cannot find its own file", "", "\n");
  size root = folder_of(own, folder_of(own, length));
  own[root] = 0;
  size copied = append(folder, 0, own);
  copied = append(folder, copied, "/runtime");
  if (!copied || !append(loader, append(loader, 0, folder), "/ld-linux-x86-64.so.2")
      || !append(program, append(program, 0, folder), "/pingate")) {
    fail("its path is too long: ", own, "\n");
  }

  // What the loader takes for more than a name in a list of folders (ld.so(8)).
  if (has_any(folder, ":;$")) fail("cannot run with a colon, a semicolon or a dollar sign in its path: ", own, "\n");

  // Five words before the program's own arguments, of which the first is left out; and NULL.
  char *words[count + 6];
  size next = 0;
  words[next++] = loader;
  words[next++] = "--inhibit-cache";
  words[next++] = "--library-path";
  words[next++] = folder;
  words[next++] = program;
  for (size i = 1; i < count; i++) words[next++] = arguments[i];
  words[next] = 0;

  long code = system_call(SYS_EXECVE, loader, words, environment);
  // An upload by FTP leaves it as nobody may run it. It is the owner who runs this.
  if (code == -EACCES && system_call(SYS_CHMOD, loader, (const void *)0755, 0) == 0) {
    code = system_call(SYS_EXECVE, loader, words, environment);
  }
  if (code == -ENOENT) fail("is not there: ", loader, "; keep bin and runtime of the archive side by side\n");
  if (code == -EACCES) fail("may not be run: ", loader, "; give it the mode 755\n");
  fail("cannot be run: ", loader, "\n");
}

__asm__(".globl _start\n"
        "_start:\n"
        "  xor %ebp, %ebp\n"
        "  mov %rsp, %rdi\n"
        "  and $-16, %rsp\n"
        "  call start\n");
