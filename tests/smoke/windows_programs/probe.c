/* One program for Windows with everything that the runner has to cope with; its first argument says what it does. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int serve(const char *name) {
    HANDLE pipe = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_WAIT, 1, 64, 64, 0, NULL);
    DWORD count;
    char question[64];
    if (pipe == INVALID_HANDLE_VALUE) return 1;
    printf("serving\n");
    fflush(stdout);
    for (;;) {
        if (ConnectNamedPipe(pipe, NULL) || GetLastError() == ERROR_PIPE_CONNECTED) {
            ReadFile(pipe, question, sizeof question, &count, NULL);
            WriteFile(pipe, "answer", 6, &count, NULL);
            FlushFileBuffers(pipe);
        }
        DisconnectNamedPipe(pipe);
    }
}

static int call(const char *name) {
    char answer[64] = {0};
    DWORD length = 0;
    if (!CallNamedPipeA(name, "?", 1, answer, sizeof answer - 1, &length, 3000)) {
        fprintf(stderr, "no pipe: %lu\n", GetLastError());
        return 2;
    }
    printf("%s\n", answer);
    return 0;
}

static int spawn(const char *self, const char *depth) {
    char line[2048];
    STARTUPINFOA start = {sizeof start};
    PROCESS_INFORMATION made;
    int left = atoi(depth);
    if (left == 0) {
        Sleep(600000);
        return 0;
    }
    sprintf(line, "\"%s\" spawn %d", self, left - 1);
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &made)) return 1;
    printf("spawned\n");
    return 0;
}

int main(int count, char **words) {
    const char *what = count > 1 ? words[1] : "";
    if (strcmp(what, "exit") == 0) return (int)strtoul(words[2], NULL, 0);
    if (strcmp(what, "crash") == 0) return *(volatile int *)0;
    if (strcmp(what, "say") == 0) {
        printf("out: %s\n", words[2]);
        fprintf(stderr, "err: %s\n", words[2]);
        return 0;
    }
    if (strcmp(what, "read") == 0) {
        char line[256] = {0};
        fgets(line, sizeof line, stdin);
        printf("read: %s", line);
        return 0;
    }
    if (strcmp(what, "flood") == 0) {
        for (int number = 0; number < 200000; number++) printf("line %d of a long output\n", number);
        return 0;
    }
    if (strcmp(what, "open") == 0) {
        FILE *file = fopen(words[2], "rb");
        char line[64] = {0};
        if (file == NULL) return 9;
        fgets(line, sizeof line, file);
        printf("%s", line);
        return 0;
    }
    if (strcmp(what, "environment") == 0) {
        for (LPCH all = GetEnvironmentStringsA(); *all; all += strlen(all) + 1) printf("%s\n", all);
        return 0;
    }
    if (strcmp(what, "sleep") == 0) {
        SetConsoleCtrlHandler(NULL, TRUE);
        for (;;) Sleep(1000);
    }
    if (strcmp(what, "serve") == 0) return serve(words[2]);
    if (strcmp(what, "call") == 0) return call(words[2]);
    if (strcmp(what, "spawn") == 0) return spawn(words[0], words[2]);
    return 100;
}
