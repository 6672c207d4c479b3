/*
 * The CNI executable: carries one call to the agent's Unix socket and the answer back.
 *
 * It holds no logic of its own. VERSION is answered here, because it must work with nothing else
 * running; every other command goes to the agent, and when the agent cannot be asked the runtime
 * gets a CNI error that says what to do.
 *
 * Container runtimes call a plugin of type "loopback" for each pod before the network's own, with
 * a configuration of theirs that names no agent. Called so, this executable brings up `lo` itself,
 * so that a node needs no other plugin package.
 *
 * Request:  u32 length (big endian), then NAME=VALUE\0 ..., \0, then the bytes of stdin.
 * Answer:   u32 length (big endian), then u8 exit status, then the bytes for stdout.
 *
 * Beside all CNI_ variables the request names this process and the descriptors at which it holds
 * CNI_NETNS open (OCICAT_PID, OCICAT_NETNS_FD), so that the agent reaches the namespace as
 * /proc/<pid>/fd/<fd> whatever mounts it sees itself; and the inodes of that namespace and of our
 * own (OCICAT_NETNS_INODE, OCICAT_OWN_INODE).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

// By this a file is known to be this program, in whatever version. See CniPlugin.java.
__attribute__((used)) static const char mark[] = "made of io.ocicat.cniplugin";

#define DEFAULT_SOCKET "/run/ocicat/agent.sock"
#define NEWEST_VERSION "1.1.0"
#define SUPPORTED "\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\""

enum {
  CODE_BAD_ENVIRONMENT = 4,
  CODE_IO = 5,
  CODE_INVALID_CONFIG = 7,
  CODE_TRY_LATER = 11,
  CODE_CANNOT_SERVE = 50,
  MAX_STDIN = 1 << 20,
  MAX_ENVIRONMENT = 256 << 10,
  MAX_ANSWER = 1 << 20,
  VERSION_STDIN_MS = 100,
  TIME_LIMIT_MS = 60 * 1000
};

extern char **environ;

static char input[MAX_STDIN + 1];
static size_t input_length;
static char request[4 + MAX_ENVIRONMENT + MAX_STDIN];
static size_t request_length = 4;
static char answer[MAX_ANSWER];
static char conf_version[32] = NEWEST_VERSION;

static long now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
}

static void write_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t n = write(fd, bytes, length);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) _exit(1);
    bytes += n;
    length -= (size_t)n;
  }
}

/* Prints a CNI error object (C-100) on stdout and ends. */
__attribute__((noreturn, format(printf, 2, 3))) static void fail(int code, const char *format, ...) {
  char text[1024];
  char quoted[2 * sizeof text];
  char object[2 * sizeof text + 128];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  size_t out = 0;
  for (const char *in = text; *in != '\0'; in++) {
    if (*in == '"' || *in == '\\') quoted[out++] = '\\';
    quoted[out++] = (unsigned char)*in < 0x20 ? ' ' : *in;
  }
  quoted[out] = '\0';
  int length = snprintf(object, sizeof object, "{\"cniVersion\":\"%s\",\"code\":%d,\"msg\":\"%s\"}\n",
                        conf_version, code, quoted);
  write_all(STDOUT_FILENO, object, (size_t)length);
  _exit(1);
}

/* Reads stdin to its end, or for at most `limit_ms` if that is not negative. */
static void read_input(int limit_ms) {
  long deadline = now_ms() + limit_ms;
  while (input_length <= MAX_STDIN) {
    if (limit_ms >= 0) {
      long left = deadline - now_ms();
      struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
      if (left <= 0 || poll(&p, 1, (int)left) <= 0) return;
    }
    ssize_t n = read(STDIN_FILENO, input + input_length, MAX_STDIN + 1 - input_length);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(CODE_IO, "cannot read the network configuration from stdin: %s", strerror(errno));
    if (n == 0) return;
    input_length += (size_t)n;
  }
  fail(CODE_IO, "the network configuration on stdin is longer than %d bytes", MAX_STDIN);
}

/* The index after the string that begins at the quote `at`, or the end of the input. */
static size_t after_string(size_t at) {
  for (at++; at < input_length; at++) {
    if (input[at] == '\\') {
      at++;
    } else if (input[at] == '"') {
      return at + 1;
    }
  }
  return input_length;
}

static size_t after_space(size_t at) {
  while (at < input_length && strchr(" \t\r\n", input[at]) != NULL) at++;
  return at;
}

enum found { ABSENT, UNUSABLE, FOUND };

/*
 * Copies the string value of a key of the outermost object. A value is unusable if it is no string,
 * does not fit, or has an escape other than of a quote, slash or backslash. Malformed JSON is the
 * agent's to refuse.
 */
