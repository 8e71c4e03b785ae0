// Starts the program of a bundle with the bundle's own loader and C library, on a machine whose own are others or none.
//
// What a bundle has, wherever it is unpacked:
//   pingate.conf       the settings
//   bin/pingate        this program
//   runtime/ld-linux-x86-64.so.2, runtime/pingate, runtime/libc.so.6, runtime/libm.so.6
//
// It goes on as `runtime/ld-linux-x86-64.so.2 --inhibit-cache --library-path runtime runtime/pingate ARGUMENTS` (ld.so(8)),
// with the environment as it was. The arguments of a CGI program are a visitor's text (RFC 3875, section 4.4): behind the
// program's name the loader does not look at them.
//
// It loads the loader itself, as the kernel would, in place of execve(2): so nothing but this file need be allowed to run. A
// loader that is, in a folder for CGI programs by mistake, would run for any visitor whatever program the address names. And
// for the kernel this file stays the program, which finds its place by it and starts itself again.
//
// It needs no C library, and runs on any Linux on x86-64.

#include <asm/errno.h>
#include <asm/unistd.h>
#include <elf.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/poll.h>
#include <linux/time.h>
#include <linux/time_types.h>

typedef unsigned long size;

enum { PATH_LIMIT = 4096, PAGE = 4096, STDIN = 0, STDOUT = 1, STDERR = 2, FAILED = 127 };

