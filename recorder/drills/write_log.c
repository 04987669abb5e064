/* Writes down, in their order, all calls by which a process changes files below one folder, and what
   it says on its standard output. Preloaded; NUDGE_WRITE_ROOT is the folder, NUDGE_WRITE_LOG the log.
   A call and its record are one under a lock, so that the order is that of the effects.

   A record: one byte of what, then three numbers of 8 bytes, then two texts or contents of a length
   that the last two numbers tell. See write_log.py. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST 1024

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static size_t root_length;
static int log_file = -1;
static char *path_of[MOST]; /* of open descriptors below the root, files and folders */

static void record(char what, int64_t number, const void *one, size_t one_length, const void *two,
                   size_t two_length)
{
    int64_t numbers[3] = {number, (int64_t)one_length, (int64_t)two_length};
    struct iovec parts[4] = {{&what, 1},
                             {numbers, sizeof numbers},
                             {(void *)one, one_length},
                             {(void *)two, two_length}};
    if (syscall(SYS_writev, log_file, parts, 4) < 0)
        abort();
}

__attribute__((constructor)) static void begin(void)
{
    const char *log = getenv("NUDGE_WRITE_LOG");
    root = getenv("NUDGE_WRITE_ROOT");
    if (!root || !log)
        return;
    root_length = strlen(root);
    log_file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static int below(const char *path)
{
    return log_file >= 0 && path && !strncmp(path, root, root_length) &&
           (path[root_length] == '/' || !path[root_length]);
}

static const char *open_path(int file)
{
    return file >= 0 && file < MOST ? path_of[file] : NULL;
}

static int open_any(int folder, const char *path, int flags, mode_t mode)
{
    if (!below(path))
        return syscall(SYS_openat, folder, path, flags, mode);
    pthread_mutex_lock(&lock);
    int fresh = (flags & O_CREAT) && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) < 0;
    int file = syscall(SYS_openat, folder, path, flags, mode);
    if (file >= 0 && file < MOST) {
        free(path_of[file]);
        path_of[file] = strdup(path);
        if (fresh)
            record('c', 0, path, strlen(path), NULL, 0);
        else if (flags & O_TRUNC)
            record('t', 0, path, strlen(path), NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return file;
}

#define MODE(flags)                                                                                \
    va_list more;                                                                                  \
    va_start(more, flags);                                                                         \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;                      \
    va_end(more)

int open(const char *path, int flags, ...) { MODE(flags); return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags); return open_any(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags); return open_any(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags); return open_any(folder, path, flags, mode); }

int close(int file)
{
    pthread_mutex_lock(&lock);
    if (open_path(file)) {
        free(path_of[file]);
        path_of[file] = NULL;
    }
    int failed = syscall(SYS_close, file);
    pthread_mutex_unlock(&lock);
    return failed;
}

ssize_t write(int file, const void *content, size_t length)
{
    const char *path = open_path(file);
    if (!path && (file != 1 || log_file < 0))
        return syscall(SYS_write, file, content, length);
    pthread_mutex_lock(&lock);
    ssize_t done = syscall(SYS_write, file, content, length);
    int64_t place = path ? syscall(SYS_lseek, file, 0, SEEK_CUR) - done : 0;
    if (done > 0 && path)
        record('w', place, path, strlen(path), content, done);
    else if (done > 0)
        record('s', 0, content, done, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t writev(int file, const struct iovec *parts, int count)
{
    const char *path = open_path(file);
    if (!path)
        return syscall(SYS_writev, file, parts, count);
    ssize_t done = 0;
    for (int part = 0; part < count; part++) { /* the caller sees one call, the log several */
        ssize_t length = write(file, parts[part].iov_base, parts[part].iov_len);
        if (length < 0)
            return done ? done : length;
        done += length;
        if ((size_t)length < parts[part].iov_len)
            break;
    }
    return done;
}

ssize_t pwrite64(int file, const void *content, size_t length, off64_t place)
{
    const char *path = open_path(file);
    if (!path)
        return syscall(SYS_pwrite64, file, content, length, place);
    pthread_mutex_lock(&lock);
    ssize_t done = syscall(SYS_pwrite64, file, content, length, place);
    if (done > 0)
        record('w', place, path, strlen(path), content, done);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t pwrite(int file, const void *content, size_t length, off_t place)
{
    return pwrite64(file, content, length, place);
}

int ftruncate64(int file, off64_t length)
{
    const char *path = open_path(file);
    if (!path)
        return syscall(SYS_ftruncate, file, length);
    pthread_mutex_lock(&lock);
    int failed = syscall(SYS_ftruncate, file, length);
    if (!failed)
        record('t', length, path, strlen(path), NULL, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

static int synced(long call, int file)
{
    const char *path = open_path(file);
    if (!path)
        return syscall(call, file);
    pthread_mutex_lock(&lock);
    int failed = syscall(call, file);
    if (!failed)
        record('f', 0, path, strlen(path), NULL, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

int fsync(int file) { return synced(SYS_fsync, file); }
int fdatasync(int file) { return synced(SYS_fdatasync, file); }

int rename(const char *from, const char *to)
{
    if (!below(from))
        return syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
    pthread_mutex_lock(&lock);
    int failed = syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
    if (!failed)
        record('r', 0, from, strlen(from), to, strlen(to));
    pthread_mutex_unlock(&lock);
    return failed;
}

static int named(char what, long call, const char *path, long more)
{
    if (!below(path))
        return syscall(call, AT_FDCWD, path, more);
    pthread_mutex_lock(&lock);
    int failed = syscall(call, AT_FDCWD, path, more);
    if (!failed)
        record(what, 0, path, strlen(path), NULL, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

int unlink(const char *path) { return named('u', SYS_unlinkat, path, 0); }
int rmdir(const char *path) { return named('u', SYS_unlinkat, path, AT_REMOVEDIR); }
int mkdir(const char *path, mode_t mode) { return named('d', SYS_mkdirat, path, mode); }