static enum found find_string(const char *key, char *value, size_t size) {
  size_t key_length = strlen(key);
  int depth = 0;
  for (size_t at = 0; at < input_length;) {
    char c = input[at];
    if (c == '{' || c == '[') depth++;
    if (c == '}' || c == ']') depth--;
    if (c != '"') {
      at++;
      continue;
    }
    size_t end = after_string(at);
    size_t colon = after_space(end);
    bool is_key = depth == 1 && colon < input_length && input[colon] == ':';
    if (!is_key || end - at != key_length + 2 || memcmp(input + at + 1, key, key_length) != 0) {
      at = end;
      continue;
    }
    size_t in = after_space(colon + 1);
    if (in >= input_length || input[in] != '"') return UNUSABLE;
    size_t out = 0;
    for (in++; in < input_length && input[in] != '"'; in++) {
      if (input[in] == '\\' && (++in >= input_length || strchr("\"\\/", input[in]) == NULL)) {
        return UNUSABLE;
      }
      if (out + 1 >= size || input[in] == '\0') return UNUSABLE;
      value[out++] = input[in];
    }
    value[out] = '\0';
    return in < input_length ? FOUND : UNUSABLE;
  }
  return ABSENT;
}

/* Learns the version to answer in; anything but digits and dots is not repeated to the runtime. */
static void learn_version(void) {
  char given[sizeof conf_version];
  if (find_string("cniVersion", given, sizeof given) == FOUND && given[0] != '\0' &&
      given[strspn(given, "0123456789.")] == '\0') {
    strcpy(conf_version, given);
  }
}

static void answer_version(void) {
  char text[160];
  read_input(VERSION_STDIN_MS);
  learn_version();
  int length = snprintf(text, sizeof text, "{\"cniVersion\":\"%s\",\"supportedVersions\":[" SUPPORTED "]}\n",
                        conf_version);
  write_all(STDOUT_FILENO, text, (size_t)length);
}

/* The raw JSON object that is the value of a key of the outermost object; length 0 if there is none. */
static const char *find_object(const char *key, size_t *length) {
  char quoted[32];
  int key_length = snprintf(quoted, sizeof quoted, "\"%s\"", key);
  int depth = 0;
  *length = 0;
  for (size_t at = 0; at < input_length; at++) {
    char c = input[at];
    if (c == '{' || c == '[') depth++;
    if (c == '}' || c == ']') depth--;
    if (c != '"') continue;
    size_t end = after_string(at);
    size_t colon = after_space(end);
    bool found = depth == 1 && colon < input_length && input[colon] == ':' &&
                 end - at == (size_t)key_length && memcmp(input + at, quoted, (size_t)key_length) == 0;
    if (!found) {
      at = end - 1;
      continue;
    }
    size_t start = after_space(colon + 1);
    int inner = 0;
    for (size_t in = start; in < input_length; in++) {
      if (input[in] == '"') in = after_string(in) - 1;
      else if (input[in] == '{') inner++;
      else if (input[in] == '}') inner--;
      if (inner == 0) {
        if (input[start] == '{') *length = in + 1 - start;
        return input + start;
      }
    }
    return input;
  }
  return input;
}

/* Sets the flag IFF_UP of lo in CNI_NETNS, or reads whether it is set. */
static bool lo_is_up(const char *netns, bool change) {
  struct ifreq lo = {.ifr_name = "lo"};
  int fd = open(netns, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, CLONE_NEWNET) < 0) {
    fail(CODE_IO, "cannot enter the network namespace %s: %s", netns, strerror(errno));
  }
  int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (any < 0 || ioctl(any, SIOCGIFFLAGS, &lo) < 0) {
    fail(CODE_IO, "cannot read the flags of lo in %s: %s", netns, strerror(errno));
  }
  if (!change) return (lo.ifr_flags & IFF_UP) != 0;
  lo.ifr_flags |= IFF_UP;
  if (ioctl(any, SIOCSIFFLAGS, &lo) < 0) {
    fail(CODE_IO, "cannot bring up lo in %s: %s", netns, strerror(errno));
  }
  return true;
}

static void print_loopback_result(const char *netns) {
  static char text[MAX_STDIN + 1024];
  size_t previous_length;
  const char *previous = find_object("prevResult", &previous_length);
  if (previous_length > 0) {
    write_all(STDOUT_FILENO, previous, previous_length);
    return;
  }
  bool old = conf_version[0] == '0';
  int length = snprintf(text, sizeof text,
                        "{\"cniVersion\":\"%s\",\"interfaces\":[{\"name\":\"lo\","
                        "\"mac\":\"00:00:00:00:00:00\",\"sandbox\":\"%s\"}],\"ips\":["
                        "{%s\"address\":\"127.0.0.1/8\",\"interface\":0},"
                        "{%s\"address\":\"::1/128\",\"interface\":0}]}\n",
                        conf_version, netns, old ? "\"version\":\"4\"," : "", old ? "\"version\":\"6\"," : "");
  write_all(STDOUT_FILENO, text, (size_t)length);
}

/* The whole loopback plugin. `lo` goes with its namespace, so DEL and GC have nothing to do. */
static int loopback(const char *command) {
  const char *netns = getenv("CNI_NETNS");
  bool add = strcmp(command, "ADD") == 0;
  bool check = strcmp(command, "CHECK") == 0;
  if (!add && !check) return 0;
  if (netns == NULL || netns[0] == '\0' || strpbrk(netns, "\"\\") != NULL) {
    fail(CODE_BAD_ENVIRONMENT, "required env variables [CNI_NETNS] missing or not a path");
  }
  if (check && !lo_is_up(netns, false)) fail(CODE_IO, "lo is down in %s", netns);
  if (add) {
    lo_is_up(netns, true);
    print_loopback_result(netns);
  }
  return 0;
}