static long call(long number, size a, size b, size c, size d, size e, size f) {
  register size r10 __asm__("r10") = d;
  register size r8 __asm__("r8") = e;
  register size r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

// MARK: Texts

static size length_of(const char *text) {
  size length = 0;
  while (text[length]) length++;
  return length;
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

// Puts `text` at `length`, with NUL behind it; returns the new length, or 0 if it does not fit.
static size append(char *path, size length, const char *text) {
  size more = length_of(text);
  if (length + more >= PATH_LIMIT) return 0;
  for (size i = 0; i <= more; i++) path[length + i] = text[i];
  return length + more;
}

// How long the path is without its last part and the slash before it; 0 for what stands in the root, or has no slash.
static size folder_of(const char *path, size length) {
  while (length > 0 && path[length - 1] != '/') length--;
  while (length > 0 && path[length - 1] == '/') length--;
  return length;
}

// MARK: Failing

static void say(size descriptor, const char *text) {
  call(__NR_write, descriptor, (size)text, length_of(text), 0, 0, 0);
}

// Set when a web server started this as a CGI program, which owes its visitor an answer.
static int is_cgi;
// And has a form to hand over first.
static int has_body;

static long milliseconds(void) {
  struct __kernel_timespec now;
  call(__NR_clock_gettime, CLOCK_MONOTONIC, (size)&now, 0, 0, 0, 0);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Reads what comes of the form, 16 MiB and 5 s of it at most: some web servers do not take the answer of a program that
// ends before.
static void drop_body(void) {
  static char bytes[PAGE];
  long end = milliseconds() + 5000;
  for (long left, parts = 0; parts < 4096 && (left = end - milliseconds()) > 0; parts++) {
    struct pollfd input = {STDIN, POLLIN, 0};
    if (call(__NR_poll, (size)&input, 1, (size)(left < 1000 ? left : 1000), 0, 0, 0) != 1) return;
    if (call(__NR_read, STDIN, (size)bytes, sizeof bytes, 0, 0, 0) <= 0) return;
  }
}

_Noreturn static void fail(const char *what, const char *path, const char *advice) {
  say(STDERR, "pingate: ");
  say(STDERR, what);
  say(STDERR, path);
  say(STDERR, advice);
  if (is_cgi) {
    if (has_body) drop_body();
    say(STDOUT, "Status: 503 Service Unavailable\r\nContent-Type: text/plain\r\nCache-Control: no-store\r\n\r\n"
                "Not available right now. Try again later.\n");
  }
  for (;;) call(__NR_exit_group, FAILED, 0, 0, 0, 0, 0);
}

// MARK: Where it is

// The path of this program's own file, with links resolved: the kernel's word, and where /proc is not mounted what it was
// started by. Returns the length, or 0.
static size own_path(char *path, const char *started_by) {
  long length = call(__NR_readlink, (size) "/proc/self/exe", (size)path, PATH_LIMIT - 1, 0, 0, 0);
  if (length > 0) {
    path[length] = 0;
    return (size)length;
  }
  if (!started_by) return 0;
  if (started_by[0] == '/') return append(path, 0, started_by);
  // With the NUL that ends it.
  length = call(__NR_getcwd, (size)path, PATH_LIMIT - 1, 0, 0, 0, 0);
  // "(unreachable)" is what a folder outside of this root begins with (getcwd(2)).
  if (length < 2 || path[0] != '/') return 0;
  size end = append(path, (size)length - 1, "/");
  return end ? append(path, end, started_by) : 0;
}

// MARK: The loader

struct loader {
  size entry;
  // Its program headers, in memory.
  size headers, header_count;
};

static size page_below(size address) {
  return address & -(size)PAGE;
}

static size page_above(size address) {
  return page_below(address + PAGE - 1);
}

static size map(size address, size length, size protection, size flags, long file, size offset, const char *path) {
  long result = call(__NR_mmap, address, length, protection, MAP_PRIVATE | flags, (size)file, offset);
  if (result < 0 && result > -PAGE) {
    fail("cannot be mapped: ", path,
         result == -ENOMEM                        ? "; too little memory or address space is left (ulimit -v)\n"
         : result == -EPERM || result == -EACCES ? "; its file system is mounted with noexec, or a rule forbids it\n"
                                                  : "\n");
  }
  return (size)result;
}

// One segment of a file at the place that the file's header gives it, counted from `base` (elf(5), PT_LOAD).
static void map_segment(size base, const Elf64_Phdr *segment, long file, const char *path) {
  size start = page_below(base + segment->p_vaddr);
  size file_end = base + segment->p_vaddr + segment->p_filesz, end = base + segment->p_vaddr + segment->p_memsz;
  size protection = (segment->p_flags & PF_R ? PROT_READ : 0) | (segment->p_flags & PF_W ? PROT_WRITE : 0)
                    | (segment->p_flags & PF_X ? PROT_EXEC : 0);
  if (segment->p_filesz) {
    map(start, file_end - start, protection, MAP_FIXED, file, page_below(segment->p_offset), path);
  }
  if (end == file_end) return;
  // What is not in the file is 0: the rest of its last page, and pages of their own.
  size last_page_end = page_above(file_end);
  for (volatile char *byte = (char *)file_end; segment->p_filesz && (size)byte < last_page_end; byte++) *byte = 0;
  if (end > last_page_end) {
    map(last_page_end, page_above(end) - last_page_end, protection, MAP_FIXED | MAP_ANONYMOUS, -1, 0, path);
  }
}

static struct loader load(const char *path) {
  long file = call(__NR_open, (size)path, O_RDONLY | O_CLOEXEC, 0, 0, 0, 0);
  if (file == -ENOENT) fail("is not there: ", path, "; keep bin and runtime of the archive side by side\n");
  if (file < 0) fail("cannot be read: ", path, "\n");

  static union {
    Elf64_Ehdr header;
    char bytes[PAGE];
  } start;
  const Elf64_Ehdr *header = &start.header;
  long count = call(__NR_read, (size)file, (size)start.bytes, sizeof start.bytes, 0, 0, 0);
  if (count < (long)sizeof *header || !begins_with(start.bytes, ELFMAG) || header->e_ident[EI_CLASS] != ELFCLASS64
      || header->e_machine != EM_X86_64 || header->e_type != ET_DYN || header->e_phentsize != sizeof(Elf64_Phdr)
      || header->e_phoff > (size)count || header->e_phnum > ((size)count - header->e_phoff) / sizeof(Elf64_Phdr)) {
    fail("is no loader for this machine: ", path, "\n");
  }
  const Elf64_Phdr *segments = (const Elf64_Phdr *)(start.bytes + header->e_phoff);
  size end = 0;
  for (size i = 0; i < header->e_phnum; i++) {
    size segment_end = segments[i].p_vaddr + segments[i].p_memsz;
    if (segments[i].p_type == PT_LOAD && segment_end > end) end = segment_end;
  }
  // All of its place at once; the addresses in it begin with 0.
  size base = map(0, page_above(end), PROT_NONE, MAP_ANONYMOUS, -1, 0, path);
  for (size i = 0; i < header->e_phnum; i++) {
    if (segments[i].p_type == PT_LOAD) map_segment(base, &segments[i], file, path);
  }
  call(__NR_close, (size)file, 0, 0, 0, 0, 0);
  return (struct loader){base + header->e_entry, base + header->e_phoff, header->e_phnum};
}

// MARK: Starting

// What the kernel puts on the stack of a new program: the number of arguments, the arguments, NULL, the environment, NULL,
// and the auxiliary vector (System V ABI for AMD64, section 3.4.1).
__attribute__((used)) _Noreturn static void start(size *stack) {
  size count = stack[0];
  char **arguments = (char **)(stack + 1);
  char **environment = arguments + count + 1;
  char **environment_end = environment;
  for (; *environment_end; environment_end++) {
    is_cgi |= begins_with(*environment_end, "GATEWAY_INTERFACE=");
    has_body |= begins_with(*environment_end, "CONTENT_LENGTH=") || begins_with(*environment_end, "HTTP_TRANSFER_ENCODING=");
  }
  Elf64_auxv_t *facts = (Elf64_auxv_t *)(environment_end + 1);
  Elf64_auxv_t *facts_end = facts;
  const char *started_by = 0;
  for (; facts_end->a_type != AT_NULL; facts_end++) {
    if (facts_end->a_type == AT_EXECFN) started_by = (const char *)facts_end->a_un.a_val;
  }

  static char own[PATH_LIMIT], folder[PATH_LIMIT], path[PATH_LIMIT], program[PATH_LIMIT];
  size length = own_path(own, started_by);
  if (!length) fail("cannot find its own file", "", "\n");
  own[folder_of(own, folder_of(own, length))] = 0;
  // The first of these cannot fail: `own` fits.
  if (!append(folder, append(folder, 0, own), "/runtime")
      || !append(path, append(path, 0, folder), "/ld-linux-x86-64.so.2")
      || !append(program, append(program, 0, folder), "/pingate")) {
    fail("its path is too long: ", own, "\n");
  }
  // What the loader takes for more than a name in a list of folders (ld.so(8)).
  if (has_any(folder, ":;$")) fail("cannot run with a colon, a semicolon or a dollar sign in its path: ", own, "\n");

  struct loader loader = load(path);

  // The same once more, with five words in place of the first, the number of words and two NULLs.
  __attribute__((aligned(16))) size block[count + 8 + (size)(environment_end - environment)
                                          + (size)(facts_end + 1 - facts) * 2];
  size next = 0;
  block[next++] = count > 0 ? count + 4 : 5;
  block[next++] = (size)path;
  block[next++] = (size) "--inhibit-cache";
  block[next++] = (size) "--library-path";
  block[next++] = (size)folder;
  block[next++] = (size)program;
  for (size i = 1; i < count; i++) block[next++] = (size)arguments[i];
  block[next++] = 0;
  for (char **entry = environment; *entry; entry++) block[next++] = (size)*entry;
  block[next++] = 0;
  for (const Elf64_auxv_t *fact = facts; fact <= facts_end; fact++) {
    size value = fact->a_un.a_val;
    if (fact->a_type == AT_PHDR) value = loader.headers;
    if (fact->a_type == AT_PHNUM) value = loader.header_count;
    if (fact->a_type == AT_ENTRY) value = loader.entry;
    block[next++] = fact->a_type;
    block[next++] = value;
  }
  // No function for the program's end, and no caller (same section).
  __asm__ volatile("mov %%rdi, %%rsp\n"
                   "xor %%edx, %%edx\n"
                   "xor %%ebp, %%ebp\n"
                   "jmp *%%rax\n"
                   :
                   : "D"(block), "a"(loader.entry)
                   : "memory");
  __builtin_unreachable();
}

__asm__(".globl _start\n"
        ".hidden _start\n"
        "_start:\n"
        "  xor %ebp, %ebp\n"
        "  mov %rsp, %rdi\n"
        "  and $-16, %rsp\n"
        "  call start\n");
