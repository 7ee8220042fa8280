/* One program for Windows with everything that the runner has to cope with; its first argument says what it does. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static int serve(const wchar_t *name) {
    HANDLE pipe = CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_WAIT, 1, 64, 64, 0, NULL);
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

static int call(const wchar_t *name) {
    char answer[64] = {0};
    DWORD length = 0;
    if (!CallNamedPipeW(name, "?", 1, answer, sizeof answer - 1, &length, 3000)) {
        fprintf(stderr, "no pipe: %lu\n", GetLastError());
        return 2;
    }
    printf("%s\n", answer);
    return 0;
}

/* Starts itself once more until depth is 0; what is started last stays, and writes its name to a file. */
static int spawn(const wchar_t *self, const wchar_t *depth, const wchar_t *sign) {
    wchar_t line[4096];
    STARTUPINFOW start = {sizeof start};
    PROCESS_INFORMATION made;
    int left = _wtoi(depth);
    if (left == 0) {
        FILE *file = _wfopen(sign, L"wb");
        if (file == NULL) return 1;
        fprintf(file, "alive");
        fclose(file);
        SetConsoleCtrlHandler(NULL, TRUE);
        for (;;) Sleep(1000);
    }
    swprintf(line, 4096, L"\"%ls\" spawn %d \"%ls\"", self, left - 1, sign);
    if (!CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &made)) return 1;
    return 0;
}

/* Prints UTF-8 whatever the code page of the console is. */
static void say(FILE *stream, const char *label, const wchar_t *text) {
    char bytes[8192];
    WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL);
    fprintf(stream, "%s%s\n", label, bytes);
}

static int show(const wchar_t *path) {
    wchar_t long_path[4096];
    char line[64] = {0};
    FILE *file;
    swprintf(long_path, 4096, L"\\\\?\\%ls", path); /* as Go does: more than 260 characters */
    file = _wfopen(long_path, L"rb");
    if (file == NULL) return 9;
    fgets(line, sizeof line, file);
    printf("%s", line);
    return 0;
}

static int is(const wchar_t *what, const wchar_t *name) { return wcscmp(what, name) == 0; }

int wmain(int count, wchar_t **words) {
    const wchar_t *what = count > 1 ? words[1] : L"";
    const wchar_t *first = count > 2 ? words[2] : L"";
    if (is(what, L"exit")) return (int)wcstoul(first, NULL, 0);
    if (is(what, L"crash")) return *(volatile int *)0;
    if (is(what, L"say")) {
        say(stdout, "out: ", first);
        say(stderr, "err: ", first);
        return 0;
    }
    if (is(what, L"read")) {
        char line[256] = {0};
        fgets(line, sizeof line, stdin);
        printf("read: %s", line);
        return 0;
    }
    if (is(what, L"flood")) {
        for (int number = 0; number < 200000; number++) printf("line %d of a long output\n", number);
        return 0;
    }
    if (is(what, L"open")) return show(first);
    if (is(what, L"environment")) {
        for (LPWCH all = GetEnvironmentStringsW(); *all; all += wcslen(all) + 1) say(stdout, "", all);
        return 0;
    }
    if (is(what, L"sleep")) {
        SetConsoleCtrlHandler(NULL, TRUE);
        for (;;) Sleep(1000);
    }
    if (is(what, L"serve")) return serve(first);
    if (is(what, L"call")) return call(first);
    if (is(what, L"spawn") && count > 3) return spawn(words[0], first, words[3]);
    return 100;
}