static void append(const void *bytes, size_t length) {
  if (request_length + length > sizeof request - MAX_STDIN) {
    fail(CODE_IO, "the CNI_ variables are longer than %d bytes", MAX_ENVIRONMENT);
  }
  memcpy(request + request_length, bytes, length);
  request_length += length;
}

static void append_number(const char *name, unsigned long long value) {
  char text[64];
  int length = snprintf(text, sizeof text, "%s=%llu", name, value);
  append(text, (size_t)length + 1);
}

static void build_request(void) {
  for (char **variable = environ; *variable != NULL; variable++) {
    if (strncmp(*variable, "CNI_", 4) == 0) append(*variable, strlen(*variable) + 1);
  }
  struct stat status;
  const char *netns = getenv("CNI_NETNS");
  /* Stays open until we end, which is after the answer. */
  int fd = netns == NULL || netns[0] == '\0' ? -1 : open(netns, O_RDONLY | O_CLOEXEC);
  append_number("OCICAT_PID", (unsigned long long)getpid());
  if (fd >= 0 && fstat(fd, &status) == 0) {
    append_number("OCICAT_NETNS_FD", (unsigned long long)fd);
    append_number("OCICAT_NETNS_INODE", (unsigned long long)status.st_ino);
  }
  if (stat("/proc/self/ns/net", &status) == 0) {
    append_number("OCICAT_OWN_INODE", (unsigned long long)status.st_ino);
  }
  append("", 1);
  memcpy(request + request_length, input, input_length);
  request_length += input_length;
  uint32_t length = htonl((uint32_t)(request_length - 4));
  memcpy(request, &length, 4);
}

__attribute__((noreturn)) static void agent_away(const char *path, const char *step, const char *reason) {
  const char *command = getenv("CNI_COMMAND");
  bool status = command != NULL && strcmp(command, "STATUS") == 0;
  fail(status ? CODE_CANNOT_SERVE : CODE_TRY_LATER,
       "%s: the ocicat agent does not answer at %s (%s: %s). Is it running on this node? "
       "See 'systemctl status ocicat-agent'; the call can be repeated once it is up.",
       command, path, step, reason);
}

/* Waits until the socket is ready or the deadline has passed. */
static bool ready(int fd, short events, long deadline) {
  for (;;) {
    long left = deadline - now_ms();
    struct pollfd p = {.fd = fd, .events = events};
    int n = left <= 0 ? 0 : poll(&p, 1, (int)left);
    if (n < 0 && errno == EINTR) continue;
    return n > 0;
  }
}

static void receive(int fd, void *into, size_t length, long deadline, const char *path) {
  char *bytes = into;
  while (length > 0) {
    if (!ready(fd, POLLIN, deadline)) agent_away(path, "receive", "no answer within the time limit");
    ssize_t n = recv(fd, bytes, length, 0);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n < 0) agent_away(path, "receive", strerror(errno));
    if (n == 0) agent_away(path, "receive", "the agent ended during the call");
    bytes += n;
    length -= (size_t)n;
  }
}

static int ask_agent(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  char path[sizeof address.sun_path];
  switch (find_string("agentSocket", path, sizeof path)) {
    case FOUND:
      break;
    case ABSENT:
      strcpy(path, DEFAULT_SOCKET);
      break;
    case UNUSABLE:
      fail(CODE_INVALID_CONFIG, "agentSocket in the network configuration is not a path of at most %zu bytes",
           sizeof path - 1);
  }
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) agent_away(path, "socket", strerror(errno));
  struct timeval limit = {.tv_sec = TIME_LIMIT_MS / 1000};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) agent_away(path, "connect", strerror(errno));
  long deadline = now_ms() + TIME_LIMIT_MS;
  for (size_t sent = 0; sent < request_length;) {
    ssize_t n = send(fd, request + sent, request_length - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) agent_away(path, "send", strerror(errno));
    sent += (size_t)n;
  }
  uint32_t length;
  receive(fd, &length, sizeof length, deadline, path);
  length = ntohl(length);
  if (length < 1 || length > sizeof answer) agent_away(path, "receive", "not an answer of the agent");
  receive(fd, answer, length, deadline, path);
  write_all(STDOUT_FILENO, answer + 1, length - 1);
  return answer[0];
}

int main(void) {
  const char *command = getenv("CNI_COMMAND");
  if (command == NULL || command[0] == '\0') {
    fputs("ocicat: the CNI plugin of Ocicat; a container runtime runs it with CNI_COMMAND set\n"
          "CNI protocol versions supported: 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0\n",
          stderr);
    return 0;
  }
  if (strcmp(command, "VERSION") == 0) {
    answer_version();
    return 0;
  }
  read_input(-1);
  learn_version();
  char type[16];
  if (find_string("type", type, sizeof type) == FOUND && strcmp(type, "loopback") == 0) return loopback(command);
  build_request();
  return ask_agent();
}
