/* A disk that takes its time: every write and sync to a file waits as many milliseconds as the file
   NUDGE_SLOW holds (two numbers of 8 bytes, for writes and for syncs). Preloaded. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *wait_ms;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("NUDGE_SLOW");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *page = mmap(NULL, 2 * sizeof *wait_ms, PROT_READ, MAP_SHARED, file, 0);
    if (page != MAP_FAILED)
        wait_ms = page;
    close(file);
}

static void rest(int file, int which)
{
    struct stat found;
    int64_t ms = wait_ms ? wait_ms[which] : 0;
    if (ms <= 0 || fstat(file, &found) || !S_ISREG(found.st_mode))
        return;
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

ssize_t write(int file, const void *bytes, size_t count)
{
    rest(file, 0);
    return syscall(SYS_write, file, bytes, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off_t at)
{
    rest(file, 0);
    return syscall(SYS_pwrite64, file, bytes, count, at);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at)
{
    return pwrite64(file, bytes, count, at);
}

int fsync(int file)
{
    rest(file, 1);
    return syscall(SYS_fsync, file);
}
